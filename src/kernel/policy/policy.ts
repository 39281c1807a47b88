/** Who may do what: one table of rules with two readings, deciding about one thing and filtering many. Every verdict carries its reason. */
import type { Title } from '#declare';
import { defineErrors, Refusal } from '../errors.ts';

/** The roles. The three administrators are separated: no account holds two of them, nor one of them with a business role. */
export const roles = {
  operator: { zh: '数据资源局运营', en: 'Bureau operator' },
  'provider-steward': { zh: '提供部门数据专员', en: 'Provider steward' },
  'consumer-steward': { zh: '使用部门数据专员', en: 'Consumer steward' },
  developer: { zh: '应用开发者', en: 'Application developer' },
  'system-administrator': { zh: '系统管理员', en: 'System administrator' },
  'security-administrator': { zh: '安全管理员', en: 'Security administrator' },
  'audit-administrator': { zh: '审计管理员', en: 'Audit administrator' },
} as const satisfies Record<string, Title>;
export type Role = keyof typeof roles;
export const administrators: readonly Role[] = ['system-administrator', 'security-administrator', 'audit-administrator'];

/** True for a word that names a role. */
export const isRole = (word: string): word is Role => Object.hasOwn(roles, word);

/** Who is acting. */
export interface Actor {
  readonly user: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  readonly door: 'console' | 'command-line';
}

/** How far a role may go: over everything, or only over what belongs to (or concerns) its own department. */
export type Scope = 'any' | 'own';

/** An action and who may take it. */
export interface ActionSpec {
  readonly title: Title;
  readonly by: Partial<Readonly<Record<Role, Scope>>>;
}
export type ActionTable = Readonly<Record<string, ActionSpec>>;

export interface Verdict {
  readonly allowed: boolean;
  /** Why, in words: which role allowed it, or what is missing. */
  readonly reason: Title;
}

/** The rows an actor may see: all, none, or those of one department. */
export type Filter = { readonly kind: 'all' } | { readonly kind: 'none' } | { readonly kind: 'department'; readonly department: string };

export interface Policy {
  actions(): ActionTable;
  /** May the actor do this to a thing that concerns these departments? */
  decide(actor: Actor, action: string, departments: readonly (string | null)[]): Verdict;
  /** Which things may the actor do this to? */
  filter(actor: Actor, action: string): Filter;
  /** @throws Refusal POLICY_DENIED */
  demand(actor: Actor, action: string, departments: readonly (string | null)[]): void;
}

defineErrors({
  POLICY_DENIED: {
    status: 403,
    zh: '您不能“{action}”：{reason}',
    en: "You may not '{actionEn}': {reasonEn}",
    hint: { zh: '需要的角色：{needs}。请联系本部门管理员或安全管理员。', en: 'Roles needed: {needsEn}. Ask the security administrator.' },
  },
});

/** Composes the actions of all stages. An action nobody declared is a bug. */
export function createPolicy(tables: readonly ActionTable[]): Policy {
  const actions: Record<string, ActionSpec> = {};
  for (const table of tables)
    for (const [id, spec] of Object.entries(table)) {
      if (actions[id]) throw new Error(`action ${id} is declared twice`);
      actions[id] = spec;
    }
  const specOf = (action: string): ActionSpec => {
    const spec = actions[action];
    if (!spec) throw new Error(`no stage declares the action ${action}`);
    return spec;
  };
  const filter = (actor: Actor, action: string): Filter => {
    const scopes = actor.roles.map((r) => specOf(action).by[r]);
    if (scopes.includes('any')) return { kind: 'all' };
    return scopes.includes('own') ? { kind: 'department', department: actor.department } : { kind: 'none' };
  };
  const decide = (actor: Actor, action: string, departments: readonly (string | null)[]): Verdict => {
    const rows = filter(actor, action);
    if (rows.kind === 'none')
      return { allowed: false, reason: { zh: '您的角色没有这项权限', en: 'none of your roles has this permission' } };
    if (rows.kind === 'department' && !departments.includes(rows.department))
      return {
        allowed: false,
        reason: { zh: '它不存在，或者不属于您的部门', en: 'it does not exist, or does not concern your department' },
      };
    const role = actor.roles.find((r) => specOf(action).by[r] === (rows.kind === 'all' ? 'any' : 'own'));
    const title = role ? roles[role] : { zh: '', en: '' };
    return { allowed: true, reason: { zh: `依角色“${title.zh}”`, en: `by role '${title.en}'` } };
  };
  return {
    actions: () => actions,
    decide,
    filter,
    demand(actor, action, departments) {
      const verdict = decide(actor, action, departments);
      if (verdict.allowed) return;
      const spec = specOf(action);
      const needs = Object.keys(spec.by).filter(isRole);
      throw new Refusal('POLICY_DENIED', {
        action: spec.title.zh,
        actionEn: spec.title.en ?? spec.title.zh,
        reason: verdict.reason.zh,
        reasonEn: verdict.reason.en ?? '',
        needs: needs.map((r) => roles[r].zh).join('、'),
        needsEn: needs.map((r) => roles[r].en).join(', '),
      });
    },
  };
}
