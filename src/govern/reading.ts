/** Reading governed rows and findings in the console: who sees what, and the record that is made before anything is answered. */
import { deliveryFaultWords } from '#declare';
import { fill, Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import { textSql } from '#kernel/sql/kept';
import { own } from '#kernel/sql/own';
import type { Kernel } from '#kernel/stage';
import type { Param } from '#kernel/warehouse/index';
import { maskedCells, maskedSql } from './mask.ts';
import { planTable, readingCheck, type TablePlan, type Words } from './plan.ts';
import { resultsOfTable } from './results.ts';
import { columnName, textOf } from './scan.ts';
import { findingTable, type WhichRows, whichSql } from './tables.ts';

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** One row of a table: where it came from and its values as text. */
export interface ReadRow {
  readonly ordinal: number;
  readonly row: number;
  /** Whether it is of the current rows. */
  readonly current: boolean;
  readonly values: Readonly<Record<string, string | null>>;
}

export interface ReadFinding {
  readonly ordinal: number;
  readonly row: number;
  readonly rule: string;
  readonly title: Words;
  readonly severity: 'block' | 'warn';
  readonly field: string | null;
  readonly fieldTitle: Words | null;
  readonly value: string | null;
  readonly reason: Words;
}

/**
 * The plan of a table the actor may ask about.
 * @throws Refusal GOVERN_TABLE_UNKNOWN, POLICY_DENIED
 */
export async function openTable(
  kernel: Kernel,
  actor: Actor,
  id: string,
  action: string,
): Promise<{ plan: TablePlan; codeList: (id: string) => ReturnType<Awaited<ReturnType<Kernel['documents']['snapshot']>>['codeList']> }> {
  const snapshot = await kernel.documents.snapshot();
  if (!snapshot.find('binding', id)) throw new Refusal('GOVERN_TABLE_UNKNOWN', { table: id });
  const plan = planTable(snapshot, id);
  kernel.policy.demand(actor, action, [plan.source.department]);
  return { plan, codeList: (list) => snapshot.codeList(list) };
}

/** True for the providing department's own steward, who sees the department's rows as they are. */
const seesValues = (actor: Actor, plan: TablePlan): boolean =>
  actor.roles.includes('provider-steward') && actor.department === plan.source.department;

/** A page of rows. Recorded before it is answered. */
export async function readRows(
  kernel: Kernel,
  actor: Actor,
  id: string,
  page: Page & { readonly which?: WhichRows | undefined },
): Promise<{ rows: ReadRow[]; count: number; masked: boolean }> {
  const { plan, codeList } = await openTable(kernel, actor, id, 'table.read');
  const env = { today: kernel.clock.today(), codeList };
  const masked = !seesValues(actor, plan);
  const shown = plan.fields.map(
    (f, i) => `${masked ? maskedSql(f, f.means, columnName(f.name), env) : textSql(f.type, columnName(f.name))} as ${own(`f${i}`)}`,
  );
  const results = await resultsOfTable(kernel.db, id);
  const latest = results[0];
  const which = page.which ?? 'current';
  const from = whichSql(plan, which, { seq: latest?.batch ?? -1, mode: latest?.mode ?? 'full', since: latest?.since ?? 0 });
  const count = !latest
    ? 0
    : which === 'repeated'
      ? ((await kernel.warehouse.query<{ n: number }>(`select count(*)::INTEGER as n from (${from.sql})`))[0]?.n ?? 0)
      : which === 'keyless'
        ? latest.rowsKeyless
        : latest.rowsCurrent;
  const found = !latest
    ? []
    : await kernel.warehouse.query<Record<string, string | number | boolean | null>>(
        `select _ordinal, _row, _current, ${shown.join(', ')} from (${from.sql} order by ${from.order} limit ${page.limit} offset ${page.offset})`,
      );
  const rows = found.map((r) => ({
    ordinal: Number(r['_ordinal']),
    row: Number(r['_row']),
    current: r['_current'] === true,
    values: Object.fromEntries(plan.fields.map((f, i) => [f.name, r[own(`f${i}`)] as string | null])),
  }));
  const answer = { rows, count, masked };
  await recordReading(kernel, actor, {
    action: 'table.read',
    target: `table:${id}`,
    fields: plan.fields.map((f) => f.name),
    subjects: [],
    rows: rows.length,
    answer,
  });
  return answer;
}

export interface FindingQuery extends Page {
  readonly rule?: string | undefined;
  readonly severity?: 'block' | 'warn' | undefined;
  readonly field?: string | undefined;
  /** Ordinal of the batch. */
  readonly batch?: number | undefined;
}

/** A page of the findings, newest batch first, with the words of the check that was in force. Recorded before it is answered. */
export async function readFindings(
  kernel: Kernel,
  actor: Actor,
  id: string,
  query: FindingQuery,
): Promise<{ rows: ReadFinding[]; count: number; masked: boolean }> {
  const { plan, codeList } = await openTable(kernel, actor, id, 'table.read');
  const env = { today: kernel.clock.today(), codeList };
  const masked = !seesValues(actor, plan);
  const results = await resultsOfTable(kernel.db, id);
  const where = `($1::VARCHAR is null or "rule" = $1) and ($2::VARCHAR is null or severity = $2) and ($3::INTEGER is null or _ordinal = $3) and ($4::VARCHAR is null or field = $4)`;
  const params: Param[] = [query.rule ?? null, query.severity ?? null, query.batch ?? null, query.field ?? null];
  // The fault word of a row that could not be read is nobody's value.
  const cells = masked ? maskedCells(plan.fields, env) : { standard: 'null', shown: '"value"' };
  const none = results.length === 0;
  const count = none
    ? 0
    : ((await kernel.warehouse.query<{ n: number }>(`select count(*)::INTEGER as n from ${findingTable(id)} where ${where}`, params))[0]
        ?.n ?? 0);
  const found = none
    ? []
    : await kernel.warehouse.query<{
        _batch: string;
        _ordinal: number;
        _row: string;
        rule: string;
        severity: 'block' | 'warn';
        field: string | null;
        shown: string | null;
        other: string | null;
      }>(
        `select _batch, _ordinal, _row, "rule", severity, field, case when "rule" = ${textOf(readingCheck.id)} then "value" else ${cells.shown} end as shown, other
         from (select *, ${cells.standard} as standard from (
           select * from ${findingTable(id)} where ${where} order by _batch desc, _row, "rule" limit ${query.limit} offset ${query.offset}))`,
        params,
      );
  const rows = found.map((f): ReadFinding => {
    const check = results.find((r) => r.batch === Number(f._batch))?.checks.find((c) => c.id === f.rule);
    const field = plan.fields.find((p) => p.name === f.field);
    return {
      ordinal: f._ordinal,
      row: Number(f._row),
      rule: f.rule,
      title: check?.title ?? { zh: f.rule, en: f.rule },
      severity: f.severity,
      field: f.field,
      fieldTitle: f.field === null ? null : { zh: field?.title.zh ?? f.field, en: field?.title.en ?? f.field },
      ...(f.rule === readingCheck.id
        ? { value: null, reason: unreadable(f.shown) }
        : { value: f.shown, reason: reasonOf(check?.reason ?? { zh: '', en: '' }, f.severity, f.shown, f.other) }),
    };
  });
  const answer = { rows, count, masked };
  await recordReading(kernel, actor, {
    action: 'table.read',
    target: `table:${id}`,
    fields: [...new Set(rows.flatMap((r) => (r.field ? [r.field] : [])))],
    subjects: [],
    rows: rows.length,
    answer,
  });
  return answer;
}

/** Why a row could not be read; what stands as its value is the fault. */
function unreadable(fault: string | null): Words {
  const words = Object.entries(deliveryFaultWords).find(([id]) => id === fault)?.[1] ?? { zh: fault ?? '', en: fault ?? '' };
  const { zh, en } = readingCheck.reason;
  return { zh: fill(zh, { fault: words.zh }), en: fill(en, { fault: words.en }) };
}

/** The reason with the value and, for a rule that compares rows, the other row: the one that was kept, or that is kept as well. */
export function reasonOf(reason: Words, severity: 'block' | 'warn', value: string | null, other: string | null): Words {
  const said = (sentence: string, row: string): string => {
    const filled = fill(sentence, { value: value ?? '', row: other ?? '' });
    return other === null || sentence.includes('{row}') ? filled : `${filled}${row}`;
  };
  return severity === 'block'
    ? { zh: said(reason.zh, `（保留的是第${other}行）`), en: said(reason.en, ` (row ${other} was kept)`) }
    : { zh: said(reason.zh, `（第${other}行，两行都保留）`), en: said(reason.en, ` (row ${other}; both are kept)`) };
}

/** Writes down a reading in the console; nothing is answered when it cannot be written. @throws Refusal RECORD_UNAVAILABLE */
export async function recordReading(
  kernel: Kernel,
  actor: Actor,
  reading: {
    readonly action: string;
    readonly target: string;
    readonly fields: readonly string[];
    readonly subjects: readonly string[];
    readonly rows: number;
    readonly answer: unknown;
  },
): Promise<void> {
  const { answer, ...said } = reading;
  await kernel.recorder.record({
    ...said,
    door: actor.door,
    outcome: 'answered',
    actor: actor.user,
    department: actor.department,
    grant: null,
    purpose: null,
    bytes: Buffer.byteLength(JSON.stringify(answer)),
    refusal: null,
  });
}
