/** Refusals about who somebody is. */
import { defineErrors } from '../errors.ts';
import { limits } from './limits.ts';

export const identityErrors = defineErrors({
  IDENTITY_WRONG: {
    status: 401,
    zh: '账号或密码不对',
    en: 'The account or the password is wrong',
    hint: {
      zh: `连续输错 ${limits.failures} 次会锁定 ${limits.lockMinutes} 分钟。`,
      en: `After ${limits.failures} wrong attempts the account is locked for ${limits.lockMinutes} minutes.`,
    },
  },
  IDENTITY_LOCKED: {
    status: 423,
    zh: '账号已锁定，{until} 后可再试',
    en: 'The account is locked until {until}',
    hint: { zh: '请等待解锁，或请系统管理员核实。', en: 'Wait, or ask the system administrator.' },
  },
  IDENTITY_CROWDED: {
    status: 503,
    zh: '同时登录的人太多',
    en: 'Too many people are signing in at this moment',
    hint: { zh: '请稍后再试。', en: 'Try again in a moment.' },
  },
  IDENTITY_SESSION_OVER: {
    status: 401,
    zh: '未登录或登录已失效',
    en: 'You are not signed in, or the session is over',
    hint: { zh: '请重新登录。', en: 'Sign in again.' },
  },
  IDENTITY_CROSS_SITE: {
    status: 403,
    zh: '请求来自别的网站',
    en: 'The request comes from another site',
    hint: { zh: '请从本平台页面操作。', en: 'Act from a page of this platform.' },
  },
  IDENTITY_EXISTS: {
    status: 409,
    zh: '“{id}”已经存在',
    en: "'{id}' exists already",
    hint: { zh: '请换一个编号。', en: 'Choose another id.' },
  },
  IDENTITY_UNKNOWN: {
    status: 404,
    zh: '没有账号“{id}”',
    en: "There is no account '{id}'",
    hint: { zh: '请核对账号。', en: 'Check the account.' },
  },
  IDENTITY_DEPARTMENT_UNKNOWN: {
    status: 422,
    zh: '没有部门“{id}”',
    en: "There is no department '{id}'",
    hint: { zh: '请先建立部门。', en: 'Create the department first.' },
  },
  IDENTITY_PASSWORD_WEAK: {
    status: 422,
    zh: '密码至少 {length} 个字符',
    en: 'A password has at least {length} characters',
    hint: { zh: '请换一个更长的密码。', en: 'Choose a longer one.' },
  },
  IDENTITY_PASSWORD_OLD: {
    status: 403,
    zh: '原密码不对，没有修改',
    en: 'The old password is wrong; nothing was changed',
    hint: { zh: '请重新填写现在使用的密码。', en: 'Enter the password that is in use now.' },
  },
  IDENTITY_OWN_ACCOUNT: {
    status: 409,
    zh: '不能停用自己的账号，也不能改自己的角色',
    en: 'Nobody disables the own account or changes the own roles',
    hint: { zh: '请由另一位管理员办理，以免平台再没有人能管理。', en: 'Another administrator does it, so that somebody is left who can.' },
  },
  IDENTITY_ROLES_CONFLICT: {
    status: 422,
    zh: '一个账号不能同时担任：{roles}',
    en: 'One account cannot hold: {roles}',
    hint: {
      zh: '系统、安全、审计三员必须分立，也不得兼任业务角色。',
      en: 'The three administrators are separated and hold no business role.',
    },
  },
});
