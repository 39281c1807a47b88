/**
 * Do evaluate, DuckDB and PostgreSQL agree on generated trees and rows?
 * As a script: `npm run expr:agree -- [--cases 10000] [--seed n]`.
 */

import fc from 'fast-check';
import { bind, children, type Expr, evaluate, type Kind, type Type, typeOf } from '#declare/expr/index';
import { spellings, spellWith } from '#kernel/sql/spell';
import type { Spellings } from '#kernel/sql/spelling';
import { numberOf, optionsOf } from '../../scripts/usage.ts';
import { anyTree, PARAMETERS } from './arbitrary.ts';
import { loadRows, openDuckdb, openPostgres, type RunningEngine } from './engines.ts';
import { anyRow, COLUMNS, env, type TestRow } from './rows.ts';

const ROWS = 20;
const TREES = 25;
const DEPTH = 6;
const MARK = '=';

export type Disagreement = {
  readonly engine: string;
  readonly tree: Expr;
  readonly row: TestRow;
  readonly expected: string | null;
  readonly found: string | null;
};
export type Report = {
  readonly cases: number;
  readonly seed: number;
  readonly versions: readonly string[];
  readonly meanDepth: number;
  /** Unknown among the verdicts of trees that give one. */
  readonly unknownShare: number;
  readonly nodes: number;
  /** Share of all nodes. */
  readonly kindShares: ReadonlyMap<Kind, number>;
  readonly disagreements: readonly Disagreement[];
};
export type Tables = { readonly [E in RunningEngine['engine']]: Spellings };

/** Asks all engines about at least that many (tree, row) pairs; stops early once it has found `enough` disagreements. */
export async function agree(
  engines: readonly RunningEngine[],
  {
    cases,
    seed,
    tables,
    enough = 5,
    trees: anyOf = anyTree(DEPTH),
  }: { cases: number; seed: number; tables?: Partial<Tables>; enough?: number; trees?: fc.Arbitrary<Expr> },
): Promise<Report> {
  const tally = new Tally();
  const disagreements: Disagreement[] = [];
  for (let batch = 0; tally.cases < cases && disagreements.length < enough; batch++) {
    const rows = fc.sample(anyRow, { seed: seed + batch * 7919, numRuns: ROWS });
    for (const engine of engines) await loadRows(engine, rows);
    for (let part = 0; part < 5 && tally.cases < cases && disagreements.length < enough; part++) {
      const trees = fc.sample(anyOf, { seed: seed + batch * 7919 + part * 104_729, numRuns: TREES }).filter((tree) => size(tree) < 400);
      const expected = trees.map((tree) => rows.map((row) => tally.count(tree, evaluate(bound(tree), row, env))));
      for (const tree of trees) tally.see(tree);
      for (const engine of engines) disagreements.push(...(await compare(engine, trees, rows, expected, tables)));
    }
  }
  return { ...tally.report(), seed, versions: engines.map(({ version }) => version), disagreements };
}

/** What a report lacks: disagreements, or a bound on the generator that was missed. */
export function faults(report: Report): string[] {
  // Three standard errors below 1%: a short run draws few nodes.
  const least = 0.01 - 3 * Math.sqrt((0.01 * 0.99) / report.nodes);
  const rare = [...report.kindShares]
    .filter(([, share]) => share < least)
    .map(([kind, share]) => `${kind} is ${(share * 100).toFixed(2)}% of the nodes, less than 1%`);
  return [
    ...report.disagreements.map((d) => `${d.engine}: ${JSON.stringify(d)}`),
    ...(report.meanDepth < 4 ? [`mean depth ${report.meanDepth.toFixed(2)} is below 4`] : []),
    ...(report.unknownShare > 0.3 ? [`${(report.unknownShare * 100).toFixed(1)}% of verdicts are unknown, more than 30%`] : []),
    ...rare,
  ];
}

/** The report in a few lines. */
export function describe(report: Report): string {
  const shares = [...report.kindShares].sort((a, b) => a[1] - b[1]).map(([kind, share]) => `${kind} ${(share * 100).toFixed(2)}%`);
  return `${report.cases} cases, seed ${report.seed}, ${report.versions.join(', ')}; mean depth ${report.meanDepth.toFixed(2)}, unknown ${(report.unknownShare * 100).toFixed(1)}% of verdicts\nshare of the ${report.nodes} nodes: ${shares.join(', ')}`;
}

class Tally {
  cases = 0;
  private trees = 0;
  private nodes = 0;
  private depths = 0;
  private verdicts = 0;
  private unknown = 0;
  private readonly kinds = new Map<Kind, number>((Object.keys(spellings('duckdb')) as Kind[]).map((kind) => [kind, 0]));

  count(tree: Expr, result: string | boolean | null): string | null {
    this.cases++;
    if (typeOf(bound(tree), COLUMNS) === 'boolean') {
      this.verdicts++;
      if (result === null) this.unknown++;
    }
    return result === null ? null : String(result);
  }

  see(tree: Expr): void {
    this.trees++;
    this.depths += depth(tree);
    const walk = (expr: Expr): void => {
      this.nodes++;
      this.kinds.set(expr.kind, (this.kinds.get(expr.kind) ?? 0) + 1);
      for (const [, child] of children(expr)) walk(child);
    };
    walk(tree);
  }

  report(): Pick<Report, 'cases' | 'nodes' | 'meanDepth' | 'unknownShare' | 'kindShares'> {
    return {
      cases: this.cases,
      nodes: this.nodes,
      meanDepth: this.depths / this.trees,
      unknownShare: this.unknown / this.verdicts,
      kindShares: new Map([...this.kinds].map(([kind, count]) => [kind, count / this.nodes])),
    };
  }
}

async function compare(
  engine: RunningEngine,
  trees: readonly Expr[],
  rows: readonly TestRow[],
  expected: readonly (readonly (string | null)[])[],
  tables?: Partial<Tables>,
): Promise<Disagreement[]> {
  const answers = await askAll(engine, trees, tables);
  const found: Disagreement[] = [];
  for (const [t, tree] of trees.entries()) {
    const answer = answers[t];
    const wrong = rows.findIndex((_, i) => (typeof answer === 'string' ? true : answer?.[i] !== expected[t]?.[i]));
    const row = rows[wrong];
    if (row === undefined) continue;
    found.push(
      await smallest(
        engine,
        {
          engine: engine.engine,
          tree,
          row,
          expected: expected[t]?.[wrong] ?? null,
          found: typeof answer === 'string' ? answer : (answer?.[wrong] ?? null),
        },
        tables,
      ),
    );
  }
  return found;
}

/** Per tree the answer for each row, or the error that the tree alone raised. */
async function askAll(engine: RunningEngine, trees: readonly Expr[], tables?: Partial<Tables>): Promise<((string | null)[] | string)[]> {
  try {
    const answers = await engine.ask(`select ${trees.map((tree) => cell(engine, tree, tables)).join(', ')} from rows order by i`);
    return trees.map((tree, t) => answers.map((row) => canonical(tree, row[t] ?? null)));
  } catch (error) {
    if (trees.length === 1) return [`error: ${(error as Error).message}`];
    const alone: ((string | null)[] | string)[] = [];
    for (const tree of trees) alone.push(...(await askAll(engine, [tree], tables)));
    return alone;
  }
}

/** The smallest part of the tree on which the engine differs by itself on that row. */
async function smallest(engine: RunningEngine, whole: Disagreement, tables?: Partial<Tables>): Promise<Disagreement> {
  for (const [, child] of children(whole.tree)) {
    const result = evaluate(bound(child), whole.row, env);
    const expected = result === null ? null : String(result);
    const [answer] = await askRow(engine, child, whole.row, tables);
    if (answer !== expected) return smallest(engine, { ...whole, tree: child, expected, found: answer ?? null }, tables);
  }
  return whole;
}

async function askRow(engine: RunningEngine, tree: Expr, row: TestRow, tables?: Partial<Tables>): Promise<(string | null)[]> {
  const same = Object.keys(COLUMNS).map((name) => {
    const value = row[name as keyof TestRow];
    return value === null
      ? `"${name}" is null`
      : `cast("${name}" as varchar) = cast(${typeof value === 'boolean' ? value : `'${String(value).replaceAll("'", "''")}'`} as varchar)`;
  });
  const numeric = Object.entries(COLUMNS).flatMap(([name, type], i) =>
    type === 'number' && row[name as keyof TestRow] !== null ? [[i, `"${name}" = ${row[name as keyof TestRow]}`] as const] : [],
  );
  for (const [i, condition] of numeric) same[i] = condition;
  if (row.at !== null) same[Object.keys(COLUMNS).indexOf('at')] = `"at" = cast('${row.at}' as timestamptz)`;
  try {
    const [answer] = await engine.ask(`select ${cell(engine, tree, tables)} from rows where ${same.join(' and ')} limit 1`);
    return [canonical(tree, answer?.[0] ?? null)];
  } catch (error) {
    return [`error: ${(error as Error).message}`];
  }
}

function cell(engine: RunningEngine, tree: Expr, tables?: Partial<Tables>): string {
  const sql = spellWith(tables?.[engine.engine] ?? spellings(engine.engine), bound(tree), engine.engine, env);
  // The mark keeps a leading U+FEFF: the DuckDB client's TextDecoder takes it for a byte order mark and drops it.
  return `'${MARK}' || ${asText(sql, typeOf(tree), engine.engine)}`;
}

function asText(sql: string, type: Type, engine: RunningEngine['engine']): string {
  if (type === 'instant')
    return engine === 'postgres'
      ? // What ISO calls the year 0 PostgreSQL calls the year 1 before Christ.
        `(case when ${sql} < '0001-01-01T00:00:00Z' then '0000' else to_char(${sql} at time zone 'UTC', 'YYYY') end || to_char(${sql} at time zone 'UTC', '-MM-DD"T"HH24:MI:SS.US"Z"'))`
      : `strftime(make_timestamp(epoch_us(${sql})), '%Y-%m-%dT%H:%M:%S.%fZ')`;
  return type === 'date' && engine === 'postgres' ? `to_char(${sql}, 'YYYY-MM-DD')` : `cast(${sql} as varchar)`;
}

function canonical(tree: Expr, marked: string | null): string | null {
  const answer = marked === null ? null : marked.slice(MARK.length);
  if (answer === null || typeOf(tree) !== 'number') return answer;
  return answer.includes('.') ? answer.replace(/\.?0+$/u, '') : answer;
}

function bound(tree: Expr): Expr {
  return bind(tree, PARAMETERS);
}

function depth(expr: Expr): number {
  return 1 + Math.max(0, ...children(expr).map(([, child]) => depth(child)));
}

function size(expr: Expr): number {
  return 1 + children(expr).reduce((sum, [, child]) => sum + size(child), 0);
}

if (import.meta.main) {
  const values = optionsOf({
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  });
  const { default: setup } = await import('#test/postgres');
  const stop = await setup();
  const engines = [await openDuckdb(), await openPostgres()];
  const started = performance.now();
  const report = await agree(engines, { cases: numberOf(values.cases), seed: Number(values.seed) });
  for (const engine of engines) await engine.close();
  await stop();
  console.log(`${describe(report)}\n${((performance.now() - started) / 1000).toFixed(1)} s`);
  const found = faults(report);
  for (const fault of found) console.error(fault);
  process.exitCode = found.length === 0 ? 0 : 1;
}
