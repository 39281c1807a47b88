/** The line of a call: answers, refusals that name the clause, revocation that holds at once, and no answer without a record. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCollect } from '#collect';
import { col, startsWith, text } from '#declare/expr/index';
import { openDocuments } from '#kernel/documents/documents';
import { raiseEpoch } from '#kernel/epoch';
import { shareProcesses, shareStage } from '#share';
import { type TestKernel, testKernel } from '#test/kernel';
import { revokeGrant } from '../share/grants.ts';
import { deleteKey } from '../share/keys.ts';
import { publishService } from '../share/publish.ts';
import * as sample from '../share/test-sample.ts';
import { gatewayStage } from './index.ts';
import { takeCall } from './line.ts';
import { openMemory } from './memory.ts';
import { openReader, type Reader } from './read.ts';
import { granted } from './test-granted.ts';

let k: TestKernel;
const id = (n: number): string => `3499${String(n).padStart(13, '0')}X`;
const person = (n: number): sample.Person => ({
  idNumber: id(n),
  name: `张三${n}`,
  birth: '1990-01-02',
  height: `${n}.50`,
  street: n < 15 ? '城关街道' : '河东街道',
});
const publish = async (service: string) =>
  publishService(k, service, { signal: new AbortController().signal, progress: async () => undefined });
type Reply = {
  status: number;
  body: {
    rows: Record<string, unknown>[];
    count: number;
    more: boolean;
    grant: string;
    record: { id: string; digest: string };
    code: string;
    params: Record<string, string>;
    title: string;
  };
  headers: Record<string, unknown>;
  bytes: number;
};

async function ask(service: string, secret: string | null, body: unknown): Promise<Reply> {
  const reply = await k.door.fastify.inject({
    method: 'POST',
    url: `/api/gateway/${service}/query`,
    headers: { ...(secret && { authorization: `Bearer ${secret}` }), 'content-type': 'application/json' },
    payload: JSON.stringify(body),
  });
  return { status: reply.statusCode, body: reply.json(), headers: reply.headers, bytes: Buffer.byteLength(reply.payload) };
}
const line = async (record: unknown) => k.audit.get(String(record));

beforeAll(async () => {
  k = await testKernel([createCollect({ connectors: [] }), shareStage, gatewayStage]);
  await k.put('process', ...shareProcesses);
  for (const [kind, docs] of sample.documents) await k.put(kind, ...docs);
  await k.warehouse.execute(sample.warehouseStatements(Array.from({ length: 30 }, (_, i) => person(i))));
  await publish('person-query');
});
afterAll(() => k.close());

describe('an answer', () => {
  test('shows the granted fields, masked as granted, and is in the log byte for byte', async () => {
    const g = await granted(k, 'person-query', ['idNumber', 'name', 'birth', 'height']);
    const reply = await ask('person-query', g.secret, { field: 'idNumber', value: id(7) });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        rows: [{ idNumber: '349*************7X', name: '张三7', birth: '1990-01-02', height: 7.5 }],
        count: 1,
        more: false,
        grant: g.grant.id,
      },
      headers: {
        'chengshu-grant': g.grant.id,
        'chengshu-record': reply.body.record.id,
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(reply.bytes),
      },
    });
    expect(Object.keys(reply.body.rows[0] ?? {})).toEqual(['idNumber', 'name', 'birth', 'height']);
    // What guards every answer of ours guards this one, which leaves by a shorter way.
    const other = (await k.door.fastify.inject({ method: 'GET', url: '/nowhere' })).headers;
    const guards = Object.keys(other).filter((h) => /^(x-|referrer|content-security|cache)/.test(h));
    expect(guards).toContain('cache-control');
    expect(guards.length).toBeGreaterThan(4);
    for (const h of guards) expect(reply.headers[h], h).toBe(other[h]);
    const record = await line(reply.body.record.id);
    expect(record).toMatchObject({
      door: 'gateway',
      outcome: 'answered',
      actor: `key:${g.keyId}`,
      department: 'civil',
      target: 'service:person-query',
      grant: g.grant.id,
      rows: 1,
      bytes: reply.bytes,
      digest: reply.body.record.digest,
      intact: true,
    });
    expect(JSON.parse(record.canonical)).toMatchObject({
      purpose: '核验办事人身份',
      fields: ['idNumber', 'name', 'birth', 'height'],
      subjects: [k.recorder.subject(id(7))],
    });
    expect(record.canonical).not.toContain(id(7));
  });

  test('finds the row whatever width and case the value is written in, and by a date or a number', async () => {
    const g = await granted(k, 'person-query', ['name']);
    for (const value of [id(8).toLowerCase(), `　${id(8)} `, [...id(8)].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')])
      expect((await ask('person-query', g.secret, { field: 'idNumber', value })).body.rows).toEqual([{ name: '张三8' }]);
    expect((await ask('person-query', g.secret, { field: 'height', value: 9.5 })).body.rows).toEqual([{ name: '张三9' }]);
    expect((await ask('person-query', g.secret, { field: 'height', value: '09.500' })).body.rows).toEqual([{ name: '张三9' }]);
    expect((await ask('person-query', g.secret, { field: 'birth', value: '1990-01-02', limit: 3 })).body).toMatchObject({
      count: 3,
      more: true,
    });
    expect((await ask('person-query', g.secret, { field: 'idNumber', value: '没有此人' })).body).toMatchObject({
      rows: [],
      count: 0,
      more: false,
    });
  });

  test('gives a number that a double does not hold as its text, and finds it however it is written', async () => {
    const g = await granted(k, 'person-query', ['height']);
    const set = (height: string) => k.db.run(`update serving."person-query_v1" set height = $1 where "idNumber" = $2`, [height, id(29)]);
    for (const [kept, shown, ...asked] of [
      ['9007199254740993', '9007199254740993', '9007199254740993.0', '9.007199254740993E15'],
      ['0.1234567890123456', 0.1234567890123456, '.1234567890123456', 0.1234567890123456],
      ['-1234567890123456789012.5', '-1234567890123456789012.5', '-1,234,567,890,123,456,789,012.50'],
      ['1500', 1500, '1.5e3', 1500, '001500'],
    ] as const) {
      await set(kept);
      for (const value of asked)
        expect((await ask('person-query', g.secret, { field: 'height', value })).body.rows, `${kept} as ${value}`).toEqual([
          { height: shown },
        ]);
    }
    await set('29.50');
  });

  test('pages through a key with many rows, each row once, and never shows more than the service allows', async () => {
    const g = await granted(k, 'person-query', ['name'], startsWith(col('street'), text('河东')));
    const pages = await Promise.all(
      [0, 6, 12].map((offset) => ask('person-query', g.secret, { field: 'birth', value: '1990-01-02', limit: 6, offset })),
    );
    expect(pages.map((p) => p.body.more)).toEqual([true, true, false]);
    expect(pages.flatMap((p) => p.body.rows.map((r) => r['name']))).toEqual(Array.from({ length: 15 }, (_, i) => `张三${i + 15}`));
    expect((await ask('person-query', g.secret, { field: 'street', value: '城关街道' })).body).toMatchObject({ rows: [], count: 0 });
    const all = await granted(k, 'person-query', ['name']);
    expect((await ask('person-query', all.secret, { field: 'birth', value: '1990-01-02' })).body).toMatchObject({ count: 20, more: true });
  });

  test('calls that arrive together get what each alone gets', async () => {
    const plain = await granted(k, 'person-query', ['idNumber', 'name']);
    const filtered = await granted(k, 'person-query', ['name', 'street'], startsWith(col('street'), text('城关')));
    const calls = Array.from({ length: 120 }, (_, i) => ({
      secret: (i % 2 === 0 ? plain : filtered).secret,
      body:
        i % 5 === 0 ? { field: 'street', value: '城关街道', limit: 1 + (i % 7), offset: i % 4 } : { field: 'idNumber', value: id(i % 33) },
    }));
    const alone = [];
    for (const c of calls) alone.push((await ask('person-query', c.secret, c.body)).body.rows);
    const together = await Promise.all(calls.map((c) => ask('person-query', c.secret, c.body)));
    expect(together.map((t) => t.body.rows)).toEqual(alone);
    expect(new Set(together.map((t) => t.body.record.id)).size).toBe(calls.length);
  });
});

describe('a refusal names its clause and is recorded', () => {
  const expectRefusal = async (reply: Reply, status: number, code: string, params: Record<string, unknown> = {}) => {
    expect(reply).toMatchObject({ status, body: { code, params } });
    expect(await line(reply.headers['chengshu-record'])).toMatchObject({
      outcome: 'refused',
      rows: 0,
      target: expect.stringMatching(/^service:/) as string,
    });
    expect(JSON.parse((await line(reply.headers['chengshu-record'])).canonical)).toMatchObject({ refusal: code });
  };
  const ok = { field: 'idNumber', value: id(1) };

  test('find and authenticate', async () => {
    const g = await granted(k, 'person-query', ['name']);
    await expectRefusal(await ask('nowhere', g.secret, ok), 404, 'GATEWAY_SERVICE_UNKNOWN');
    await expectRefusal(await ask('%00%E4%BA%BA', g.secret, ok), 404, 'GATEWAY_SERVICE_UNKNOWN');
    for (const secret of [
      null,
      'x',
      `${g.secret}x`,
      g.secret.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
      `cs_0000000000000000_${'a'.repeat(43)}`,
    ])
      await expectRefusal(await ask('person-query', secret, ok), 401, 'GATEWAY_KEY_UNKNOWN');
  });

  test('authorise', async () => {
    const g = await granted(k, 'person-query', ['name'], null, '2026-12-01');
    await expectRefusal(await ask('people-query', g.secret, ok), 403, 'GATEWAY_OTHER_SERVICE', {
      grant: g.grant.id,
      granted: 'person-query',
    });
    k.clock.set('2026-12-01T16:00:00Z');
    await expectRefusal(await ask('person-query', g.secret, ok), 403, 'GATEWAY_GRANT_EXPIRED', { grant: g.grant.id, date: '2026-12-01' });
    k.clock.set('2026-11-23T15:00:00Z');
    await expectRefusal(await ask('person-query', g.secret, ok), 403, 'GATEWAY_GRANT_FUTURE', { date: '2026-11-24' });
    k.clock.set('2026-11-24T02:00:00Z');
    expect((await ask('person-query', g.secret, ok)).status).toBe(200);
    await k.db.run(`update kernel.document_version set body = jsonb_set(body, '{validTo}', '"2099-01-01"') where id = $1`, [g.grant.id]);
    const memory = openMemory({ ...k, documents: openDocuments(k.db, k.clock.now) });
    expect(
      await takeCall(
        { kernel: k, memory, reader: openReader(k.db.url) },
        { service: 'person-query', authorization: `Bearer ${g.secret}`, body: ok },
      ),
    ).toMatchObject({ refusal: { code: 'GATEWAY_SEAL_BROKEN' } });
  });

  test('plan', async () => {
    const g = await granted(k, 'person-query', ['name']);
    for (const body of [null, [], 'x', {}, { value: 'x' }, { field: 7, value: 'x' }, { ...ok, more: 1 }])
      await expectRefusal(await ask('person-query', g.secret, body), 400, 'GATEWAY_BODY');
    for (const field of ['name', 'nowhere', '_key', "x' or 1=1", '__proto__'])
      await expectRefusal(await ask('person-query', g.secret, { field, value: 'x' }), 400, 'GATEWAY_FIELD', {
        keys: 'idNumber, street, birth, height',
      });
    for (const value of [null, undefined, 7, ['x'], {}, '', '　', 'x'.repeat(201), 'a\0b', '\ud800', true])
      await expectRefusal(await ask('person-query', g.secret, { field: 'idNumber', value }), 400, 'GATEWAY_VALUE', { field: 'idNumber' });
    for (const value of ['1990-02-30', '19900102', 19900102, '昨天'])
      await expectRefusal(await ask('person-query', g.secret, { field: 'birth', value }), 400, 'GATEWAY_VALUE', { field: 'birth' });
    for (const value of ['1e', 'abc', 1e30, '１.２.３'])
      await expectRefusal(await ask('person-query', g.secret, { field: 'height', value }), 400, 'GATEWAY_VALUE', { field: 'height' });
    for (const page of [{ limit: 0 }, { limit: 21 }, { limit: 1.5 }, { limit: '5' }, { offset: -1 }, { offset: 100_001 }, { limit: null }])
      await expectRefusal(await ask('person-query', g.secret, { ...ok, ...page }), 400, 'GATEWAY_PAGE', { limit: 20 });
  });

  test('read: a service never published says so, and answers once it is', async () => {
    const g = await granted(k, 'people-query', ['name']);
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask('people-query', g.secret, ok)));
    for (const reply of replies) await expectRefusal(reply, 503, 'GATEWAY_NOT_PUBLISHED', { service: 'people-query', version: 1 });
    await publish('people-query');
    expect((await ask('people-query', g.secret, ok)).body.rows).toEqual([{ name: '张三1' }]);
  });
});

describe('authorisation holds at once', () => {
  const ok = { field: 'idNumber', value: id(3) };
  const revoke = (g: Awaited<ReturnType<typeof granted>>) => k.db.transaction((tx) => revokeGrant(k, tx, g.grant, 'steward', '职责调整'));
  /** A process whose read is followed by something before its record. */
  const between = (then: () => Promise<void>): { reader: Reader; reads: () => number } => {
    const inner = openReader(k.db.url);
    let reads = 0;
    return {
      reads: () => reads,
      reader: {
        close: () => inner.close(),
        read: async (plan) => {
          const rows = await inner.read(plan);
          if (reads++ === 0) await then();
          return rows;
        },
      },
    };
  };

  test('a revoked grant and a deleted key are refused by the very next call', async () => {
    const g = await granted(k, 'person-query', ['name']);
    expect((await ask('person-query', g.secret, ok)).status).toBe(200);
    await revoke(g);
    expect(await ask('person-query', g.secret, ok)).toMatchObject({
      status: 403,
      body: { code: 'GATEWAY_GRANT_REVOKED', params: { grant: g.grant.id, date: '2026-11-24', reason: '职责调整' } },
    });
    const h = await granted(k, 'person-query', ['name']);
    expect((await ask('person-query', h.secret, ok)).status).toBe(200);
    await k.db.transaction((tx) => deleteKey(k, tx, { id: h.keyId, grant: h.grant.id, name: '', madeBy: '', madeAt: '' }, 'x'));
    expect((await ask('person-query', h.secret, ok)).body.code).toBe('GATEWAY_KEY_UNKNOWN');
  });

  test('every process refuses from the instant a revocation returns, whatever it had in memory and however busy it is', async () => {
    const processes = [0, 1].map(() => ({ kernel: k, memory: openMemory(k), reader: openReader(k.db.url) }));
    for (let round = 0; round < 5; round++) {
      const g = await granted(k, 'person-query', ['name']);
      const call = { service: 'person-query', authorization: `Bearer ${g.secret}`, body: ok };
      let over = false;
      const ended: { late: boolean; outcome: Awaited<ReturnType<typeof takeCall>> }[] = [];
      const callers = Array.from({ length: 12 }, async (_, i) => {
        for (let after = 0; after < 3; ) {
          const late = over;
          ended.push({ late, outcome: await takeCall(processes[i % 2] as (typeof processes)[0], call) });
          if (late) after += 1;
        }
      });
      while (ended.filter((e) => 'body' in e.outcome).length < 30) await new Promise((r) => setTimeout(r, 2));
      await revoke(g);
      over = true;
      await Promise.all(callers);
      expect(ended.filter((e) => e.late && 'body' in e.outcome)).toEqual([]);
      expect(ended.filter((e) => e.late).every((e) => 'refusal' in e.outcome && e.outcome.refusal.code === 'GATEWAY_GRANT_REVOKED')).toBe(
        true,
      );
    }
    for (const p of processes) await p.reader.close();
  });

  test('a revocation committed between read and record is refused, and the refusal is recorded', async () => {
    const g = await granted(k, 'person-query', ['name']);
    const { reader } = between(() => revoke(g));
    const parts = { kernel: k, memory: openMemory(k), reader };
    const call = { service: 'person-query', authorization: `Bearer ${g.secret}`, body: ok };
    const outcome = await takeCall(parts, call);
    expect(outcome).toMatchObject({ refusal: { code: 'GATEWAY_GRANT_REVOKED' }, grant: g.grant.id });
    expect(await line(outcome.record.id)).toMatchObject({ outcome: 'refused', grant: g.grant.id });
    await reader.close();
  });

  test('the last day that ends between read and record is refused in every process, and one that goes on is answered', async () => {
    const g = await granted(k, 'person-query', ['name'], null, '2026-11-24');
    const h = await granted(k, 'person-query', ['name']);
    const call = (of: typeof g) => ({ service: 'person-query', authorization: `Bearer ${of.secret}`, body: ok });
    const [before, after] = ['2026-11-24T15:59:59.900Z', '2026-11-24T16:00:00.000Z'];
    const readers = [openReader(k.db.url), between(async () => k.clock.set(after)).reader];
    const processes = readers.map((reader) => ({ kernel: k, memory: openMemory(k), reader }));
    const [warm, crossing] = processes as [(typeof processes)[0], (typeof processes)[0]];
    k.clock.set(before);
    expect(await takeCall(warm, call(g))).toHaveProperty('body');
    expect(await takeCall(crossing, call(g))).toMatchObject({ refusal: { code: 'GATEWAY_GRANT_EXPIRED' } });
    expect(await takeCall(warm, call(g))).toMatchObject({ refusal: { code: 'GATEWAY_GRANT_EXPIRED' } });
    for (const p of processes) expect(await takeCall(p, call(h))).toHaveProperty('body');
    k.clock.set('2026-11-24T02:00:00Z');
    for (const reader of readers) await reader.close();
  });

  test('a narrowing between read and record reads again under the narrower mask; an unrelated change does not', async () => {
    const g = await granted(k, 'person-query', ['name']);
    const call = { service: 'person-query', authorization: `Bearer ${g.secret}`, body: ok };
    const narrowing = between(() => k.put('element', { ...sample.elements['person-name'], sensitivity: 3 }));
    const outcome = await takeCall({ kernel: k, memory: openMemory(k), reader: narrowing.reader }, call);
    expect(JSON.parse('body' in outcome ? outcome.body : '')).toMatchObject({ rows: [{ name: '张**' }] });
    expect(narrowing.reads()).toBe(2);
    await k.put('element', sample.elements['person-name']);
    const unrelated = between(() => k.db.transaction(raiseEpoch));
    expect(await takeCall({ kernel: k, memory: openMemory(k), reader: unrelated.reader }, call)).toHaveProperty('body');
    expect(unrelated.reads()).toBe(1);
    await Promise.all([narrowing.reader.close(), unrelated.reader.close()]);
  });
});

describe('no record, no answer', () => {
  const admin = async (sql: string) => {
    const client = new pg.Client({ connectionString: k.urls.admin });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  const logRole = () => `"${new URL(k.urls.log).username}"`;

  test('when the log cannot be written nothing leaves, refusals neither, and it recovers by itself', async () => {
    const g = await granted(k, 'person-query', ['name']);
    await admin(`revoke insert on log.record from ${logRole()}`);
    const refused = await Promise.all([ask('person-query', g.secret, { field: 'idNumber', value: id(1) }), ask('person-query', 'x', {})]);
    for (const reply of refused) expect(reply).toMatchObject({ status: 503, body: { code: 'RECORD_UNAVAILABLE' } });
    await admin(`grant insert on log.record to ${logRole()}`);
    expect((await ask('person-query', g.secret, { field: 'idNumber', value: id(1) })).status).toBe(200);
  });

  test('connections that are cut are replaced without losing a call', async () => {
    const g = await granted(k, 'person-query', ['name']);
    expect((await ask('person-query', g.secret, { field: 'idNumber', value: id(1) })).status).toBe(200);
    await admin(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chengshu gateway' and datname = current_database()`,
    );
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask('person-query', g.secret, { field: 'idNumber', value: id(1) })));
    expect(replies.map((r) => r.status)).toEqual(replies.map(() => 200));
  });
});

describe('usage', () => {
  test('provider, consumer and operator see calls, rows, bytes and refusals; strangers nothing', async () => {
    const g = await granted(k, 'person-query', ['name']);
    const bytes = (await ask('person-query', g.secret, { field: 'birth', value: '1990-01-02', limit: 4 })).bytes;
    await ask('person-query', g.secret, { field: 'nowhere', value: 'x' });
    const usage = async (role: 'provider-steward' | 'developer' | 'operator' | 'consumer-steward', department: string) =>
      (await k.call('GET', `/api/share/usage?grant=${g.grant.id}`, await k.actor(role, department))).body as {
        rows: unknown[];
        total: unknown;
      };
    const row = {
      day: '2026-11-24',
      grant: g.grant.id,
      service: 'person-query',
      serviceTitle: { zh: '人口查询', en: '人口查询' },
      provider: 'police',
      consumer: 'civil',
      calls: 1,
      rows: 4,
      bytes,
      refused: 1,
    };
    for (const [role, department] of [
      ['provider-steward', 'police'],
      ['developer', 'civil'],
      ['operator', 'bureau'],
    ] as const)
      expect((await usage(role, department)).rows).toEqual([row]);
    expect(await usage('consumer-steward', 'tax')).toMatchObject({ rows: [], count: 0, total: { calls: 0 } });
  });
});

test('a key is found by its index, in every plan', async () => {
  const g = await granted(k, 'person-query', ['name', 'birth'], startsWith(col('street'), text('城关')));
  const compiled = await openMemory(k).grant(g.grant.id);
  for (const key of compiled?.keys.values() ?? []) {
    const client = await k.db.client();
    await client.query('set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off');
    await client.query(`prepare plan_of as ${key.statement.text}`);
    const plan = (await client.query<{ 'QUERY PLAN': string }>(`explain execute plan_of('{}', '{}', '{}')`)).rows
      .map((r) => r['QUERY PLAN'])
      .join('\n');
    client.release(true);
    expect(plan, plan).toContain(`Index Scan using "person-query_v1_${key.field}__key_idx"`);
    expect(plan).not.toContain('Sort');
  }
});
