/** The roles in words. */
export const roleWords: Readonly<Record<string, { zh: string; en: string }>> = {
  operator: { zh: '数据资源局运营', en: 'Bureau operator' },
  'provider-steward': { zh: '提供部门数据专员', en: 'Provider steward' },
  'consumer-steward': { zh: '使用部门数据专员', en: 'Consumer steward' },
  developer: { zh: '应用开发者', en: 'Application developer' },
  'system-administrator': { zh: '系统管理员', en: 'System administrator' },
  'security-administrator': { zh: '安全管理员', en: 'Security administrator' },
  'audit-administrator': { zh: '审计管理员', en: 'Audit administrator' },
};
