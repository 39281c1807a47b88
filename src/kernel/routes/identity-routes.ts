/** Signing in, departments, accounts and their roles. */
import { z } from 'zod';
import { idSchema } from '#declare';
import { pageOfAll, says } from '../db/listing.ts';
import { isRefusal, problemOf, Refusal } from '../errors.ts';
import { sessionCookie, tokenOf } from '../http/caller.ts';
import { pageOf, sortedPage, textFilter } from '../http/page.ts';
import type { Door } from '../http/server.ts';
import { limits } from '../identity/limits.ts';
import { type Actor, isRole, type Policy, type Role, roles } from '../policy/policy.ts';
import type { Kernel } from '../stage.ts';

const roleSchema = z.enum(Object.keys(roles) as [Role, ...Role[]]);
const me = z.object({
  user: z.string(),
  name: z.string(),
  department: z.string(),
  departmentTitle: z.string(),
  roles: z.array(roleSchema),
  /** Actions this account may take at all, so that a screen shows no door that is shut. */
  actions: z.array(z.string()),
  token: z.string().optional(),
});
const department = z.object({
  id: idSchema,
  title: z.string().min(1).max(100),
  titleEn: z.string().min(1).max(100),
  code: z.string().length(18),
  level: z.union([z.literal(3), z.literal(4)]),
  area: z.string().regex(/^\d{6}$/),
});
const user = z.object({ id: z.string(), name: z.string(), department: z.string(), roles: z.array(roleSchema), disabled: z.boolean() });
/** Orders of the list. */
const userSorts = {
  id: (u: z.input<typeof user>) => u.id,
  name: (u: z.input<typeof user>) => u.name,
  department: (u: z.input<typeof user>) => u.department,
};
const userParams = z.object({ id: z.string() });

/** Adds the routes. */
export function identityRoutes(door: Door, kernel: Kernel): void {
  const { identity, policy, db, facts } = kernel;
  const describe = async (actor: Actor): Promise<z.input<typeof me>> => ({
    user: actor.user,
    name: actor.name,
    department: actor.department,
    roles: [...actor.roles],
    departmentTitle: (await identity.departments()).find((d) => d.id === actor.department)?.title ?? actor.department,
    actions: allowedActions(policy, actor),
  });

  door.route({
    method: 'POST',
    url: '/api/session',
    tag: 'session',
    permission: 'public',
    summary: { zh: '登录', en: 'Sign in' },
    body: z.object({
      user: z.string().max(100),
      password: z.string().max(200),
      door: z.enum(['console', 'command-line']).default('console'),
    }),
    reply: me,
    handle: async ({ body, reply, request }) => {
      try {
        const { token, actor } = await identity.signIn(body.user, body.password, body.door);
        if (body.door === 'command-line') return { ...(await describe(actor)), token };
        reply.setCookie(sessionCookie, token, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: limits.sessionHours * 3600,
        });
        return await describe(actor);
      } catch (error) {
        // A failed attempt is worth knowing to the audit administrator, whoever it was.
        if (isRefusal(error))
          await kernel.recorder.record({
            door: body.door,
            outcome: 'refused',
            actor: body.user,
            department: null,
            action: 'session.begin',
            target: 'session',
            grant: null,
            purpose: null,
            fields: [],
            subjects: [],
            rows: 0,
            bytes: 0,
            refusal: problemOf(error).code,
          });
        throw error;
      }
    },
  });
  door.route({
    method: 'GET',
    url: '/api/session',
    tag: 'session',
    permission: 'signed-in',
    summary: { zh: '我是谁', en: 'Who am I' },
    reply: me,
    handle: ({ actor }) => describe(actor),
  });
  door.route({
    method: 'DELETE',
    url: '/api/session',
    tag: 'session',
    permission: 'signed-in',
    summary: { zh: '退出', en: 'Sign out' },
    reply: z.object({}),
    handle: async ({ request, reply }) => {
      const token = tokenOf(request);
      if (token) await identity.signOut(token);
      reply.clearCookie(sessionCookie, { path: '/' });
      return {};
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/session/password',
    tag: 'session',
    permission: 'signed-in',
    summary: { zh: '修改自己的密码', en: 'Change the own password' },
    body: z.object({ before: z.string().max(200), next: z.string().max(200) }),
    reply: z.object({}),
    handle: async ({ body, actor }) => {
      await identity.demandPassword(actor.user, body.before);
      await db.transaction(async (tx) => {
        await identity.changePassword(tx, actor.user, body.next);
        await facts.publish(tx, { name: 'password-changed', about: `account:${actor.user}`, actor: actor.user, body: {} });
      });
      return {};
    },
  });
  door.route({
    method: 'GET',
    url: '/api/people',
    tag: 'identity',
    permission: 'signed-in',
    summary: { zh: '这些账号是谁', en: 'Who some accounts are' },
    query: z.object({ ids: z.string().max(8000) }),
    reply: z.array(z.object({ id: z.string(), name: z.string(), department: z.string() })),
    // Whoever reads what accounts did may know whose they are; there is no list to read here.
    handle: async ({ query }) => [...(await identity.people(query.ids.split(',')))],
  });
  door.route({
    method: 'GET',
    url: '/api/departments',
    tag: 'identity',
    permission: 'signed-in',
    summary: { zh: '部门', en: 'Departments' },
    reply: z.array(department),
    handle: async () => [...(await identity.departments())],
  });
  door.route({
    method: 'POST',
    url: '/api/departments',
    tag: 'identity',
    permission: { action: 'department.create' },
    summary: { zh: '建立部门', en: 'Create a department' },
    body: department,
    reply: department,
    handle: async ({ body, actor }) => {
      await db.transaction(async (tx) => {
        await identity.addDepartment(tx, body);
        await facts.publish(tx, {
          name: 'department-created',
          about: `department:${body.id}`,
          actor: actor.user,
          body: { title: body.title },
        });
      });
      return body;
    },
  });
  door.route({
    method: 'GET',
    url: '/api/users',
    tag: 'identity',
    permission: { action: 'account.list' },
    summary: { zh: '账号', en: 'Accounts' },
    query: sortedPage(userSorts).extend({
      q: textFilter,
      department: idSchema.optional(),
      role: roleSchema.optional(),
      disabled: z.enum(['yes', 'no']).optional(),
    }),
    reply: pageOf(user),
    handle: async ({ query }) =>
      pageOfAll(
        (await identity.users())
          .filter(
            (u) =>
              says(query.q, u.id, u.name) &&
              (!query.department || u.department === query.department) &&
              (!query.role || u.roles.includes(query.role)) &&
              (!query.disabled || u.disabled === (query.disabled === 'yes')),
          )
          .map((u) => ({ ...u, roles: [...u.roles] })),
        userSorts,
        query,
      ),
  });
  door.route({
    method: 'POST',
    url: '/api/users',
    tag: 'identity',
    permission: { action: 'account.create' },
    summary: { zh: '建立账号（不含角色）', en: 'Create an account (without roles)' },
    body: z.object({ id: idSchema, name: z.string().min(1).max(60), department: idSchema, password: z.string().max(200) }),
    reply: userParams,
    handle: async ({ body, actor }) => {
      await db.transaction(async (tx) => {
        await identity.addUser(tx, body);
        await facts.publish(tx, {
          name: 'account-created',
          about: `account:${body.id}`,
          actor: actor.user,
          body: { name: body.name, department: body.department },
        });
      });
      return { id: body.id };
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/users/:id/roles',
    tag: 'identity',
    permission: { action: 'account.roles' },
    summary: { zh: '授予角色', en: 'Give roles' },
    params: userParams,
    body: z.object({ roles: z.array(z.string().refine(isRole)).max(6) }),
    reply: z.object({ roles: z.array(roleSchema) }),
    handle: async ({ params, body, actor }) => {
      demandOther(params.id, actor);
      const given = body.roles.filter(isRole);
      await db.transaction(async (tx) => {
        await identity.setRoles(tx, params.id, given);
        await facts.publish(tx, {
          name: 'roles-given',
          about: `account:${params.id}`,
          actor: actor.user,
          body: { roles: given.join(' ') },
        });
      });
      return { roles: given };
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/users/:id/disabled',
    tag: 'identity',
    permission: { action: 'account.disable' },
    summary: { zh: '停用或恢复账号', en: 'Disable or restore an account' },
    params: userParams,
    body: z.object({ disabled: z.boolean() }),
    reply: z.object({ disabled: z.boolean() }),
    handle: async ({ params, body, actor }) => {
      demandOther(params.id, actor);
      await db.transaction(async (tx) => {
        await identity.setDisabled(tx, params.id, body.disabled);
        await facts.publish(tx, {
          name: 'account-disabled',
          about: `account:${params.id}`,
          actor: actor.user,
          body: { disabled: body.disabled },
        });
      });
      return body;
    },
  });
}

/** @throws Refusal IDENTITY_OWN_ACCOUNT */
function demandOther(account: string, actor: Actor): void {
  if (account === actor.user) throw new Refusal('IDENTITY_OWN_ACCOUNT');
}

const allowedActions = (policy: Policy, actor: Actor): string[] =>
  Object.keys(policy.actions())
    .filter((a) => policy.filter(actor, a).kind !== 'none')
    .sort();
