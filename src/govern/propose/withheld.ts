/** The rows that a key would withhold, one by one, for the steward to see before agreeing. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Snapshot } from '#kernel/documents/documents';
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import type { PlannedRule, TablePlan, Words } from '../plan.ts';
import { type Page, reasonOf } from '../reading.ts';
import { brokenSql, ruleColumn, textOf } from '../scan.ts';
import { scratchTable } from '../tables.ts';
import { scanInto } from '../wide-scan.ts';
import { asGoverned } from './key-judge.ts';
import { shownCharacters } from './profile.ts';
import { type TriedBinding, trialPlan } from './proposal.ts';
import { asksKey } from './rules.ts';
import { filledSql, type Trial } from './sample.ts';

export interface WithheldRow {
  /** Place in the file, from 1. */
  readonly row: number;
  readonly reason: Words;
  /** Its cells as received, by column. */
  readonly values: Readonly<Record<string, string | null>>;
}

/** Rows that share or lack a key and are governed to be shown, at most; a key that most rows of a huge table repeat has nearly as many as the table. */
export const mostSharing = 10_000;

/** What a key withholds, so far as it was looked at. */
export interface Withheld {
  /** Of the page that was asked for, in the order of the file. */
  readonly rows: WithheldRow[];
  /** Rows withheld among those looked at. */
  readonly count: number;
  /** Rows that share or lack the key: all of them, and the first of them that were looked at. */
  readonly sharing: number;
  readonly looked: number;
}

/**
 * A page of the rows that the key of a binding withholds: those that lack it, repeat another row of it, or repeat a whole row. Only rows that share or
 * lack a key are governed for it, so that it comes to what governing will. A row is withheld for an earlier one, so that the first rows of very many
 * are judged as they would be among all. @throws Refusal DOCUMENT_REFUSED
 */
export async function withheldRows(kernel: Kernel, snapshot: Snapshot, whole: Trial, order: TriedBinding, page: Page): Promise<Withheld> {
  const { warehouse } = kernel;
  if (order.key.length === 0) return { rows: [], count: 0, sharing: 0, looked: 0 };
  const path = kernel.objects.staging();
  const name = `${whole.source.id}__withheld_${randomUUID()}`;
  const scan = scratchTable(name);
  try {
    const sharing = sharingSql(snapshot, whole, order);
    const { rows } = await warehouse.copyToParquet(`${sharing} order by _row limit ${mostSharing}`, [whole.batch.path], path);
    const [all] =
      rows < mostSharing ? [] : await warehouse.query<{ n: string }>(`select count(*)::VARCHAR as n from (${sharing})`, [whole.batch.path]);
    const reach = { sharing: Number(all?.n ?? rows), looked: rows };
    const layout = whole.source.layout && { ...whole.source.layout, fillDown: [] };
    const batch = { ...whole.batch, path, rowsIn: rows, rowsData: rows, rowsRefused: 0 };
    const { plan, env } = trialPlan(snapshot, { ...whole, source: { ...whole.source, layout }, batch }, order);
    const withholding = rulesOfKey(snapshot, plan);
    if (rows === 0 || withholding.length === 0) return { rows: [], count: 0, ...reach };
    await scanInto({ warehouse }, plan, batch, env, { scan, part: (n) => scratchTable(`${name}__${n}`) });
    const broken = withholding.map(
      ({ rule, i }) =>
        `select _row, ${textOf(rule.id)} as "rule", ${rule.holds ? 'null' : ruleColumn(i)}::VARCHAR as other, cells from ${scan} where ${brokenSql(rule, i)}`,
    );
    const found = `(select * from (${broken.join(' union all ')}) qualify row_number() over (partition by _row order by "rule") = 1)`;
    const [counted] = await warehouse.query<{ n: string }>(`select count(*)::VARCHAR as n from ${found}`);
    const shown = await warehouse.query<{ row: string; rule: string; other: string | null; cells: (string | null)[] }>(
      `select _row::VARCHAR as row, "rule", other, list_transform(cells, lambda c: left(c, ${shownCharacters})) as cells from ${found} order by _row limit ${page.limit} offset ${page.offset}`,
    );
    return {
      ...reach,
      count: Number(counted?.n ?? 0),
      rows: shown.map((f) => ({
        row: Number(f.row),
        reason: reasonOf(plan.rules.find((r) => r.id === f.rule)?.reason ?? { zh: '', en: '' }, 'block', null, f.other),
        values: Object.fromEntries(batch.columns.map((c, i) => [c, f.cells[i] ?? null])),
      })),
    };
  } finally {
    await warehouse.execute([{ sql: `drop table if exists ${scan}` }]);
    await rm(path, { force: true });
  }
}

/** Rows that share the governed value of a key with others, or lack a part of it. */
function sharingSql(snapshot: Snapshot, whole: Trial, { fields, key }: TriedBinding): string {
  const columns = key.flatMap((k) => fields.find((f) => f.name === k)?.column ?? []);
  const cellOf = asGoverned(snapshot, whole, (column) => fields.find((f) => f.column === column)?.element);
  const cells = columns.map((c) => cellOf(c, `c${whole.batch.columns.indexOf(c) + 1}`));
  const keyed = `select *, ${cells.map((c, i) => `${c} as _k${i}`).join(', ')} from (${filledSql(whole)})`;
  const parts = cells.map((_, i) => `_k${i}`);
  const lacks = parts.map((k) => `${k} is null`).join(' or ');
  return `select 'data' as _kind, * exclude (${parts.join(', ')}) from (${keyed}) qualify ${lacks} or count(*) over (partition by md5_number(${contentSql(parts)})) > 1`;
}

/** The rules of a plan by which its key withholds rows, each with its place. */
function rulesOfKey(snapshot: Snapshot, plan: TablePlan): { readonly rule: PlannedRule; readonly i: number }[] {
  return plan.rules.flatMap((rule, i) => {
    const bound = plan.binding.rules[i];
    const kind = bound && snapshot.find('rule-kind', bound.kind);
    const isOfKey = rule.holds === null || (kind !== undefined && asksKey(kind) && rule.looksAt.some((f) => plan.binding.key.includes(f)));
    return rule.severity === 'block' && isOfKey ? [{ rule, i }] : [];
  });
}
