/** What happened to an entry is told to its own side; that it was published and withdrawn, to everybody. */
import type { TimelineTable } from '#kernel/stage';

export const catalogTimelines: TimelineTable = {
  entry: {
    action: 'entry.draft',
    departments: async (kernel, id) => [(await kernel.documents.snapshot()).find('entry', id)?.department ?? null],
    open: ['entry-published', 'entry-withdrawn'],
  },
  mount: {
    action: 'entry.draft',
    departments: async (kernel, id) => {
      const snapshot = await kernel.documents.snapshot();
      const mount = snapshot.find('mount', id);
      return [(mount && snapshot.find('entry', mount.entry)?.department) ?? null];
    },
  },
};
