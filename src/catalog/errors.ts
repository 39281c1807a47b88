/** The ways in which the catalog says no. */
import { defineErrors } from '#kernel/errors';

export const catalogErrors = defineErrors({
  CATALOG_ENTRY_UNKNOWN: {
    status: 404,
    zh: '没有目录“{entry}”',
    en: "There is no entry '{entry}'",
    hint: {
      zh: '请核对编号；未发布的目录只有本部门和运营可以看到。',
      en: 'Check the id; an entry that is not published is seen by its own department and the operator only.',
    },
  },
  CATALOG_ENTRY_CLOSED: {
    status: 409,
    zh: '目录“{entry}”现在不能修改：当前状态是“{state}”',
    en: "Entry '{entry}' cannot be changed now: it is '{stateEn}'",
    hint: { zh: '审核中的目录请先撤回修改，已注销的请先恢复编制。', en: 'Recall an entry under review first; reopen a withdrawn one.' },
  },
  CATALOG_ENTRY_MOVED_ON: {
    status: 409,
    zh: '目录“{entry}”已经是第 {version} 版，您看到的是第 {seen} 版',
    en: "Entry '{entry}' is at version {version}, you looked at version {seen}",
    hint: { zh: '请刷新页面，看过新版本后再办理。', en: 'Reload and look at the new version before you act.' },
  },
  CATALOG_DEPARTMENT_UNKNOWN: {
    status: 422,
    zh: '没有部门“{department}”',
    en: "There is no department '{department}'",
    hint: { zh: '请先由系统管理员建立部门，或改正提供方。', en: 'Have the system administrator create it, or correct the provider.' },
  },
});
