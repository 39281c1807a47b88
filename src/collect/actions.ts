/** What people may do with sources and what was landed from them. */
import type { ActionTable } from '#kernel/policy/policy';

export const collectActions = {
  'source.list': { title: { zh: '查看数据源', en: 'See sources' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'source.edit': { title: { zh: '设立或修改数据源', en: 'Set up or change a source' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'secret.set': { title: { zh: '设置数据源口令', en: 'Set the secret of a source' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'source.collect': { title: { zh: '归集与交付', en: 'Collect and deliver' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'source.set-back': { title: { zh: '退回游标', en: 'Set a cursor back' }, by: { 'provider-steward': 'own' } },
  'source.probe': { title: { zh: '探测数据源', en: 'Probe a source' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'edition.accept': {
    title: { zh: '答复待确认的新一期和待同意的移除', en: 'Answer an edition or a removal that waits' },
    by: { 'provider-steward': 'own' },
  },
  'upload.list': { title: { zh: '查看上传的文件', en: 'See uploaded files' }, by: { 'provider-steward': 'own' } },
  'upload.make': { title: { zh: '上传文件', en: 'Upload files' }, by: { 'provider-steward': 'own' } },
  'batch.list': { title: { zh: '查看批次与回执', en: 'See batches and receipts' }, by: { operator: 'any', 'provider-steward': 'own' } },
  'batch.rows': { title: { zh: '查看批次的行', en: 'See rows of a batch' }, by: { operator: 'any', 'provider-steward': 'own' } },
} as const satisfies ActionTable;
