/** Libraries are no department's: who may see them is told what happened to them. */
import type { TimelineTable } from '#kernel/stage';

export const libraryTimelines: TimelineTable = { library: { action: 'library.list', departments: async () => [] } };
