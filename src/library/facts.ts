/** What the libraries say happened. */
import type { FactTable } from '#kernel/facts/facts';

export const libraryFacts = {
  'row-collected': {
    title: { zh: '来源行', en: 'Source row' },
    sentence: {
      zh: '“{table}”第 {ordinal} 批第 {row} 行归集到平台，说明了：{fields}',
      en: "Row {row} of batch {ordinal} of '{table}' was collected: {fieldsEn}",
    },
    things: { table: 'table' },
  },
  'library-built': { title: { zh: '库已更新', en: 'Library built' }, sentence: { zh: '共 {entities} 条记录', en: '{entities} records' } },
} as const satisfies FactTable;
