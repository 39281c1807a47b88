/**
 * What comes from outside and is wrong: refused with a code, a sentence in both languages and what to do; nothing is lost, and what was in
 * force stays in force down to the answer of the gateway.
 *
 * | what | where it is tried |
 * | --- | --- |
 * | the source is away, says no, lacks the table | src/collect/land.test.ts, connectors/postgres.test.ts |
 * | the source dies in the middle of a batch | src/collect/land.test.ts, connectors/postgres.test.ts; through the worker: here |
 * | drift of every kind | src/collect/land.test.ts; while a grant is live: here |
 * | encodings, quotes, NUL, workbooks that are none | connectors/csv.test.ts, connectors/xlsx.test.ts; down the whole river: here |
 * | an upload cut off | src/collect/access.test.ts |
 * | a key after its grant ran out, was revoked, or was deleted | src/gateway/gateway.test.ts |
 * | a filter or a key value of the wrong type | src/share/requests.test.ts, src/gateway/gateway.test.ts |
 * | fields dropped from a binding, a library or an element while a grant names them | src/share/requests.test.ts |
 * | two starts on one data folder, a lock nobody holds | here |
 * | DATABASE_URL wrong, without rights | here |
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareRoles } from '#kernel/db/roles';
import { isRefusal, type Problem, problemOf } from '#kernel/errors';
import { markOf } from '#kernel/process';
import { bindingDocument, sourceDocument } from '../bin/city/documents.ts';
import { runningIn, takeSite } from '../bin/site.ts';
import { createDatabase, type TestDatabase } from './database.ts';
import { openRiver, type River, service, table } from './river.ts';

/** A refusal somebody can act on, in either language, with every place filled. */
function expectWords(problem: Problem | null | undefined, code: string): void {
  expect(problem?.code, JSON.stringify(problem)).toBe(code);
  for (const text of [problem?.title, problem?.hint]) expect(text).toMatch(/\p{Script=Han}/u);
  for (const text of [problem?.titleEn, problem?.hintEn]) expect(text).toMatch(/[a-z]{2}/);
  for (const text of [problem?.title, problem?.titleEn, problem?.hint, problem?.hintEn])
    expect(text).not.toMatch(/\{\w+\}|undefined|\[object/);
}

describe('down the river', () => {
  let river: River;
  let lines: readonly string[];
  beforeAll(async () => {
    river = await openRiver();
    lines = river.file.trimEnd().split('\n');
  }, 120_000);
  afterAll(() => river.close());

  const file = (change: (line: string, row: number) => string): string => `${lines.map(change).join('\n')}\n`;
  /** The third governed row's number: somebody who must stay findable. */
  const somebody = async (): Promise<string> =>
    (await river.k.db.first<{ n: string }>(`select "identityNumber" as n from serving."${service.id}_v1" order by _key offset 2 limit 1`))
      ?.n ?? '';
  const inForce = async () => {
    const answer = await river.ask(river.key.secret, { field: 'identityNumber', value: await somebody() });
    expect(answer.status).toBe(200);
    return {
      batches: await river.k.db.rows('select seq, object, rows_in from collect.batch order by seq'),
      governed: await river.k.warehouse.query(`select count(*)::INTEGER as n, max(_batch)::VARCHAR as batch from governed."${table.id}"`),
      findings: await river.k.warehouse.query(`select count(*)::INTEGER as n from finding."${table.id}"`),
      served: await river.k.db.first(
        `select count(*) as n, md5(string_agg(s::text, ' ' order by _key)) as digest from serving."${service.id}_v1" s`,
      ),
      answer: (answer.body as unknown as { rows: unknown[] }).rows,
    };
  };
  const sums = async (run: { result: unknown }) => {
    const r = run.result as Record<'rowsIn' | 'rowsData' | 'rowsRefused' | 'rowsOther', number>;
    const [govern] = await river.k.db.rows<{ read: number; governed: number; quarantined: number }>(
      'select rows_read as read, rows_governed as governed, rows_quarantined as quarantined from govern.result where table_id = $1 order by batch desc limit 1',
      [table.id],
    );
    expect(r.rowsIn).toBe(r.rowsData + r.rowsRefused + r.rowsOther);
    expect(govern?.read).toBe(r.rowsIn - r.rowsOther);
    expect(govern?.read).toBe((govern?.governed ?? 0) + (govern?.quarantined ?? 0));
    return r;
  };

  test.each([
    [
      'another encoding',
      () => Buffer.concat([Buffer.from(`${lines[0]}\n`), Buffer.from([0xd5, 0xc5, 0xc8, 0xfd, 0x0a])]),
      'COLLECT_WRONG_ENCODING',
    ],
    ['a granted column gone', () => file((l) => l.split(',').toSpliced(3, 1).join(',')), 'COLLECT_DRIFT'],
    ['a granted column under another name', () => file((l, i) => (i === 0 ? l.replace('单位名称', '工作单位') : l)), 'COLLECT_DRIFT'],
    ['a column too many', () => file((l, i) => `${l},${i === 0 ? '备注' : 'x'}`), 'COLLECT_DRIFT'],
    ['columns in another order', () => file((l) => l.split(',').toReversed().join(',')), 'COLLECT_DRIFT'],
    ['nothing', () => '', 'COLLECT_EMPTY'],
    ['a title nobody declared', () => `参保人员名单\n${river.file}`, 'COLLECT_DRIFT'],
  ])('a delivery with %s is refused whole', async (_, content, code) => {
    const before = await inForce();
    const run = await river.deliver(content());
    expect(run.state).toBe('refused');
    expectWords(run.problem, code);
    expect(await inForce()).toEqual(before);
  });

  test('drift is told where people look, and a right delivery ends it', async () => {
    await river.deliver(file((l) => l.split(',').toSpliced(3, 1).join(',')));
    const page = async () => {
      const source = (await river.ok('GET', `/api/collect/sources/${table.id}`, river.steward)) as unknown as {
        state: string;
        cause: { zh: string } | null;
      };
      const entry = (await river.ok('GET', `/api/catalog/entries/${table.id}`, river.steward)) as unknown as { mount: { state: string } };
      return [source.state, entry.mount.state, source.cause?.zh.includes('单位名称') ?? null];
    };
    expect(await page()).toEqual(['drifted', 'drifted', true]);
    expect((await river.deliver(river.file)).state).toBe('done');
    expect(await page()).toEqual(['good', 'bound', null]);
  });

  test('a row that cannot be read is refused, the rest come in, and the sums hold', async () => {
    const before = await inForce();
    const broken = [
      '张"三,349901199001010015,,,2020-01-01,,',
      '李四,349901199001010023',
      '王五,349901199001010031,,,2020-01-01,,,多一格',
      '"赵六"x,1,,,,,,,多',
      '钱\0七,2,,,,,',
    ];
    const run = await river.deliver(`${river.file.trimEnd()}\n${broken.join('\n')}\n`);
    expect(run.state, JSON.stringify(run.problem)).toBe('done');
    const r = await sums(run);
    expect(r.rowsData).toBeGreaterThanOrEqual(lines.length - 1);
    expect(r.rowsRefused).toBeGreaterThanOrEqual(3);
    expect(r.rowsRefused + r.rowsData).toBe(lines.length - 1 + broken.length);
    const after = await inForce();
    expect([after.served, after.answer]).toEqual([before.served, before.answer]);
    const again = await river.deliver(river.file);
    await sums(again);
    expect((await inForce()).served).toEqual(before.served);
  });

  test('what a live grant stands on cannot be taken out of source or binding', async () => {
    const before = await inForce();
    const without = bindingDocument(table);
    const put = async (url: string, body: unknown) => (await river.k.call('PUT', url, river.steward, body)).body as unknown as Problem;
    expectWords(
      await put(`/api/govern/bindings/${table.id}`, {
        ...without,
        fields: without.fields.filter((f) => f.name !== 'insuredOn'),
        rules: without.rules.filter((r) => !Object.values(r.slots).includes('insuredOn')),
      }),
      'DOCUMENT_IN_USE',
    );
    const source = sourceDocument(table, null);
    expectWords(
      await put(`/api/collect/sources/${table.id}`, { ...source, columns: source.columns.filter((c) => c !== '参保日期') }),
      'COLLECT_COLUMN_IN_USE',
    );
    await river.k.drain();
    expect(await inForce()).toEqual(before);
  });

  describe('from a database', () => {
    let theirs: TestDatabase;
    let admin: pg.Client;
    beforeAll(async () => {
      theirs = await createDatabase();
      admin = new pg.Client({ connectionString: theirs.url });
      admin.on('error', () => undefined);
      await admin.connect();
      const url = new URL(theirs.url);
      await admin.query('create table slow_at (n integer)');
      await admin.query(
        'create function pass(n integer) returns integer language plpgsql as $$ begin if exists (select from public.slow_at s where s.n = pass.n) then perform pg_sleep(60); end if; return n; end $$',
      );
      await admin.query(`create view person as select pass(n) as id, '人' || n as name from generate_series(1, 5000) n`);
      await river.ok('PUT', '/api/collect/secrets/their-reader', river.steward, { value: decodeURIComponent(url.password) || 'none' });
      const settings = {
        host: url.hostname,
        port: Number(url.port),
        database: theirs.name,
        user: decodeURIComponent(url.username),
        password: 'secret:their-reader',
        schema: 'public',
        table: 'person',
      };
      await river.ok('PUT', '/api/collect/sources/their-person', river.steward, {
        ...sourceDocument(table, null),
        id: 'their-person',
        connector: 'postgres',
        settings,
        columns: ['id', 'name'],
        key: ['id'],
        layout: null,
      });
      await river.ok('PUT', '/api/govern/bindings/their-person', river.steward, {
        ...bindingDocument(table),
        id: 'their-person',
        source: 'their-person',
        key: ['number'],
        newest: null,
        rules: [],
        fields: [
          { name: 'number', column: 'id', title: { zh: '编号', en: 'Number' }, element: 'text', sensitivity: null },
          { name: 'name', column: 'name', title: { zh: '姓名', en: 'Name' }, element: 'text', sensitivity: null },
        ],
      });
    });
    afterAll(async () => {
      await admin.end().catch(() => undefined);
      await theirs.drop();
    });

    const collect = async (meanwhile: () => Promise<void> = async () => undefined) => {
      const { run } = (await river.ok('POST', '/api/collect/sources/their-person/runs', river.steward, {})) as unknown as { run: string };
      await Promise.all([river.k.drain(), meanwhile()]);
      return river.k.jobs.find(river.k.db, run);
    };
    const held = async () =>
      river.k.warehouse.query(`select count(*)::INTEGER as n, max(_batch)::VARCHAR as batch from current."their-person"`);

    test('that goes away in the middle: nothing of the batch stays, and the next is whole', async () => {
      const first = await collect();
      expect(first?.state, JSON.stringify(first?.problem)).toBe('done');
      const before = await held();
      expect(before).toMatchObject([{ n: 5000 }]);
      await admin.query('insert into slow_at values (4000)');
      const cut = await collect(async () => {
        const killed = async () =>
          (
            await admin.query(
              `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
            )
          ).rowCount;
        await expect.poll(killed, { timeout: 20_000 }).toBe(1);
      });
      expect(cut?.state).toBe('refused');
      expectWords(cut?.problem, 'COLLECT_SOURCE_INTERRUPTED');
      expect(await held()).toEqual(before);
      await admin.query('delete from slow_at');
      await admin.query(`create or replace view person as select pass(n) as id, '人' || n as name from generate_series(1, 5001) n`);
      expect((await collect())?.state).toBe('done');
      expect(await held()).toMatchObject([{ n: 5001 }]);
    });

    test('that is no longer there', async () => {
      const before = await held();
      await admin.end();
      await theirs.drop();
      const run = await collect();
      expect(run?.state).toBe('refused');
      expectWords(run?.problem, 'COLLECT_SOURCE_UNREACHABLE');
      expect(await held()).toEqual(before);
      const source = (await river.ok('GET', '/api/collect/sources/their-person', river.steward)) as unknown as { state: string };
      expect(source.state).toBe('trouble');
    });
  });
});

describe('two starts on one data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-site-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const refusal = (work: () => unknown): Problem => {
    try {
      work();
    } catch (error) {
      if (isRefusal(error)) return problemOf(error);
      throw error;
    }
    throw new Error('it was let in');
  };
  /** Another process of ours that has the folder until it is killed. */
  const elsewhere = async (announce: boolean): Promise<{ pid: number; took: boolean; kill(): Promise<void> }> => {
    const code = `const { takeSite } = await import(${JSON.stringify(new URL('../bin/site.ts', import.meta.url).href)}); let site; try { site = takeSite(process.argv[1]); } catch (e) { console.log(e.code); process.exit(0); } ${announce ? "site.announce('http://127.0.0.1:1');" : ''} console.log('taken'); setInterval(() => undefined, 1000)`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder, 'chengshu'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = String(await new Promise((done) => child.stdout.once('data', done))).trim();
    expect(['taken', 'SITE_TAKEN']).toContain(said);
    const over = new Promise<void>((done) => child.once('exit', () => done()));
    return {
      pid: child.pid ?? 0,
      took: said === 'taken',
      kill: () => {
        child.kill('SIGKILL');
        return over;
      },
    };
  };

  test.each([true, false])(
    'the second is told who has it, also before the first has an address (%s), and a killed first one is taken over',
    async (announced) => {
      const first = await elsewhere(announced);
      const told = refusal(() => takeSite(folder));
      expectWords(told, 'SITE_TAKEN');
      expect(told.params['pid']).toBe(first.pid);
      expect(refusal(() => takeSite(folder)).code).toBe('SITE_TAKEN');
      await first.kill();
      const mine = takeSite(folder);
      expect(readFileSync(join(folder, 'run', 'lock'), 'utf8')).toBe(markOf(process.pid));
      mine.release();
    },
  );

  test('a lock that is just being written is not taken over', () => {
    mkdirSync(join(folder, 'run'), { recursive: true });
    writeFileSync(join(folder, 'run', 'lock'), '');
    expect(refusal(() => takeSite(folder)).code).toBe('SITE_TAKEN');
    rmSync(join(folder, 'run', 'lock'));
  });

  test('of many starts at one instant over a dead lock one gets it', async () => {
    writeFileSync(join(folder, 'run', 'lock'), '999999999');
    const starts = await Promise.all(Array.from({ length: 4 }, () => elsewhere(true)));
    expect(starts.filter((s) => s.took)).toHaveLength(1);
    await Promise.all(starts.map((s) => s.kill()));
  });

  test.runIf(process.platform === 'linux')('a start of ours that was given the number of the dead holder is not the holder', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', 'chengshu'], { stdio: 'ignore' });
    const { pid = 0 } = stranger;
    const mark = markOf(pid);
    const leave = (holder: string) => {
      mkdirSync(join(folder, 'run'), { recursive: true });
      writeFileSync(join(folder, 'run', 'lock'), holder);
      writeFileSync(join(folder, 'run', 'up.json'), JSON.stringify({ pid, mark: holder, address: 'http://127.0.0.1:1', startedAt: '' }));
    };
    try {
      leave(mark);
      expect(runningIn(folder)?.pid).toBe(pid);
      expect(refusal(() => takeSite(folder)).params['pid']).toBe(pid);
      leave(`${pid}.17`);
      expect(runningIn(folder)).toBeUndefined();
      takeSite(folder).release();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  test.each([
    ['lock', ''],
    ['lock', 'no number'],
    ['lock', '-1'],
    ['up.json', ''],
    ['up.json', '{"pid":'],
    ['up.json', 'null'],
  ])('a %s that a power cut left as %j holds nobody up', (name, content) => {
    mkdirSync(join(folder, 'run'), { recursive: true });
    writeFileSync(join(folder, 'run', name), content);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(folder, 'run', name), longAgo, longAgo);
    expect(runningIn(folder)).toBeUndefined();
    takeSite(folder).release();
  });
});

describe('DATABASE_URL', () => {
  const key = Buffer.alloc(32, 7);
  let database: TestDatabase;
  let admin: pg.Client;
  const users: string[] = [];
  beforeAll(async () => {
    database = await createDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });
  afterAll(async () => {
    for (const user of users) await admin.query(`drop owned by ${user}; drop role ${user}`);
    await admin.end();
    await database.drop();
  });

  const prepared = async (url: string): Promise<Problem> => {
    try {
      await prepareRoles(url, key);
    } catch (error) {
      if (isRefusal(error)) return problemOf(error);
      throw error;
    }
    throw new Error('it was accepted');
  };
  const as = async (rights: string): Promise<string> => {
    const name = `u${users.length}_${database.name}`;
    await admin.query(`create role ${name} login password 'invented' ${rights}`);
    users.push(name);
    const url = new URL(database.url);
    [url.username, url.password] = [name, 'invented'];
    return url.href;
  };
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  test.each([
    [
      'a port nobody listens on',
      () =>
        changed((u) => {
          u.port = '1';
        }),
    ],
    [
      'a host that is none',
      () =>
        changed((u) => {
          u.hostname = 'nowhere.invalid';
        }),
    ],
    [
      'a database that is not there',
      () =>
        changed((u) => {
          u.pathname = '/nowhere';
        }),
    ],
    [
      'a user who is none',
      () =>
        changed((u) => {
          u.username = 'nobody';
        }),
    ],
    [
      'a wrong password',
      () =>
        changed((u) => {
          u.password = 'wrong';
        }),
    ],
    ['no URL', () => 'postgres://%%%:x@/'],
    ['another protocol', () => 'http://127.0.0.1:1/x'],
  ])('with %s', async (_, url) => {
    const problem = await prepared(url());
    expectWords(problem, 'DATABASE_URL_WRONG');
    expect(JSON.stringify(problem)).not.toContain(new URL(database.url).password || 'wrong');
  });

  test('of a user who may not create roles, or not create in this database', async () => {
    expectWords(await prepared(await as('')), 'DATABASE_ROLES_DENIED');
    const visitor = await as('createrole');
    expectWords(await prepared(visitor), 'DATABASE_NOT_OWN');
    await admin.query(`grant create on database ${database.name} to ${users.at(-1)}`);
    expectWords(await prepared(visitor), 'DATABASE_NOT_OWN');
    expect((await admin.query('select 1 from pg_roles where rolname = $1', [`${database.name}_app`])).rowCount).toBe(0);
    expect((await admin.query(`select 1 from pg_namespace where nspname in ('log', 'kernel')`)).rowCount).toBe(0);
  });

  test('of an owner who is no superuser, as a hosted database gives', async () => {
    const own = await createDatabase();
    const user = await as('createrole');
    try {
      await admin.query(`alter database ${own.name} owner to ${users.at(-1)}`);
      const url = new URL(user);
      url.pathname = `/${own.name}`;
      const urls = await prepareRoles(url.href, key);
      expect(await prepareRoles(url.href, key)).toEqual(urls);
      const app = new pg.Client({ connectionString: urls.app });
      await app.connect();
      await app.query('create schema trial; create table trial.t (n integer); insert into trial.t values (1)');
      await expect(app.query('insert into log.record default values')).rejects.toMatchObject({ code: '42501' });
      await app.end();
    } finally {
      await own.drop();
    }
  });

  test('prepared twice at once and again with the same key is the same; the roles work', async () => {
    const [a, b] = await Promise.all([prepareRoles(database.url, key), prepareRoles(database.url, key)]);
    expect(a).toEqual(b);
    for (const url of Object.values(a)) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.end();
    }
  });
});
