/** A whole small installation for one test: its own database, warehouse, objects and fixed clock, with the stages it names. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, runOnce } from 'graphile-worker';
import type { DocumentKind } from '#declare';
import { fixedClock } from '#kernel/clock';
import { type AuditLog, openAuditLog } from '#kernel/facts/audit';
import { type Door, openDoor } from '#kernel/http/server';
import { limits } from '#kernel/identity/limits';
import { taskListOf } from '#kernel/jobs/worker';
import { type ObjectEffects, openObjects } from '#kernel/objects/index';
import { type OpenKernel, openKernel } from '#kernel/open';
import type { Actor, Role } from '#kernel/policy/policy';
import type { Stage } from '#kernel/stage';
import { startWarehouse } from '#kernel/warehouse/index';
import { copySite } from './site.ts';

export interface TestKernel extends OpenKernel {
  readonly clock: ReturnType<typeof fixedClock>;
  readonly folder: string;
  readonly urls: { readonly app: string; readonly log: string; readonly audit: string; readonly admin: string };
  readonly audit: AuditLog;
  readonly door: Door;
  /** Somebody with these roles in a department (made when new), signed in. */
  actor(roles: Role | readonly Role[], department?: string): Promise<Actor & { readonly token: string }>;
  /** Stores documents as the machine would on apply. */
  put(kind: DocumentKind, ...docs: readonly unknown[]): Promise<void>;
  /** Works until nothing is queued; throws the first error of ours. */
  drain(): Promise<void>;
  /** Calls a route as somebody; returns status and body. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    as?: { readonly token: string } | null,
    body?: unknown,
  ): Promise<{ status: number; body: never }>;
}

export interface TestOptions {
  readonly now?: string;
  /** False leaves the warehouse process out where a test does not need it. */
  readonly warehouse?: boolean;
  /** The data folder, where a test wants it on a disk of its own. */
  readonly folder?: string;
  /** What stands between the object store and the disk. */
  readonly disk?: ObjectEffects;
  /** True has every code list, element, rule and library stored already. */
  readonly models?: boolean;
}

/** The password of every account in a test. */
export const testPassword = 'an invented password';

/** Opens a test installation. */
export async function testKernel(stages: readonly Stage[], options: TestOptions = {}): Promise<TestKernel> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'chengshu-test-')));
  const key = Buffer.alloc(32, 7);
  const database = await copySite(stages, key, options.models ?? false);
  const site = { folder, urls: database.urls, key, node: 'test' };
  const clock = fixedClock(options.now ?? '2026-11-24T02:00:00Z');
  const warehouse = options.warehouse === false ? undefined : await startWarehouse(folder);
  const kernel = openKernel(site, stages, {
    name: 'test',
    clock,
    connections: 6,
    ...(warehouse && { warehouse: warehouse.client }),
    ...(options.disk && { objects: openObjects(`${folder}/objects`, options.disk) }),
  });
  const errors: unknown[] = [];
  const door = await openDoor({
    identity: kernel.identity,
    policy: kernel.policy,
    recorder: kernel.recorder,
    bug: (_incident, error) => errors.push(error),
  });
  for (const stage of stages) stage.routes(door, kernel);
  const audit = openAuditLog(database.urls.audit);
  let actors = 0;

  return {
    ...kernel,
    clock,
    folder,
    urls: { ...database.urls, admin: database.url },
    audit,
    door,
    async actor(roles, department = 'police') {
      const id = `user-${++actors}`;
      const known = (await kernel.identity.departments()).some((d) => d.id === department);
      if (!known)
        await kernel.identity.addDepartment(kernel.db, {
          id: department,
          title: department,
          titleEn: department,
          code: '113499000000000000',
          level: 3,
          area: '349900',
        });
      await addAccount(kernel, id, department);
      await kernel.identity.setRoles(kernel.db, id, [roles].flat() as Role[]);
      const token = await session(kernel, id);
      const actor = await kernel.identity.actorOf(token);
      if (!actor) throw new Error(`${id} has no session`);
      return { ...actor, token };
    },
    put: (kind, ...docs) =>
      kernel.db.transaction(async (tx) => {
        for (const doc of docs) await kernel.documents.put(tx, kind, doc, { origin: 'code', actor: 'test' });
      }),
    async drain() {
      const failed: unknown[] = [];
      const taskList = taskListOf(kernel, new AbortController().signal, (e) => failed.push(e));
      const busy = async () =>
        (
          await kernel.db.first<{ n: number }>(
            // What waits for something else is looked at again within half a second.
            `select count(*) as n from graphile_worker.jobs where attempts < max_attempts and run_at <= now() + interval '1 second'`,
          )
        )?.n ?? 0;
      while ((await busy()) > 0 && failed.length === 0)
        await runOnce({
          connectionString: database.urls.app,
          taskList,
          noHandleSignals: true,
          concurrency: 2,
          logger: new Logger(() => () => undefined),
        });
      if (failed.length > 0) throw failed[0];
    },
    async call(method, url, as = null, body) {
      const reply = await door.fastify.inject({
        method,
        url,
        ...(as && { headers: { authorization: `Bearer ${as.token}` } }),
        ...(body !== undefined && { payload: body as object }),
      });
      if (reply.statusCode === 500 && errors.length > 0) throw errors.pop();
      return { status: reply.statusCode, body: reply.json() as never };
    },
    async close() {
      await door.fastify.close();
      await audit.close();
      await kernel.close();
      await warehouse?.stop();
      await database.drop();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a password leaves behind, found once in a process: to find it anew for each of some hundred accounts took a tenth of all tests' time. */
let passwordHash: string | undefined;

async function addAccount({ identity, db, clock }: OpenKernel, id: string, department: string): Promise<void> {
  if (passwordHash === undefined) {
    await identity.addUser(db, { id, name: id, department, password: testPassword });
    passwordHash = (await db.first<{ password: string }>('select password from kernel.account where id = $1', [id]))?.password;
  } else
    await db.run('insert into kernel.account (id, name, department, password, created_at) values ($1, $1, $2, $3, $4)', [
      id,
      department,
      passwordHash,
      clock.now(),
    ]);
}

/** The token of a session as signing in begins one, without the password's cost. */
async function session({ db, clock }: OpenKernel, account: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.run(
    `insert into kernel.session (token, account, door, created_at, seen_at, expires_at) values ($1, $2, 'console', $3, $3, $4)`,
    [createHash('sha256').update(token).digest(), account, clock.now(), new Date(clock.now().getTime() + limits.sessionHours * 3600_000)],
  );
  return token;
}
