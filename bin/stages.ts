/** The one place that sees content and machine: the content the machine is handed, and the stages in the order of the river. */
import type { CodeModels } from '#kernel/documents/plan';
import type { Stage } from '#kernel/stage';
import { catalogProcesses, catalogStage } from '#catalog';
import { createCollect } from '#collect';
import { governStage } from '#govern';
import { libraryStage } from '#library';
import { shareProcesses, shareStage } from '#share';
import { gatewayStage } from '#gateway';
import { connectors } from '#connectors/index';
import { codeLists, elements } from '#elements/index';
import { ruleKinds } from '#rules/index';
import { libraries, services } from '#libraries/index';

/** The stages, upstream first. */
export const createStages = (): readonly Stage[] => [catalogStage, createCollect({ connectors }), governStage, libraryStage, shareStage, gatewayStage];

/** The models the code brings. */
export const codeModels: CodeModels = {
  'code-list': codeLists,
  element: elements,
  'rule-kind': ruleKinds,
  process: [...catalogProcesses, ...shareProcesses],
  library: libraries,
  service: services,
};
