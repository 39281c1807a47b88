/** Splitting the scan into governed rows and findings, and counting what every check was asked and what broke it. */
import type { LandedBatch } from './batch-facts.ts';
import { type Check, checksOf, type TablePlan } from './plan.ts';
import { brokenSql, columnName, keptColumns, ruleColumn, textOf, valueColumn, verdictColumn } from './scan.ts';
import { findingTable, governedTable } from './tables.ts';

/** A check with what came of it in one batch. */
export interface CheckResult extends Check {
  /** Rows it was asked about: the denominator. */
  readonly checked: number;
  readonly failed: number;
}

/** Inserts the rows of the scan that nothing blocks. */
export function governedSql(plan: TablePlan, batch: LandedBatch, scan: string): string {
  const values = plan.fields.map((f, i) => valueColumn(f, i));
  const kept = keptColumns(plan);
  return `insert into ${governedTable(plan.binding.id)} (_batch, _ordinal, _row, _key, ${[...plan.fields.map((f) => columnName(f.name)), ...kept].join(', ')})
    select ${batch.seq}, ${batch.ordinal}, _row, _key, ${[...values, ...kept].join(', ')} from ${scan} where not _blocked order by _row`;
}

/**
 * Inserts one finding for every broken check of every row, check by check: five million of them sorted with their rows run out of memory.
 * The parameter is the path of the object, for rows that could not be read.
 */
export function findingSql(plan: TablePlan, batch: LandedBatch, scan: string): string {
  const cellOf = (name: string | null): string => {
    const f = plan.fields.find((x) => x.name === name);
    const i = f ? batch.columns.indexOf(f.column) : -1;
    return i < 0 ? 'null' : `cells[${i + 1}]`;
  };
  const one = (check: Check, where: string, other = 'null'): string =>
    `select _row, ${textOf(check.id)} as "rule", ${textOf(check.severity)} as severity, ${check.field === null ? 'null' : textOf(check.field)} as field,
      ${cellOf(check.field)} as "value", cells, ${other} as other from ${scan} where ${where}`;
  const cells = batch.columns.map((_, i) => `c${i + 1}`).join(', ');
  const parts = [
    ...plan.fields.flatMap((f, i) => f.verdicts.map((v, n) => one(v, `${verdictColumn(i)} = ${n + 1}`))),
    ...plan.rules.map((r, i) => one(r, brokenSql(r, i), r.holds ? 'null' : ruleColumn(i))),
    ...(batch.rowsRefused > 0
      ? [`select _row, 'reading', 'block', null, _fault, [${cells}], null from read_parquet($1) where _kind = 'refused'`]
      : []),
  ];
  return `insert into ${findingTable(plan.binding.id)}
    select ${batch.seq}, ${batch.ordinal}, _row, "rule", severity, field, "value", cells, other from (${parts.join('\nunion all\n')})`;
}

/**
 * Counts: `n` rows of the scan, `passed` ones, and for the i-th check of `checksOf` `a<i>` asked and `f<i>` failed; one row, or one for every
 * value of `by` (as `part`). A later verdict on a field has no `a<i>`: it is asked about what the one before let pass.
 */
export function countSql(plan: TablePlan, scan: string, by?: string): string {
  const verdicts = plan.fields.flatMap((f, i) =>
    f.verdicts.map((_, n) => ({ asked: n === 0 ? `count(${verdictColumn(i)})` : null, failed: `${verdictColumn(i)} = ${n + 1}` })),
  );
  const rules = plan.rules.map((r, i) =>
    r.holds
      ? { asked: `count(${ruleColumn(i)})`, failed: `not ${ruleColumn(i)}` }
      : { asked: r.kind === 'unique-key' ? 'count_if(not _early)' : 'count(*)', failed: `${ruleColumn(i)} is not null` },
  );
  const counts = [...verdicts, ...rules].flatMap(({ asked, failed }, i) => [
    ...(asked === null ? [] : [`${asked} as a${i + 1}`]),
    // Not count(*) filter (where …), which costs three times as much: 120 of them were a third of counting 100 rules.
    `count_if(${failed}) as f${i + 1}`,
  ]);
  return `select ${by ? `${by} as part, ` : ''}count(*) as n, count_if(not _blocked) as passed, ${counts.join(', ')} from ${scan}${by ? ' group by 1' : ''}`;
}

/** The counts beside the checks they belong to. */
export function resultsOf(plan: TablePlan, batch: LandedBatch, counts: Readonly<Record<string, string>>): readonly CheckResult[] {
  const results: CheckResult[] = [];
  for (const [i, { id, kind, title, severity, usual, field, sentence, reason }] of checksOf(plan).entries()) {
    const before = results.at(-1);
    const asked = counts[`a${i}`] ?? (before ? before.checked - before.failed : 0);
    const [checked, failed] = i === 0 ? [batch.rowsData + batch.rowsRefused, batch.rowsRefused] : [Number(asked), Number(counts[`f${i}`])];
    results.push({ id, kind, title, severity, usual, field, sentence, reason, checked, failed });
  }
  return results;
}
