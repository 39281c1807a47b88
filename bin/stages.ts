/** The one place that sees content and machine: the content the machine is handed, and the stages in the order of the river. */

import { catalogProcesses, catalogStage } from '#catalog';
import { createCollect } from '#collect';
import { connectors } from '#connectors/index';
import { calendars, codeLists, elements } from '#elements/index';
import { gatewayStage } from '#gateway';
import { governStage } from '#govern';
import type { CodeModels } from '#kernel/documents/plan';
import type { Stage } from '#kernel/stage';
import { libraries, services } from '#libraries/index';
import { libraryStage } from '#library';
import { ruleKinds } from '#rules/index';
import { shareProcesses, shareStage } from '#share';

/** The stages, upstream first. */
export const createStages = (): readonly Stage[] => [
  catalogStage,
  createCollect({ connectors }),
  governStage,
  libraryStage,
  shareStage,
  gatewayStage,
];

/** The models the code brings. */
export const codeModels: CodeModels = {
  'code-list': codeLists,
  element: elements,
  'rule-kind': ruleKinds,
  calendar: calendars,
  process: [...catalogProcesses, ...shareProcesses],
  library: libraries,
  service: services,
};
