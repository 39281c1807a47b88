/** What governing says happened. */
import type { FactTable } from '#kernel/facts/facts';

export const governFacts = {
  'binding-changed': {
    title: { zh: '绑定变更', en: 'Binding changed' },
    sentence: { zh: '绑定有了第 {version} 版', en: 'The binding has version {version}' },
  },
  'table-governed': {
    title: { zh: '治理完成', en: 'Table governed' },
    sentence: {
      zh: '第 {ordinal} 批：读入 {read} 行 = 入表 {governed} 行 + 隔离 {quarantined} 行',
      en: 'Batch {ordinal}: {read} rows read = {governed} governed + {quarantined} quarantined',
    },
  },
} as const satisfies FactTable;
