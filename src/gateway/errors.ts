/** Refusals of the gateway: each names the clause that is not met. */
import { defineErrors } from '#kernel/errors';

export const gatewayErrors = defineErrors({
  GATEWAY_SERVICE_UNKNOWN: {
    status: 404,
    zh: '没有服务“{service}”',
    en: "There is no service '{service}'",
    hint: { zh: '请核对地址中的服务编号。', en: 'Check the id of the service in the address.' },
  },
  GATEWAY_KEY_UNKNOWN: {
    status: 401,
    zh: '没有带密钥，或密钥不存在、已删除',
    en: 'There is no key, or it is unknown or deleted',
    hint: {
      zh: '请以 Authorization: Bearer cs_… 携带有效的密钥；密钥在授权页面生成。',
      en: 'Send a valid key as Authorization: Bearer cs_…; keys are made on the page of the grant.',
    },
  },
  GATEWAY_GRANT_REVOKED: {
    status: 403,
    zh: '授权 {grant} 已于 {date} 撤销：{reason}',
    en: 'Grant {grant} was revoked on {date}: {reason}',
    hint: { zh: '请与提供部门联系；需要时重新申请。', en: 'Ask the providing department; apply again if needed.' },
  },
  GATEWAY_ENTRY_WITHDRAWN: {
    status: 403,
    zh: '目录“{entry}”已注销，授权 {grant} 暂停使用',
    en: "Entry '{entry}' was withdrawn; grant {grant} is suspended",
    hint: {
      zh: '请与提供部门或数据资源局联系；目录重新发布后恢复。',
      en: 'Ask the provider or the bureau; it is open again once the entry is published.',
    },
  },
  GATEWAY_GRANT_EXPIRED: {
    status: 403,
    zh: '授权 {grant} 的期限到 {date} 为止',
    en: 'Grant {grant} ran until {date}',
    hint: { zh: '需要继续使用请重新申请。', en: 'Apply again to go on using it.' },
  },
  GATEWAY_GRANT_FUTURE: {
    status: 403,
    zh: '授权 {grant} 自 {date} 起才可使用',
    en: 'Grant {grant} holds from {date} on',
    hint: { zh: '请到期后再调用。', en: 'Call again from that day on.' },
  },
  GATEWAY_OTHER_SERVICE: {
    status: 403,
    zh: '授权 {grant} 是对服务“{granted}”的，不能调用“{service}”',
    en: "Grant {grant} is for service '{granted}', not for '{service}'",
    hint: { zh: '请使用对应授权的密钥，或申请该服务。', en: 'Use the key of the right grant, or apply for this service.' },
  },
  GATEWAY_SEAL_BROKEN: {
    status: 403,
    zh: '授权 {grant} 与平台印记不符，已停止使用',
    en: 'Grant {grant} does not fit its platform seal and is not used',
    hint: {
      zh: '授权内容可能被改动，请立即联系审计管理员。',
      en: 'Its content may have been altered; tell the audit administrator at once.',
    },
  },
  GATEWAY_BODY: {
    status: 400,
    zh: '请求体应为 JSON 对象 {"field", "value", "limit"?, "offset"?}：{fault}',
    en: 'The body should be a JSON object {"field", "value", "limit"?, "offset"?}: {faultEn}',
    hint: { zh: '例：{"field":"{example}","value":"…"}。', en: 'Example: {"field":"{example}","value":"…"}.' },
  },
  GATEWAY_FIELD: {
    status: 400,
    zh: '不能按“{field}”查询；可用的查询字段：{keys}',
    en: "This service cannot be asked by '{field}'; it is asked by: {keys}",
    hint: { zh: '每次调用按一个查询字段等值查询。', en: 'A call names one key with an equal value.' },
  },
  GATEWAY_VALUE: {
    status: 400,
    zh: '“{field}”的值应为{expected}',
    en: "The value of '{field}' should be {expectedEn}",
    hint: { zh: '请按所说的类型和写法提交。', en: 'Send a value of the type and form said.' },
  },
  GATEWAY_PAGE: {
    status: 400,
    zh: 'limit 应为 1 至 {limit} 的整数，offset 应为 0 至 {offset} 的整数',
    en: 'limit is a whole number from 1 to {limit}, offset one from 0 to {offset}',
    hint: { zh: '不写 limit 时取 {limit}。', en: 'Without a limit it is {limit}.' },
  },
  GATEWAY_NOT_PUBLISHED: {
    status: 503,
    zh: '服务“{service}”第 {version} 版的数据还没有发布',
    en: "Version {version} of service '{service}' has not been published yet",
    hint: { zh: '数据入库后会自动发布，请稍后重试。', en: 'It is published by itself once its data has been built; try again later.' },
  },
  GATEWAY_SLOW: {
    status: 503,
    zh: '查询超过 {seconds} 秒未完成，已放弃',
    en: 'The query took longer than {seconds} s and was given up',
    hint: { zh: '请稍后重试；持续出现请联系数据资源局。', en: 'Try again later; if it lasts, tell the bureau.' },
  },
  GATEWAY_CHANGING: {
    status: 503,
    zh: '授权或模型正在变更，请重试',
    en: 'Grants or models are changing at this moment; try again',
    hint: { zh: '通常一两秒内恢复。', en: 'It usually passes within a second or two.' },
  },
});
