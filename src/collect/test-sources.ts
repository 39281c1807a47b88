/** What the tests of collecting share: a small installation with the real connectors, sources of it, deliveries and runs. */
import pg from 'pg';
import { expect } from 'vitest';
import { catalogProcesses, catalogStage } from '#catalog';
import { connectors } from '#connectors/index';
import type { Mount, Source } from '#declare';
import { calendars, updateCycles } from '#elements/index';
import type { Run } from '#kernel/jobs/jobs';
import { waitingFor } from '#kernel/waiting';
import { createDatabase, type TestDatabase } from '#test/database';
import { type TestKernel, testKernel } from '#test/kernel';
import { createCollect } from './index.ts';
import { type Batch, batchesOf } from './ledger.ts';
import { collectWaiting } from './waiting.ts';

export type Signed = Awaited<ReturnType<TestKernel['actor']>>;

export interface Town {
  readonly kernel: TestKernel;
  /** Steward of the department `civil`. */
  readonly steward: Signed;
  readonly operator: Signed;
  /** A department's own database, with an administrator on it. */
  readonly database: TestDatabase;
  readonly admin: pg.Client;
  /** Declares a source of `civil`. */
  declare(id: string, part: Partial<Source>): Promise<void>;
  /** Declares a source over a table of the department's database. */
  declareTable(id: string, table: string, part: Partial<Source>): Promise<void>;
  upload(id: string, content: string | Uint8Array, as?: Signed): Promise<{ status: number; body: never }>;
  /** Delivers a file and works until the run is over. */
  deliver(id: string, content: string | Uint8Array): Promise<Run>;
  /** Fetches a source and works until the run is over. */
  collect(id: string): Promise<Run>;
  runOf(id: string): Promise<Run>;
  batches(id: string): Promise<readonly Batch[]>;
  facts(name: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** What of a source waits for the steward. */
  waits(source: string): Promise<{ readonly why: { readonly zh: string }; readonly overdue: boolean } | undefined>;
  close(): Promise<void>;
}

/** Opens the installation. */
export async function openTown(): Promise<Town> {
  const kernel = await testKernel([catalogStage, createCollect({ connectors })]);
  await kernel.put('process', ...catalogProcesses);
  await kernel.put('update-cycle', ...updateCycles);
  await kernel.put('calendar', ...calendars);
  const steward = await kernel.actor('provider-steward', 'civil');
  const operator = await kernel.actor('operator', 'data-bureau');
  const database = await createDatabase();
  const admin = new pg.Client({ connectionString: database.url });
  admin.on('error', () => undefined);
  await admin.connect();
  const ok = async (method: 'PUT' | 'POST', url: string, body: unknown): Promise<void> => {
    const reply = await kernel.call(method, url, steward, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  };
  const runOf = async (id: string): Promise<Run> => {
    const found = await kernel.jobs.find(kernel.db, id);
    if (!found) throw new Error(`no run ${id}`);
    return found;
  };
  const ended = async (reply: { status: number; body: never }): Promise<Run> => {
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    await kernel.drain();
    return runOf((reply.body as { run: string }).run);
  };
  const town: Town = {
    kernel,
    steward,
    operator,
    database,
    admin,
    runOf,
    declare: (id, part) => ok('PUT', `/api/collect/sources/${id}`, sourceBody(id, part)),
    async declareTable(id, table, part) {
      await ok('PUT', '/api/collect/secrets/civil-reader', { value: admin.password ?? 'none' });
      const settings = {
        host: admin.host,
        port: admin.port,
        database: database.name,
        user: admin.user ?? '',
        password: 'secret:civil-reader',
        schema: 'public',
        table,
      };
      await ok('PUT', `/api/collect/sources/${id}`, sourceBody(id, { connector: 'postgres', settings, layout: null, ...part }));
    },
    async upload(id, content, as = steward) {
      const reply = await kernel.door.fastify.inject({
        method: 'POST',
        url: `/api/collect/sources/${id}/deliveries?name=${encodeURIComponent('名册.csv')}`,
        payload: Buffer.from(content),
        headers: { authorization: `Bearer ${as.token}`, 'content-type': 'application/octet-stream' },
      });
      return { status: reply.statusCode, body: reply.json() as never };
    },
    deliver: async (id, content) => ended(await town.upload(id, content)),
    collect: async (id) => ended(await kernel.call('POST', `/api/collect/sources/${id}/runs`, steward, {})),
    batches: (id) => batchesOf(kernel.db, id),
    facts: async (name) =>
      (await kernel.db.rows<{ body: Record<string, unknown> }>('select body from kernel.fact where name = $1 order by seq', [name])).map(
        (f) => f.body,
      ),
    waits: async (source) =>
      (await waitingFor(kernel, collectWaiting, steward, { limit: 500, offset: 0 })).rows.find(
        (r) => r.kind === 'source' && r.id === source,
      ),
    async close() {
      await admin.end();
      await kernel.close();
      await database.drop();
    },
  };
  return town;
}

const sourceBody = (id: string, part: Partial<Source>): Omit<Source, 'form' | 'id'> => ({
  title: { zh: `来源 ${id}` },
  department: 'civil',
  connector: 'csv',
  settings: {},
  columns: ['姓名', '证号', '备注'],
  key: ['证号'],
  mode: 'full',
  cursor: null,
  layout: { encoding: 'utf-8', sheet: null, titleRows: 1, headerRows: 1, fillDown: [], footer: ['合计'] },
  ...part,
});

/** An entry of `civil` with these items, updated daily unless another cycle is named, and its mount on a source. */
export async function mountOn(
  town: Town,
  id: string,
  source: string,
  items: Readonly<Record<string, string>>,
  updateCycle = '2',
): Promise<void> {
  const entry = {
    title: { zh: `目录 ${id}` },
    abstract: '演示',
    department: 'civil',
    resourceClass: '1',
    category: '人口',
    format: '2',
    shareType: '1',
    shareCondition: '',
    openType: '0',
    openCondition: '',
    updateCycle,
    secrecyChecked: true,
    items: Object.keys(items).map((name) => ({ name, title: { zh: name }, element: null, isKey: false, isNullable: true, sensitivity: 1 })),
  };
  const mount: Omit<Mount, 'form' | 'id'> = { entry: id, source, items: { ...items } };
  expect((await town.kernel.call('PUT', `/api/catalog/entries/${id}`, town.steward, entry)).status).toBe(200);
  expect((await town.kernel.call('PUT', `/api/catalog/mounts/${id}`, town.steward, mount)).status).toBe(200);
}
