/** Landing on real stores: exactly once or not at all, whatever happens in between. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectors } from '#connectors/index';
import type { Connector } from '#declare';
import type { JobContext } from '#kernel/jobs/jobs';
import { land } from './land.ts';
import { openTown, type Town } from './test-sources.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const connectorOf = (id: string): Connector => {
  const found = connectors.find((c) => c.id === id);
  if (!found) throw new Error(id);
  return found;
};
const context = (run: string, part: Partial<JobContext> = {}): JobContext => ({
  run,
  attempt: 1,
  signal: new AbortController().signal,
  progress: async () => undefined,
  ...part,
});
const staged = (): string[] => readdirSync(join(town.kernel.folder, 'objects', 'staging'));
const roster = (...rows: string[]): string => ['民政名册,,', '姓名,证号,备注', ...rows, ''].join('\n');

describe('a delivered file', () => {
  beforeAll(() => town.declare('roster', {}));

  test('every row of the grid is accounted for, absent and empty cells are told apart, text is as received', async () => {
    const run = await town.deliver(
      'roster',
      roster('王伟,1,""', '李娜,2,', ' 张,3," 二\n行"', ',,', '合计中学,4,x', '坏"行,5,x,多,多', '"没关,6', '合计,2,', '合计人数：4,,'),
    );
    expect(run).toMatchObject({ state: 'done', result: { landed: true, ordinal: 1, rowsIn: 11 } });
    const [batch] = await town.batches('roster');
    if (!batch) throw new Error('nothing landed');
    expect(batch).toMatchObject({
      rowsData: 4,
      rowsRefused: 2,
      rowsOther: 5,
      columns: ['姓名', '证号', '备注'],
      name: '名册.csv',
      mode: 'full',
      cursorTo: null,
    });
    expect(batch.receipt.rowsOther).toEqual({ title: 1, header: 1, blank: 1, footer: 2 });
    const rows = await town.kernel.warehouse.query('select * from read_parquet($1)', [await town.kernel.objects.open(batch.object)]);
    expect(rows.map((r) => Object.values(r as object))).toEqual([
      ['1', 'title', null, '民政名册', null, null],
      ['2', 'header', null, '姓名', '证号', '备注'],
      ['3', 'data', null, '王伟', '1', ''],
      ['4', 'data', null, '李娜', '2', null],
      ['5', 'data', null, ' 张', '3', ' 二\n行'],
      ['6', 'blank', null, null, null, null],
      ['7', 'data', null, '合计中学', '4', 'x'],
      ['8', 'refused', 'too-many-cells', '坏"行,5,x,多,多', null, null],
      ['9', 'refused', 'quoting', '"没关,6', null, null],
      ['10', 'footer', null, '合计', '2', null],
      ['11', 'footer', null, '合计人数：4', null, null],
    ]);
    expect(await town.facts('batch-landed')).toEqual([
      { source: 'roster', batch: batch.seq, ordinal: 1, rowsIn: 11, rowsData: 4, rowsRefused: 2, rowsOther: 5 },
    ]);
    await expect.poll(staged).toEqual([]);
  });

  test('a newer edition says what it added, changed and took away, whatever its columns are', async () => {
    await town.declare('edition', { key: ['证号'] });
    expect((await town.deliver('edition', roster('王伟,1,', '李娜,2,', '张敏,3,'))).result).not.toHaveProperty('inserted');
    const newer = await town.deliver('edition', roster('赵强,5,', '李娜,2,改', '王伟,1,', '孙丽,6,'));
    expect(newer).toMatchObject({ state: 'done', result: { inserted: 2, updated: 1, deleted: 1 } });
    const [first, second] = await town.batches('edition');
    expect(second?.receipt.change).toEqual({ against: first?.seq, added: 2, changed: 1, removed: 1, of: 3, byKey: true });
    await town.declare('edition', { key: ['证号'], columns: ['姓名', '证号'] });
    const narrower = ['民政名册,', '姓名,证号', '赵强,5', '李娜娜,2', '王伟,1', ''].join('\n');
    expect(await town.deliver('edition', narrower)).toMatchObject({ result: { inserted: 0, updated: 1, deleted: 1 } });
  });

  test('the same rows again, in another order, land nothing and say so', async () => {
    const run = await town.deliver(
      'roster',
      roster('合计中学,4,x', ' 张,3," 二\n行"', '李娜,2,', '王伟,1,""', '"没关,6', '坏"行,5,x,多,多'),
    );
    expect(run).toMatchObject({ state: 'done', result: { landed: false, unchanged: true, ordinal: 1 } });
    expect(await town.batches('roster')).toHaveLength(1);
    expect(await town.facts('delivery-unchanged')).toMatchObject([{ source: 'roster', ordinal: 1 }]);
    // An empty text is not an absent one.
    expect(await town.deliver('roster', roster('王伟,1,', '李娜,2,'))).toMatchObject({ result: { landed: true, ordinal: 2 } });
  });

  test('drift is refused whole and by name, and what was in force stays', async () => {
    const before = await town.batches('roster');
    const drifted = async (header: string) => {
      const run = await town.deliver('roster', `名册,,\n${header}\n新,1,2,3\n`);
      expect(run).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_DRIFT' } });
      return run.problem;
    };
    expect(await drifted('姓名,证号')).toMatchObject({ title: expect.stringContaining('缺少 备注'), faults: [{ at: '备注' }] });
    expect(await drifted('姓名,证号,备注,电话')).toMatchObject({ faults: [{ at: '电话', en: 'is not declared' }] });
    expect(await drifted('姓名,身份证,备注')).toMatchObject({ faults: [{ at: '证号', en: expect.stringContaining('身份证') }] });
    expect((await drifted('证号,姓名,备注'))?.faults.map((f) => f.at)).toEqual(['姓名', '证号']);
    expect(await town.batches('roster')).toEqual(before);
    expect((await town.facts('drift-found')).at(1)).toMatchObject({ source: 'roster', what: '多出 电话' });
    await expect.poll(staged).toEqual([]);
  });

  test('a header of several rows is named by its lowest filled cells', async () => {
    await town.declare('grouped', {
      columns: ['区', '小计', '合格'],
      key: [],
      layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 2, fillDown: ['区'], footer: [] },
    });
    expect(await town.deliver('grouped', '区,数量,\n, 小计 ,合格\n东,1,2\n,3,4\n')).toMatchObject({
      state: 'done',
      result: { rowsData: 2, rowsOther: 2 },
    });
  });

  test('a file that cannot be read is refused with what to do', async () => {
    expect(await town.deliver('roster', Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xff]))).toMatchObject({
      state: 'refused',
      problem: { code: 'COLLECT_WRONG_ENCODING', hint: expect.stringContaining('gb18030') },
    });
    expect(await town.deliver('roster', '')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_EMPTY' } });
    await town.declare('book', {
      connector: 'xlsx',
      layout: { encoding: null, sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
    });
    expect(await town.deliver('book', 'no zip')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_NOT_A_WORKBOOK' } });
  });
});

describe('between object and ledger', () => {
  test('a crash there leaves nothing in force; the same run then lands once, and a third time not again', async () => {
    await town.declare('crash', {});
    const { digest } = await town.kernel.objects.put(
      (async function* () {
        yield Buffer.from(roster('王,1,'));
      })(),
    );
    const order = { source: 'crash', upload: { original: digest, name: 'a.csv' }, actor: 'somebody' };
    const dying = {
      ...town.kernel,
      objects: {
        ...town.kernel.objects,
        adopt: async (path: string) => {
          await town.kernel.objects.adopt(path);
          throw new Error('power cut');
        },
      },
    };
    await expect(land(dying, connectorOf, order, context('run-1'))).rejects.toThrow('power cut');
    expect(await town.batches('crash')).toEqual([]);
    const first = await land(town.kernel, connectorOf, order, context('run-1', { attempt: 2 }));
    const second = await land(town.kernel, connectorOf, order, context('run-1', { attempt: 3 }));
    expect(second).toEqual(first);
    expect(await town.batches('crash')).toMatchObject([{ ordinal: 1, run: 'run-1', rowsData: 1 }]);
    expect((await town.facts('batch-landed')).filter((f) => f['source'] === 'crash')).toHaveLength(1);
    await expect.poll(staged).toEqual([]);
  });

  test('two runs of one delivery at the same time land it once', async () => {
    await town.declare('twice', {});
    const { digest } = await town.kernel.objects.put(
      (async function* () {
        yield Buffer.from(roster('双,1,'));
      })(),
    );
    const order = { source: 'twice', upload: { original: digest, name: 'a.csv' }, actor: 'somebody' };
    const results = await Promise.all(['a', 'b'].map((run) => land(town.kernel, connectorOf, order, context(`twice-${run}`))));
    expect(results.map((r) => r['landed']).toSorted()).toEqual([false, true]);
    expect(await town.batches('twice')).toHaveLength(1);
  });

  test('cancelled in the middle of the reading or of the landing it leaves nothing', async () => {
    await town.declare('cancelled', {});
    const { digest } = await town.kernel.objects.put(
      (async function* () {
        yield Buffer.from(roster(...Array.from({ length: 50_000 }, (_, i) => `张,${i},x`)));
      })(),
    );
    const order = { source: 'cancelled', upload: { original: digest, name: 'a.csv' }, actor: 'somebody' };
    const asked = new AbortController();
    const early = land(
      town.kernel,
      connectorOf,
      order,
      context('cancel-1', { signal: asked.signal, progress: async () => asked.abort(new Error('stop')) }),
    );
    await expect(early).rejects.toThrow('stop');
    const late = new AbortController();
    const progress: JobContext['progress'] = async (_done, _total, note) => {
      if (note.en === 'Landing') setTimeout(() => late.abort(new Error('stop late')), 5);
    };
    await expect(land(town.kernel, connectorOf, order, context('cancel-2', { signal: late.signal, progress }))).rejects.toThrow(
      'stop late',
    );
    expect(await town.batches('cancelled')).toEqual([]);
    await expect.poll(staged).toEqual([]);
  });
});

describe('a table of a department', () => {
  beforeAll(async () => {
    await town.admin.query('create table person (id bigint generated always as identity primary key, name text, born date)');
    await town.admin.query(`insert into person (name, born) select '人' || n, '2000-01-01'::date + n from generate_series(1, 20) n`);
    await town.admin.query(`insert into person (name) values (''), (null)`);
    await town.declareTable('person', 'person', { columns: ['id', 'name', 'born'], key: ['id'], mode: 'incremental', cursor: 'id' });
  });

  test('the cursor commits with the rows: each batch is what lies after the last, none when there is nothing', async () => {
    expect(await town.collect('person')).toMatchObject({ state: 'done', result: { landed: true, rowsIn: 22, rowsData: 22 } });
    expect(await town.collect('person')).toMatchObject({ state: 'done', result: { landed: false, unchanged: true, rowsIn: 0 } });
    await town.admin.query(`insert into person (name) values ('新'), ('新二')`);
    expect(await town.collect('person')).toMatchObject({ state: 'done', result: { landed: true, ordinal: 2, rowsData: 2 } });
    expect((await town.batches('person')).map((b) => [b.cursorFrom, b.cursorTo])).toEqual([
      [null, '22'],
      ['22', '24'],
    ]);
  });

  test('two readings from one cursor: the second finds it moved and reads again, no row lands twice', async () => {
    await town.admin.query(`insert into person (name) values ('同时')`);
    const order = { source: 'person', upload: null, actor: 'somebody' };
    const results = await Promise.all(['a', 'b', 'c'].map((run) => land(town.kernel, connectorOf, order, context(`person-${run}`))));
    expect(results.filter((r) => r['landed'])).toHaveLength(1);
    const ids = await Promise.all(
      (await town.batches('person')).map(async (b) =>
        (
          await town.kernel.warehouse.query<{ c1: string }>('select c1 from read_parquet($1)', [await town.kernel.objects.open(b.object)])
        ).map((r) => r.c1),
      ),
    );
    expect(ids.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 25 }, (_, i) => String(i + 1)));
  });

  test('a column gone at the source is drift, a source that is away or says no is told so, and all is well again after', async () => {
    await town.admin.query('alter table person rename born to birth');
    expect(await town.collect('person')).toMatchObject({
      state: 'refused',
      problem: { code: 'COLLECT_DRIFT', title: expect.stringContaining('缺少 born') },
    });
    const page = async () =>
      (await town.kernel.call('GET', '/api/collect/sources/person', town.steward)).body as { state: string; cursor: string };
    expect(await page()).toMatchObject({ state: 'drifted', cursor: '25' });
    await town.admin.query('alter table person rename birth to born');
    await town.admin.query('alter table person rename to person_gone');
    expect(await town.collect('person')).toMatchObject({ state: 'refused', problem: { code: 'COLLECT_NO_TABLE' } });
    expect(await page()).toMatchObject({ state: 'trouble' });
    await town.admin.query('alter table person_gone rename to person');
    expect(await town.collect('person')).toMatchObject({ state: 'done' });
    expect(await page()).toMatchObject({ state: 'good', cursor: '25' });
    await town.declareTable('away', 'person', { columns: ['id'], key: [] });
    await town.declare('away', {
      connector: 'postgres',
      layout: null,
      columns: ['id'],
      key: [],
      settings: { host: '127.0.0.1', port: 1, database: 'x', user: 'x', password: 'secret:civil-reader', table: 'x' },
    });
    expect(await town.collect('away')).toMatchObject({
      state: 'refused',
      problem: { code: 'COLLECT_SOURCE_UNREACHABLE', hint: expect.stringContaining('主机') },
    });
  });

  test('a source that goes away in the middle of a batch leaves nothing', async () => {
    await town.admin.query(`create table big as select n as id, repeat('长', 200) as name from generate_series(1, 60000) n`);
    await town.declareTable('big', 'big', { columns: ['id', 'name'], key: ['id'] });
    let cut = false;
    const progress: JobContext['progress'] = async () => {
      if (cut) return;
      cut = true;
      await town.admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'chengshu' and datname = current_database()`,
      );
    };
    await expect(
      land(town.kernel, connectorOf, { source: 'big', upload: null, actor: 'somebody' }, context('big-1', { progress })),
    ).rejects.toMatchObject({ code: 'COLLECT_SOURCE_INTERRUPTED' });
    expect(await town.batches('big')).toEqual([]);
    await expect.poll(staged).toEqual([]);
    expect(await land(town.kernel, connectorOf, { source: 'big', upload: null, actor: 'somebody' }, context('big-2'))).toMatchObject({
      landed: true,
      rowsData: 60_000,
    });
  });

  test('a row of a table is data even when nothing in it is filled', async () => {
    await town.admin.query(`create table hollow (a text, b text); insert into hollow values (null, null), ('', ' '), ('合计', '3')`);
    await town.declareTable('hollow', 'hollow', { columns: ['a', 'b'], key: [] });
    expect(await town.collect('hollow')).toMatchObject({ result: { rowsIn: 3, rowsData: 3, rowsOther: 0 } });
  });
});
