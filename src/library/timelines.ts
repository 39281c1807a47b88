/** Libraries are no department's: who may see them is told what happened to them. A record is told to those who may read records. */
import type { TimelineTable } from '#kernel/stage';
import { feedingDepartments } from './feeds.ts';
import { recordHappened } from './record-happened.ts';

export const libraryTimelines: TimelineTable = {
  library: { action: 'library.list', departments: async () => [] },
  golden: {
    action: 'library.read',
    departments: async (kernel, id) => {
      const snapshot = await kernel.documents.snapshot();
      const library = snapshot.find('library', id.split('/')[0] ?? '');
      return library ? feedingDepartments(snapshot, library) : [null];
    },
    happened: recordHappened,
  },
};
