/** The one place that sees content and machine: the content the machine is handed, and the stages in the order of the river. */

import { catalogProcesses, catalogStage } from '#catalog';
import { createCollect } from '#collect';
import { connectors } from '#connectors/index';
import { calendars, codeLists, elements, updateCycles } from '#elements/index';
import { gatewayStage } from '#gateway';
import { governStage } from '#govern';
import type { CodeModels } from '#kernel/documents/plan';
import type { Stage } from '#kernel/stage';
import { libraries, services } from '#libraries/index';
import { libraryStage } from '#library';
import { ruleKinds } from '#rules/index';
import { shareProcesses, shareStage } from '#share';

/** The stages, upstream first. `schedule`: sources are collected by themselves. */
export const createStages = ({ schedule = false }: { readonly schedule?: boolean } = {}): readonly Stage[] => [
  catalogStage,
  createCollect({ connectors, schedule }),
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
  'update-cycle': updateCycles,
  process: [...catalogProcesses, ...shareProcesses],
  library: libraries,
  service: services,
};
