/** Refusals of sharing. */
import { defineErrors } from '#kernel/errors';

export const shareErrors = defineErrors({
  SHARE_NOT_PROVIDER: {
    status: 403,
    zh: '服务“{service}”的数据属于“{owner}”，不能由“{department}”提供',
    en: "The data of service '{service}' belongs to {owner}; {department} cannot provide it",
    hint: {
      zh: '请由数据所属部门提供该服务；跨部门的库由数据资源局设立服务。',
      en: 'The owning department provides it; services on libraries fed by several departments are set up by the bureau.',
    },
  },
  SHARE_ENTRY_WITHDRAWN: {
    status: 409,
    zh: '目录“{entry}”已注销，它的服务停止申请和使用',
    en: "Entry '{entryEn}' was withdrawn; its service can be neither asked for nor used",
    hint: {
      zh: '请与提供部门或数据资源局联系；目录重新发布后恢复。',
      en: 'Ask the provider or the bureau; it is open again once the entry is published.',
    },
  },
  SHARE_NOT_SHARED: {
    status: 409,
    zh: '目录“{entry}”不予共享：{basis}',
    en: "Entry '{entryEn}' is not shared: {basis}",
    hint: {
      zh: '如认为法律依据不成立，请向数据资源局提出异议。',
      en: 'If you think the legal basis does not hold, object to it at the bureau.',
    },
  },
  SHARE_FIELD_UNKNOWN: {
    status: 422,
    zh: '行条件只能使用服务的查询字段和返回字段，“{field}”不在其中',
    en: "A row condition may name only keys and returned fields of the service; '{field}' is neither",
    hint: { zh: '可用的字段：{fields}。', en: 'Fields that may be named: {fields}.' },
  },
  SHARE_FILTER_OPEN: {
    status: 422,
    zh: '行条件里的“{name}”没有着落',
    en: "'{name}' in the row condition stands for nothing",
    hint: {
      zh: '行条件不能含参数，所用代码集必须存在。',
      en: 'A row condition has no parameters, and the code lists it names must exist.',
    },
  },
  SHARE_UNTIL_PAST: {
    status: 422,
    zh: '使用期限 {until} 已经过去',
    en: 'The last day of use, {until}, has passed',
    hint: {
      zh: '请退回申请，由使用部门改为今天或以后的日期后重新提交。',
      en: 'Return the request; the consumer sets a day from today on and submits it again.',
    },
  },
  SHARE_SERVICE_MOVED: {
    status: 409,
    zh: '服务“{service}”在申请之后已改为第 {now} 版，申请所说的是第 {asked} 版',
    en: "Service '{service}' has moved to version {now} since the request, which speaks of version {asked}",
    hint: {
      zh: '请退回申请，由使用部门按现行版本重新提交。',
      en: 'Return the request; the consumer submits it again for the present version.',
    },
  },
  SHARE_REQUEST_MOVED_ON: {
    status: 409,
    zh: '申请已经是第 {version} 版，您看到的是第 {seen} 版',
    en: 'The request is at version {version}, you looked at version {seen}',
    hint: { zh: '请刷新页面，看过改动后再办理。', en: 'Reload and look at what was changed before you act.' },
  },
  SHARE_REQUEST_CLOSED: {
    status: 409,
    zh: '申请现在不能修改：当前状态是“{state}”',
    en: "The request cannot be changed now: it is '{stateEn}'",
    hint: { zh: '请先取回，再修改。', en: 'Take it back first.' },
  },
  SHARE_GRANT_OVER: {
    status: 409,
    zh: '授权 {grant} 已于 {date} 结束',
    en: 'Grant {grant} ended on {date}',
    hint: { zh: '需要继续使用请重新申请。', en: 'Apply again to go on using it.' },
  },
  SHARE_KEY_UNKNOWN: {
    status: 404,
    zh: '没有密钥“{key}”',
    en: "There is no key '{key}'",
    hint: { zh: '请核对编号；它可能已被删除。', en: 'Check the id; it may have been deleted.' },
  },
  SHARE_KEYS_TOO_MANY: {
    status: 409,
    zh: '授权 {grant} 已有 {count} 个密钥',
    en: 'Grant {grant} has {count} keys already',
    hint: { zh: '请先删除不再使用的密钥。', en: 'Delete a key that is no longer used first.' },
  },
});
