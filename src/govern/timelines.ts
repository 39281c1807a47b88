/** What happened to a governed table is told to those who may see tables of the department its source belongs to. */
import type { Timeline, TimelineTable } from '#kernel/stage';

/** A table is called as the binding that governs it. */
const table: Timeline = {
  action: 'table.list',
  departments: async (kernel, id) => {
    const snapshot = await kernel.documents.snapshot();
    const binding = snapshot.find('binding', id);
    return [(binding && snapshot.find('source', binding.source)?.department) ?? null];
  },
};

export const governTimelines: TimelineTable = { table, binding: table };
