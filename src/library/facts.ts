/** What the libraries say happened. */
import type { FactTable } from '#kernel/facts/facts';

export const libraryFacts = {
  'library-built': { title: { zh: '库已更新', en: 'Library built' }, sentence: { zh: '共 {entities} 条记录', en: '{entities} records' } },
} as const satisfies FactTable;
