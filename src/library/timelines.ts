/** Who may see libraries is told what happened to them; they concern the departments that feed them. A record is told to those who may read records. */
import type { Kernel, TimelineTable } from '#kernel/stage';
import { feedingDepartments } from './feeds.ts';
import { recordHappened } from './record-happened.ts';

export const libraryTimelines: TimelineTable = {
  library: { action: 'library.list', departments: feeding },
  golden: {
    action: 'library.read',
    departments: async (kernel, id) => feeding(kernel, id.split('/')[0] ?? ''),
    happened: recordHappened,
  },
};

/** The departments that a library takes rows from. */
async function feeding(kernel: Kernel, id: string): Promise<readonly (string | null)[]> {
  const snapshot = await kernel.documents.snapshot();
  const library = snapshot.find('library', id);
  return library ? feedingDepartments(snapshot, library) : [null];
}
