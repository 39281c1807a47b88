/**
 * `npm run bench:checks -- [rows] [rounds]`: 40 rules of a table in the one scan that governing makes, beside the same 40 written by hand for DuckDB in
 * one statement, with equal verdicts; 100 rules beside 1. Turn by turn in one engine. A first round that is not counted warms caches up to two
 * million rows; beyond, every statement takes so long that it would double the time and change nothing.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Binding, Source } from '#declare';
import { codeLists, elements } from '#elements/index';
import type { Snapshot } from '#kernel/documents/documents';
import { ruleKinds } from '#rules/index';
import { numberAt } from '../scripts/usage.ts';
import { planTable } from '../src/govern/plan.ts';
import { scanSql } from '../src/govern/scan.ts';
import { countSql } from '../src/govern/split.ts';
import { median, told } from './installation.ts';

const rows = numberAt(0, 1_000_000);
const rounds = numberAt(1, 5);
const columns = 25;
const place = mkdtempSync(join(tmpdir(), 'chengshu-checks-'));
const path = join(place, 'batch.parquet');
const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
const c = await instance.connect();
const names = Array.from({ length: columns }, (_, i) => `f${i + 1}`);

// Text of 1 to 12 characters, one in fifty absent, one in two hundred a total, one in forty a code of the sexes. A million rows are invented and
// then repeated under new row numbers: inventing ten million takes longer than checking them.
const invented = Math.min(rows, 1_000_000);
await c.run(
  `create temp table invented as select range + 1 as _row, ${names
    .map(
      (_, i) =>
        `case when (range * 7919 + ${i} * 104729) % 50 = 0 then null when (range + ${i}) % 200 = 1 then '合计' when (range + ${i}) % 40 = 2 then '1'
       else substring(md5(cast(range * ${i + 3} as varchar)), 1, 1 + cast((range + ${i}) % 12 as int)) end as c${i + 1}`,
    )
    .join(', ')} from range(${invented})`,
);
// One copy after the other: mixed, every row group would hold each value ten times, and DuckDB compute one written plainly once for all of them.
const copies = Array.from(
  { length: Math.ceil(rows / invented) },
  (_, n) => `select ${n * invented} + _row as _row, * exclude (_row) from invented`,
);
await c.run(
  `copy (select _row, 'data' as _kind, null::varchar as _fault, ${names.map((_, i) => `c${i + 1}`).join(', ')}
    from (${copies.join(' union all ')}) where _row <= ${rows}) to '${path}' (format parquet)`,
);
await c.run('drop table invented');
console.log(`${rows} rows of ${columns} columns are written`);

/** The kinds of rule, each with what a person would write for DuckDB. */
const kinds = [
  { kind: 'required', params: {}, sql: (x: string) => `(${x} is not null)` },
  { kind: 'text-length', params: { least: '2', most: '10' }, sql: (x: string) => `(${x} is null or length(${x}) between 2 and 10)` },
  {
    kind: 'not-total-row',
    params: {},
    sql: (x: string) =>
      `(${x} is null or not regexp_full_match(${x}, '(本页|本表|本月|本季|本年|以上|全市|全区|全县)?(合计|小计|总计|共计|累计|总和|总数|合共)'))`,
  },
  { kind: 'in-code-list', params: { list: 'sex' }, sql: (x: string) => `(${x} is null or ${x} in ('0', '1', '2', '9'))` },
] as const;

const source: Source = {
  form: 1,
  id: 'bench',
  title: { zh: '基准' },
  department: 'bureau',
  connector: 'csv',
  settings: {},
  columns: names,
  key: [],
  mode: 'full',
  cursor: null,
  layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
};
const places = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ field: names[Math.floor(n / 4)] as string, ...(kinds[n % 4] as (typeof kinds)[number]) }));
const bindingOf = (count: number): Binding => ({
  form: 1,
  id: 'bench',
  title: { zh: '基准' },
  source: 'bench',
  fields: names.map((name) => ({ name, column: name, title: { zh: name }, element: 'text', sensitivity: null })),
  key: ['f1'],
  newest: null,
  rules: places(count).map(({ kind, params, field }, n) => ({
    id: `rule-${n}`,
    kind,
    params: { ...params },
    slots: { value: field },
    severity: 'warn' as const,
  })),
});

/** Our scan with its counts, as governing makes it. */
function ours(count: number): string {
  const all: Record<string, readonly { id: string }[]> = {
    element: elements,
    'rule-kind': ruleKinds,
    'code-list': codeLists,
    source: [source],
    binding: [bindingOf(count)],
  };
  const find = (kind: string, id: string) => all[kind]?.find((d) => d.id === id);
  const snapshot = { find, get: find, head: () => undefined, list: (kind: string) => all[kind] ?? [] } as unknown as Snapshot;
  const plan = planTable(snapshot, 'bench');
  const batch = {
    seq: 1,
    source: 'bench',
    ordinal: 1,
    path,
    mode: 'full',
    rowsIn: rows,
    rowsData: rows,
    rowsRefused: 0,
    columns: names,
    since: 1,
    landedAt: '',
    day: '2026-11-24',
  } as const;
  const scan = scanSql(plan, batch, {
    today: '2026-11-24',
    codeList: (id) => codeLists.find((l) => l.id === id)?.items ?? [],
  });
  return countSql(plan, `(${scan})`);
}

/** The same rules by hand: standardised once (blanks trimmed, empty is absent), then counted. */
function byHand(count: number): string {
  const used = names.slice(0, Math.ceil(count / 4));
  const clean = used.map((name, i) => `nullif(trim(c${i + 1}, ' \t\r\n\u3000'), '') as ${name}`);
  return `select ${places(count)
    .map(({ sql, field }, n) => `count(*) filter (where not ${sql(field)}) as f${n + 1}`)
    .join(', ')} from (select ${clean.join(', ')} from read_parquet('${path}'))`;
}

/** One statement with its time, told as it ends: ten million rows take minutes. */
async function asked(what: string, sql: string, parameter: boolean): Promise<{ row: Record<string, unknown>; ms: number }> {
  const began = performance.now();
  const processor = process.cpuUsage();
  const reader = await c.runAndReadAll(sql, parameter ? [path] : []);
  const { user, system } = process.cpuUsage(processor);
  const ms = performance.now() - began;
  console.log(`${what.padEnd(18)} ${(ms / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processors`);
  return { row: reader.getRowObjectsJson()[0] ?? {}, ms };
}

const sides = { ours: [] as number[], hand: [] as number[], one: [] as number[], hundred: [] as number[] };
const warmUp = rows <= 2_000_000 ? 1 : 0;
const elementChecks = elements.find((e) => e.id === 'text')?.semantics.length ?? 0;
const firstRule = 1 + columns * (1 + elementChecks);
for (let round = 1 - warmUp; round <= rounds; round++) {
  const a = await asked('40 rules', ours(40), true);
  const b = await asked('40 rules by hand', byHand(40), false);
  for (let n = 0; n < 40; n++)
    if (String(a.row[`f${firstRule + n}`]) !== String(b.row[`f${n + 1}`]))
      throw new Error(`rule ${n}: ours finds ${a.row[`f${firstRule + n}`]}, by hand ${b.row[`f${n + 1}`]}`);
  const one = await asked('1 rule', ours(1), true);
  const hundred = await asked('100 rules', ours(100), true);
  if (round === 0) continue;
  sides.ours.push(a.ms);
  sides.hand.push(b.ms);
  sides.one.push(one.ms);
  sides.hundred.push(hundred.ms);
}
console.log(`${rows} rows, ${columns} columns; 40 rules give equal verdicts`);
console.log(
  `  40 rules ${(median(sides.ours) / 1000).toFixed(2)} s, by hand ${(median(sides.hand) / 1000).toFixed(2)} s: by hand ÷ ours ${told(sides.hand.map((ms, i) => ms / (sides.ours[i] as number)))}`,
);
console.log(
  `  1 rule ${(median(sides.one) / 1000).toFixed(2)} s, 100 rules ${(median(sides.hundred) / 1000).toFixed(2)} s: 100 ÷ 1 ${told(sides.hundred.map((ms, i) => ms / (sides.one[i] as number)))}`,
);
console.log('  (ours also standardises and judges all 25 columns and counts 50 element verdicts)');
console.log(`load ${loadavg()[0]?.toFixed(2)}, peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
c.closeSync();
instance.closeSync();
rmSync(place, { recursive: true, force: true });
