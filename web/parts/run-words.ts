/** The numbers and answers a run ends with, in words. */
import type { Words } from './words.ts';

/** By the name the job gives it. What a job says under another name is shown by that name. */
export const resultWords: Readonly<Record<string, Words>> = {
  rowsIn: { zh: '读入（行）', en: 'Rows in' },
  rowsData: { zh: '数据行', en: 'Data rows' },
  rowsRefused: { zh: '拒收（行）', en: 'Refused' },
  rowsOther: { zh: '非数据行', en: 'Not data' },
  read: { zh: '读入（行）', en: 'Rows read' },
  rows: { zh: '行', en: 'Rows' },
  governed: { zh: '入表（行）', en: 'Governed' },
  quarantined: { zh: '隔离（行）', en: 'Quarantined' },
  warned: { zh: '提醒（行）', en: 'Warned' },
  inserted: { zh: '新增（行）', en: 'Inserted' },
  updated: { zh: '更新（行）', en: 'Updated' },
  deleted: { zh: '删除（行）', en: 'Deleted' },
  versions: { zh: '发布的版本（个）', en: 'Versions published' },
  dropped: { zh: '清除的旧版本（个）', en: 'Old versions dropped' },
  held: { zh: '等待重建完成后再发布', en: 'Held until the rebuild ends' },
  batch: { zh: '批次编号', en: 'Batch number' },
  batches: { zh: '批次（个）', en: 'Batches' },
  ordinal: { zh: '第几批', en: 'Which batch' },
  landed: { zh: '有新批次', en: 'A batch landed' },
  depth: { zh: '对账方式', en: 'Reconciled by' },
  source: { zh: '源端（行）', en: 'Rows at the source' },
  ledger: { zh: '台账（行）', en: 'Rows in the ledger' },
  ranges: { zh: '不同的段', en: 'Ranges that differ' },
  missing: { zh: '缺失（行）', en: 'Missing' },
  changed: { zh: '变化（行）', en: 'Changed' },
  surplus: { zh: '源端已无（行）', en: 'Gone at the source' },
  finished: { zh: '本轮完成', en: 'Finished' },
  waits: { zh: '减少较多，待部门答复', en: 'Takes much away: waits for the department' },
  unchanged: { zh: '与上一批相同', en: 'Same as the latest batch' },
  skipped: { zh: '没有变化，无须办理', en: 'Nothing to do' },
  reachable: { zh: '能连上', en: 'Reachable' },
  mounts: { zh: '挂接（个）', en: 'Mounts' },
  bound: { zh: '挂接正常（个）', en: 'Mounts bound' },
  entities: { zh: '记录（条）', en: 'Records' },
  members: { zh: '来源行', en: 'Source rows' },
  claims: { zh: '各来源的值（个）', en: 'Values of the sources' },
  disagreeing: { zh: '说法不一（个字段值）', en: 'Values disagreed about' },
  columns: { zh: '列', en: 'Columns' },
  sampled: { zh: '抽查（行）', en: 'Rows sampled' },
};

/** What results say in a word. */
export const resultValues: Readonly<Record<string, Words>> = {
  count: { zh: '清点行数', en: 'count of rows' },
  receipt: { zh: '核对摘要', en: 'digests' },
};
