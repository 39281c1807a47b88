/** What sharing says has happened. */
import type { FactTable } from '#kernel/facts/facts';

export const shareFacts = {
  'service-published': {
    title: { zh: '服务数据已发布', en: 'Service data published' },
    sentence: {
      zh: '第 {version} 版共 {rows} 行：新增 {inserted}，变更 {updated}，删除 {deleted}',
      en: 'Version {version} holds {rows} rows: {inserted} inserted, {updated} updated, {deleted} deleted',
    },
  },
  'request-submitted': {
    title: { zh: '提交共享申请', en: 'Request submitted' },
    sentence: { zh: '{department}申请使用服务“{service}”', en: "{department} asked for service '{service}'" },
    things: { department: 'department', service: 'service' },
  },
  'request-changed': {
    title: { zh: '修改共享申请', en: 'Request changed' },
    sentence: { zh: '修改为第 {version} 版', en: 'It is now version {version}' },
  },
  'request-moved': {
    title: { zh: '办理共享申请', en: 'Request moved on' },
    sentence: { zh: '{step}：{opinion}', en: '{stepEn}: {opinion}' },
  },
  'grant-made': {
    title: { zh: '作出授权', en: 'Grant made' },
    sentence: {
      zh: '授权{consumer}使用服务“{service}”第 {version} 版，至 {until}',
      en: "{consumer} may use version {version} of service '{service}' until {until}",
    },
    things: { consumer: 'department', service: 'service' },
  },
  'grant-revoked': { title: { zh: '撤销授权', en: 'Grant revoked' }, sentence: { zh: '撤销：{reason}', en: 'Revoked: {reason}' } },
  'key-made': { title: { zh: '生成密钥', en: 'Key made' }, sentence: { zh: '密钥“{name}”（{key}）', en: "Key '{name}' ({key})" } },
  'key-deleted': { title: { zh: '删除密钥', en: 'Key deleted' }, sentence: { zh: '密钥 {key} 立即失效', en: 'Key {key} is void at once' } },
} as const satisfies FactTable;
