/** The embedded PostgreSQL on its own folder: made whole, adopted, started again after a kill, refused where it is not ours. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningPostgres, removePostgres, startPostgres } from './embedded.ts';
import { prepareRoles } from './roles.ts';

let outer: string;
let folder: string;
let server: RunningPostgres;
beforeAll(async () => {
  outer = mkdtempSync(join(tmpdir(), 'chengshu-embedded-'));
  chmodSync(outer, 0o711);
  folder = join(outer, 'postgres');
  // What a kill in the middle of initdb leaves.
  mkdirSync(join(folder, 'data.new'), { recursive: true });
  writeFileSync(join(folder, 'data.new', 'PG_VERSION'), 'half');
  if (process.getuid?.() === 0) chmodSync(folder, 0o777);
  server = await startPostgres({ folder, durable: false });
});
afterAll(async () => {
  await removePostgres(folder);
  rmSync(outer, { recursive: true, force: true });
});

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

test('it runs where it says, asks for the password, and has the city’s zone', async () => {
  const rows = await ask(
    server.url,
    `select current_setting('data_directory') as data, current_setting('TimeZone') as zone, current_setting('ssl') as ssl, current_database() as db`,
  );
  expect(rows).toEqual([{ data: join(server.folder, 'data'), zone: 'Asia/Shanghai', ssl: 'off', db: 'chengshu' }]);
  expect(statSync(join(server.folder, 'password')).mode & 0o077).toBe(0);
  expect(readdirSync(server.folder)).not.toContain('data.new');
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  if (server.socket)
    await expect(
      ask(`postgres://chengshu@/chengshu?host=${server.socket}&port=${new URL(server.url).port}&password=wrong`, 'select 1'),
    ).rejects.toMatchObject({ code: '28P01' });
});

test('the roles of an installation go by the socket where there is one', async () => {
  const urls = await prepareRoles(server.url, Buffer.alloc(32, 5), server.socket);
  for (const url of Object.values(urls) as string[])
    expect(await ask(url, 'select inet_client_addr()::text as a, current_user::text as u')).toEqual([
      { a: server.socket === undefined ? '127.0.0.1/32' : null, u: new URL(url).username },
    ]);
});

test('a running server is adopted', async () => {
  const again = await startPostgres({ folder });
  expect([again.adopted, again.pid, again.url]).toEqual([true, server.pid, server.url]);
});

test('killed, it starts again on the same port with what was committed', async () => {
  await ask(server.url, 'create table kept as select 7 as n');
  const port = Number(new URL(server.url).port);
  await ask(server.url, 'checkpoint');
  for (let times = 0; times < 3; times++) {
    process.kill(server.pid, 'SIGKILL');
    server = await startPostgres({ folder, port, durable: false });
    expect([server.adopted, Number(new URL(server.url).port)]).toEqual([false, port]);
    expect(await ask(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
  }
});

test('a lock file whose number came round to another program does not stop it', async () => {
  const lock = readFileSync(join(server.folder, 'data', 'postmaster.pid'), 'utf8');
  await server.stop();
  expect(server.alive()).toBe(false);
  await server.exited;
  const stranger = process.pid;
  for (const file of [join(server.folder, 'data', 'postmaster.pid'), join(server.folder, `.s.PGSQL.${new URL(server.url).port}.lock`)])
    writeFileSync(file, lock.replace(/^\d+/, String(stranger)));
  const { port } = new URL(server.url);
  server = await startPostgres({ folder, durable: false });
  // Unasked on the port it had: a source of its own department may name it.
  expect([server.adopted, new URL(server.url).port]).toEqual([false, port]);
  expect(await ask(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
});

test('a taken port, a lost password and data of another version are named', async () => {
  const taken = Number(new URL(server.url).port);
  const other = join(outer, 'other');
  await expect(startPostgres({ folder: other, port: taken, durable: false })).rejects.toMatchObject({ code: 'POSTGRES_NOT_STARTED' });
  await removePostgres(other);
  expect(existsSync(other)).toBe(false);

  const password = readFileSync(join(server.folder, 'password'), 'utf8');
  writeFileSync(join(server.folder, 'password'), 'another');
  await expect(startPostgres({ folder })).rejects.toMatchObject({
    code: 'POSTGRES_NOT_STARTED',
    params: { reason: expect.stringMatching(/password/) },
  });
  expect(server.alive()).toBe(true);
  writeFileSync(join(server.folder, 'password'), password);

  const version = join(server.folder, 'data', 'PG_VERSION');
  writeFileSync(version, '15\n');
  await expect(startPostgres({ folder })).rejects.toMatchObject({ code: 'POSTGRES_OTHER_VERSION', params: { found: '15', ours: '18' } });
  writeFileSync(version, '18\n');
});

test.runIf(process.getuid?.() === 0)(
  'below a folder that its user cannot enter it lives elsewhere, says where, and stays there',
  async () => {
    const closed = mkdtempSync(join(tmpdir(), 'chengshu-closed-'));
    const heard: string[] = [];
    const first = await startPostgres({ folder: join(closed, 'postgres'), durable: false, log: (line) => heard.push(line.en) });
    expect(first.folder).toMatch(/^\/var\/lib\/chengshu-[0-9a-f]{12}$/);
    expect(heard).toEqual([expect.stringContaining(first.folder)]);
    await ask(first.url, 'create table kept as select 7 as n');
    await first.stop();
    chmodSync(closed, 0o711);
    const second = await startPostgres({ folder: join(closed, 'postgres'), durable: false });
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await removePostgres(join(closed, 'postgres'));
    expect([existsSync(first.folder), second.alive()]).toEqual([false, false]);
    rmSync(closed, { recursive: true });
  },
);
