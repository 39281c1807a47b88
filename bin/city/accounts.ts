/** The accounts of the invented city. */
import type { Role } from '#kernel/policy/policy';

export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

/** Made by the installation itself: the three separated administrators. */
export const administratorAccounts: readonly DemoAccount[] = [
  { id: 'sysadmin', name: '系统管理员 邹安', department: 'data-bureau', roles: ['system-administrator'] },
  { id: 'secadmin', name: '安全管理员 柳衡', department: 'data-bureau', roles: ['security-administrator'] },
  { id: 'auditor', name: '审计管理员 秦正', department: 'data-bureau', roles: ['audit-administrator'] },
];

/** Made through the API by the system administrator; the security administrator gives the roles. */
export const businessAccounts: readonly DemoAccount[] = [
  { id: 'operator', name: '运营 林枢', department: 'data-bureau', roles: ['operator'] },
  { id: 'police', name: '公安专员 高岳', department: 'public-security', roles: ['provider-steward'] },
  { id: 'health', name: '卫健专员 白宁', department: 'health', roles: ['provider-steward'] },
  { id: 'market', name: '市监专员 商贾', department: 'market-regulation', roles: ['provider-steward'] },
  { id: 'insurance', name: '人社专员 任保', department: 'human-resources', roles: ['provider-steward'] },
  { id: 'civil', name: '民政专员 何敏', department: 'civil-affairs', roles: ['consumer-steward'] },
  { id: 'civil-dev', name: '民政开发 纪元', department: 'civil-affairs', roles: ['developer'] },
];

/** The steward of each providing department. */
export const stewardOf = (department: string): string => {
  const found = businessAccounts.find((a) => a.department === department && a.roles.includes('provider-steward'));
  if (!found) throw new Error(`department ${department} has no steward`);
  return found.id;
};
