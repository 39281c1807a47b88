/** What collecting says happened. */
import type { FactTable } from '#kernel/facts/facts';

export const collectFacts = {
  'source-changed': {
    title: { zh: '数据源变更', en: 'Source changed' },
    sentence: { zh: '数据源有了第 {version} 版', en: 'The source has version {version}' },
  },
  'source-reconciled': {
    title: { zh: '对账', en: 'Reconciled' },
    sentence: {
      zh: '源端 {source} 行，台账 {ledger} 行：缺失 {missing} 行、变化 {changed} 行、源端已无 {surplus} 行',
      en: '{source} rows at the source, {ledger} in the ledger: {missing} missing, {changed} changed, {surplus} gone at the source',
    },
  },
  'removal-agreed': {
    title: { zh: '同意移除', en: 'Removal agreed to' },
    sentence: {
      zh: '同意移除源端已无的行，随即重新对账',
      en: 'The removal of rows gone at the source was agreed to; it is reconciled again',
    },
  },
  'cursor-set-back': {
    title: { zh: '退回游标', en: 'Cursor set back' },
    sentence: { zh: '游标从 {from} 退回到 {to}', en: 'The cursor went back from {from} to {toEn}' },
  },
  'secret-set': { title: { zh: '设置口令', en: 'Secret set' }, sentence: { zh: '设置密钥“{name}”', en: "Secret '{name}' was set" } },
  'upload-made': {
    title: { zh: '上传文件', en: 'File uploaded' },
    sentence: { zh: '“{name}”已收齐，共 {bytes} 字节', en: "'{name}' has arrived whole, {bytes} bytes" },
  },
  'upload-read': {
    title: { zh: '文件已读出', en: 'File read' },
    sentence: { zh: '{rows} 行中数据 {data} 行，{columns} 列', en: '{rows} rows, {data} of them data, {columns} columns' },
  },
  'upload-removed': {
    title: { zh: '删除上传的文件', en: 'Upload removed' },
    sentence: { zh: '“{name}”已删除', en: "'{name}' was removed" },
  },
  'batch-landed': {
    title: { zh: '批次落地', en: 'Batch landed' },
    sentence: {
      zh: '第 {ordinal} 批：读入 {rowsIn} 行 = 数据 {rowsData} + 拒收 {rowsRefused} + 非数据 {rowsOther}',
      en: 'Batch {ordinal}: {rowsIn} rows in = {rowsData} data + {rowsRefused} refused + {rowsOther} not data',
    },
  },
  'upload-delivered': {
    title: { zh: '交付上传', en: 'Upload delivered' },
    sentence: { zh: '交付给数据源“{source}”', en: "Delivered to source '{source}'" },
    things: { source: 'source' },
  },
  'delivery-unchanged': {
    title: { zh: '交付无变化', en: 'Nothing new' },
    sentence: { zh: '与第 {ordinal} 批相同，没有落地新批次', en: 'The same as batch {ordinal}; nothing was landed' },
  },
  'edition-waits': {
    title: { zh: '新一期待确认', en: 'Edition waits' },
    sentence: {
      zh: '第 {ordinal} 批已落地但尚未启用：将从现有 {of} 行中减少 {removed} 行，等数据专员确认，此前继续使用上一期',
      en: 'Batch {ordinal} has landed but is not in use: of {of} rows {removed} would go; it waits for the steward, and the edition before stays in use',
    },
  },
  'edition-accepted': {
    title: { zh: '确认启用新一期', en: 'Edition accepted' },
    sentence: { zh: '第 {ordinal} 批经确认启用', en: 'Batch {ordinal} was accepted and is in use' },
  },
  'edition-declined': {
    title: { zh: '不启用新一期', en: 'Edition declined' },
    sentence: {
      zh: '第 {ordinal} 批不启用：{why}；继续使用上一期',
      en: 'Batch {ordinal} was declined: {why}; the edition before stays in use',
    },
  },
  'edition-set-aside': {
    title: { zh: '新一期未启用', en: 'Edition set aside' },
    sentence: {
      zh: '第 {ordinal} 批未经确认，已由后来的交付取代',
      en: 'Batch {ordinal} was not answered and a newer delivery took its place',
    },
  },
  'edition-reminded': {
    title: { zh: '催办确认新一期', en: 'Reminded of an edition' },
    sentence: {
      zh: '第 {ordinal} 批待确认已满一个更新周期，请尽快确认或让部门更正后重新交付',
      en: 'Batch {ordinal} has waited for an update cycle: accept it, or have it mended and delivered again',
    },
  },
  'drift-found': {
    title: { zh: '结构漂移', en: 'Drift found' },
    sentence: { zh: '整批拒收：{what}', en: 'The batch was refused: {whatEn}' },
  },
  'mount-probed': {
    title: { zh: '探测挂接', en: 'Mount probed' },
    sentence: { zh: '数据源“{source}”的挂接：{stateZh} {cause}', en: "Mount on source '{source}': {state} {causeEn}" },
    things: { source: 'source' },
  },
} as const satisfies FactTable;
