/** The one scan: every field standardised and judged, every rule asked, rows compared with one another, in a single statement. */
import { orderKeySql } from '#collect';
import type { FieldType } from '#declare';
import { bind, col, type Expr, instantRead, toDate, trim, value } from '#declare/expr/index';
import { contentSql } from '#kernel/sql/content';
import { keptNumberSql, textSql } from '#kernel/sql/kept';
import { own } from '#kernel/sql/own';
import { identifier, literal } from '#kernel/sql/quote';
import { spell } from '#kernel/sql/spell';
import type { ExprEnv } from '#kernel/stage';
import type { LandedBatch } from './batch-facts.ts';
import { stacked } from './layers.ts';
import { Memberships } from './membership.ts';
import { newestOf, type PlannedField, type PlannedRule, rankOf, type TablePlan, tooLong, versionsOf } from './plan.ts';
import { type Part, SharedParts } from './shared-parts.ts';

const day: Expr = toDate(value, 'YYYY-MM-DD');
/** How the expressions read the types that they read as they are kept. */
const readings: Partial<Record<FieldType, Expr>> = { date: day, instant: instantRead(value) };
/** The value that is kept of a standard text of this type. */
function storedSql(type: FieldType, at: string, env: ExprEnv): string {
  const reading = readings[type];
  if (!reading) return keptNumberSql(at);
  const read = spell(reading, 'duckdb', { ...env, column: () => at });
  return type === 'date' ? `try_cast(${read} as DATE)` : read;
}
const field = (i: number): string => `s${i + 1}`;
const typed = (f: PlannedField, i: number): string => (f.type === 'text' ? field(i) : `t${i + 1}`);
/** Column of the scan that says which verdict on a field failed: null no value, 0 none, n the n-th. */
export const verdictColumn = (i: number): string => `v${i + 1}`;
/** Column of the scan and of the governed table with the instant by which changes of one day are ordered. */
export const momentColumn = own('moment');
const momentText = own('moment_text');
/** Columns of the scan and of the governed table: which row of the source it is, and where its cursor value stands among the others. */
export const sourceColumn = own('source');
export const orderColumn = own('order');
/** Column of the scan with a cell that is not blank and all the same holds no value: a word for none. */
export const wordColumn = (i: number): string => `w${i + 1}`;
/** Longer than any such word. */
const longestWord = 20;
const trimmedCell = trim(value);
/** Column of the scan that says whether a rule holds; for a rule that compares rows, the row this one repeats. */
export const ruleColumn = (i: number): string => `r${i + 1}`;
/** The governed value of one cell as text, by itself: what the scan makes of it in layers. What has no value of its type has none. */
export function governedText(f: Pick<PlannedField, 'type' | 'means'>, at: string, env: ExprEnv): string {
  const over = (expr: Expr, column: string): string => spell(expr, 'duckdb', { ...env, column: () => column });
  const standard = `nullif(${over(f.means.standardise, at)}, '')`;
  return f.type === 'text' ? standard : `(list_transform([${standard}], lambda v: ${textSql(f.type, storedSql(f.type, 'v', env))})[1])`;
}
/** Column of the scan with the governed value. */
export const valueColumn = typed;

/** The cells of the data rows, filled down: the first layers of a scan. */
function cellLayers(plan: TablePlan, batch: LandedBatch): string[] {
  const filled = new Set(plan.source.layout?.fillDown ?? []);
  const cells = batch.columns.map((_, i) => `c${i + 1}`);
  const read = batch.columns.map((name, i) =>
    filled.has(name)
      ? `coalesce(nullif(c${i + 1}, ''), last_value(nullif(c${i + 1}, '') ignore nulls) over (order by _row rows unbounded preceding)) as c${i + 1}`
      : `c${i + 1}`,
  );
  return [
    `select _row, ${cells.join(', ')} from read_parquet($1) where _kind = 'data'`,
    ...(filled.size > 0 ? [`select _row, ${read.join(', ')} from step`] : []),
  ];
}

interface Layers {
  readonly layers: readonly string[];
  /** Code lists that the layers ask. */
  readonly lists: readonly string[];
  /** What verdicts on texts share. */
  readonly parts: readonly Part[];
}

/** The layers that standardise and judge these fields of a plan (by place), over one with the cells. */
function fieldLayers(plan: TablePlan, batch: LandedBatch, env: ExprEnv, places: readonly number[]): Layers {
  const { binding, fields } = plan;
  const cellOf = (f: PlannedField): string => {
    const i = batch.columns.indexOf(f.column);
    return i < 0 ? 'cast(null as VARCHAR)' : `c${i + 1}`;
  };
  const over = (expr: Expr, column: (name: string) => string): string => spell(expr, 'duckdb', { ...env, column });
  const ofValue = (expr: Expr, at: string): string => over(expr, () => at);
  const asked = places.map((i) => [fields[i] as PlannedField, i] as const);
  // Fields of one column (a sample that is judged by every element) standardise the same text, and much of that is alike.
  const sharedCells = new SharedParts('_c');
  const trees = new Map<PlannedField, Expr>();
  for (const [column, fields] of Map.groupBy(
    asked.map(([f]) => f),
    cellOf,
  )) {
    const standards = fields.map((f) => f.means.standardise);
    const shared =
      fields.length < 2 ? standards : sharedCells.taken(standards, { value: 'text' }, (part) => ofValue(part, column), []).trees;
    for (const [n, f] of fields.entries()) trees.set(f, shared[n] as Expr);
  }
  const standard = asked.map(([f, i]) => {
    const read = over(trees.get(f) as Expr, (name) => (name === 'value' ? cellOf(f) : name));
    return `nullif(${read}, '') as ${field(i)}`;
  });
  const values = asked.flatMap(([f, i]) => (f.type === 'text' ? [] : [`${storedSql(f.type, field(i), env)} as ${typed(f, i)}`]));
  const words = asked.map(([f, i]) => {
    const cell = ofValue(trimmedCell, cellOf(f));
    return `case when ${field(i)} is null then nullif(left(${cell}, ${longestWord}), '') end as ${wordColumn(i)}`;
  });
  const inLists = new Memberships(env, '_m');
  const shared = new SharedParts('_p');
  const partsOfText: Part[] = [];
  const judgedOf = (f: PlannedField, i: number): readonly string[] => {
    const at = (name: string): string => (name === 'value' ? field(i) : name);
    const { trees, parts } = shared.taken(
      f.verdicts.map((v) => v.holds),
      { value: 'text' },
      (part) => over(part, at),
      ((expr) => (expr ? [{ expr, column: typed(f, i) }] : []))(readings[f.type]),
    );
    // The governed value of a text is its standard text, so what verdicts share is known to the rules too.
    if (f.type === 'text') for (const p of parts) partsOfText.push({ ...p, expr: bind(p.expr, { value: col(f.name) }) });
    return trees.map((holds) =>
      over(
        inLists.taken(holds, (e) => over(e, at)),
        at,
      ),
    );
  };
  const verdicts = asked.map(([f, i]) => `${verdictSql(f, i, judgedOf(f, i))} as ${verdictColumn(i)}`);
  const keyed = asked.flatMap(([f, i]) => (binding.key.includes(f.name) ? [`${keyPartSql(f, i)} as ${keyPart(i)}`] : []));
  // The text in a column first: reading an instant repeats its operand many times, and a tree of 30 kB so repeated took 1.4 s to plan.
  const momentTexts = placedMoment(plan, places).map(({ field: f, moment }) => `${ofValue(moment, cellOf(f))} as ${momentText}`);
  const moments = momentTexts.map(() => `${storedSql('instant', momentText, env)} as ${momentColumn}`);
  return {
    layers: [
      ...sharedCells.layers(),
      `select *, ${[...standard, ...momentTexts].join(', ')} from step`,
      `select *, ${[...values, ...words].join(', ')} from step`,
      ...shared.layers(),
      ...inLists.layers(),
      `select *, ${[...verdicts, ...keyed, ...moments].join(', ')} from step`,
    ],
    lists: inLists.lists(),
    parts: partsOfText,
  };
}

/** The field whose changes of one day are ordered by the time, where it is among these places. */
function placedMoment(plan: TablePlan, places: readonly number[]): readonly { readonly field: PlannedField; readonly moment: Expr }[] {
  const [newest, moment] = [newestOf(plan), plan.moment];
  return newest && moment && places.includes(newest.at) ? [{ field: newest.field, moment }] : [];
}

/** A statement of layers, with the code lists that they ask. */
const statement = (layers: readonly string[], lists: readonly string[]): string =>
  lists.length === 0 ? stacked(layers) : `with ${lists.join(', ')} ${stacked(layers)}`;

/** The statement that yields `_row`, the typed values and the verdict columns of some fields alone: what is joined in a scan of many fields. */
export function judgedSql(plan: TablePlan, batch: LandedBatch, env: ExprEnv, places: readonly number[]): string {
  const { layers, lists } = fieldLayers(plan, batch, env, places);
  const told = places.flatMap((i) => {
    const f = plan.fields[i] as PlannedField;
    return [typed(f, i), verdictColumn(i), wordColumn(i), ...(plan.binding.key.includes(f.name) ? [keyPart(i)] : [])];
  });
  const moment = placedMoment(plan, places).map(() => momentColumn);
  return statement([...cellLayers(plan, batch), ...layers, `select _row, ${[...told, ...moment].join(', ')} from step`], lists);
}

/** A relation with a part of a scan of many fields, and its columns of words for no value, which are counted there and go no further. */
export interface ScanPart {
  readonly table: string;
  readonly words: readonly string[];
}

/** Parts of a scan of many fields side by side. */
export const besideSql = (parts: readonly ScanPart[]): string => {
  const columns = parts.map(({ words }, n) => {
    const without = [...(n > 0 ? ['_row'] : []), ...words];
    return `j${n}.*${without.length > 0 ? ` exclude (${without.join(', ')})` : ''}`;
  });
  const [first, ...joins] = parts.map(({ table }, n) =>
    n === 0 ? `${table} as j0` : `left join ${table} as j${n} on j${n}._row = j0._row`,
  );
  return `select ${columns.join(', ')} from ${first} ${joins.join(' ')}`;
};

/** Counts of the words for no value in some fields (by place), as JSON by word: `h<n>` of the n-th place. */
export const wordsSql = (places: readonly number[], relation: string): string =>
  `select ${places.map((i, n) => `cast(to_json(histogram(${wordColumn(i)})) as VARCHAR) as h${n}`).join(', ')} from ${relation}`;

/** Rows that repeat another in every column: the columns of the scan that say so. */
const twinColumns = (plan: TablePlan, batch: LandedBatch): readonly string[] =>
  plan.rules.flatMap((r, i) => (r.kind === 'exact-duplicate' ? [`${twinSql(plan, batch)} as ${ruleColumn(i)}`] : []));

/** The columns that tell versions of a row, over its cells; a row whose source key is wholly absent is a row of its own. */
function versionColumns(plan: TablePlan, batch: LandedBatch): readonly string[] {
  const { bySource, byCursor } = versionsOf(plan);
  const cell = (name: string): string => {
    const i = batch.columns.indexOf(name);
    return i < 0 ? 'cast(null as VARCHAR)' : `c${i + 1}`;
  };
  const parts = plan.source.key.map(cell);
  return [
    ...(bySource
      ? [`case when ${parts.map((p) => `${p} is not null`).join(' or ')} then md5_number(${contentSql(parts)}) end as ${sourceColumn}`]
      : []),
    ...(byCursor ? [`${orderKeySql(cell(plan.source.cursor ?? ''))} as ${orderColumn}`] : []),
  ];
}

/** Columns of ours that the governed table keeps of a row beside its fields. */
export function keptColumns(plan: TablePlan): readonly string[] {
  const { bySource, byCursor } = versionsOf(plan);
  return [...(plan.moment ? [momentColumn] : []), ...(bySource ? [sourceColumn] : []), ...(byCursor ? [orderColumn] : [])];
}

/** The raw row as a list. */
const rawRow = (batch: LandedBatch): string => `[${batch.columns.map((_, i) => `c${i + 1}`).join(', ')}]`;

/**
 * Returns the statement that yields `_row`, the raw row as `_cells`, and the rules asked of raw rows alone. Every other part of a scan of many
 * fields joins it.
 */
export const rawSql = (plan: TablePlan, batch: LandedBatch): string =>
  stacked([
    ...cellLayers(plan, batch),
    `select ${['_row', `${rawRow(batch)} as _cells`, ...twinColumns(plan, batch), ...versionColumns(plan, batch)].join(', ')} from step`,
  ]);

/**
 * The statement that reads the data rows of a batch and yields one row each: `_row`, `_key`, the typed values, the verdict columns, the rule
 * columns, `_blocked`, and `cells` (the raw row) where anything was found. It has one parameter, the path of the object. `judged`: relations of
 * `rawSql` and `judgedSql`, which hold all of it between them.
 */
export function scanSql(plan: TablePlan, batch: LandedBatch, env: ExprEnv, judged: readonly ScanPart[] = []): string {
  const { fields, rules } = plan;
  const over = (expr: Expr, column: (name: string) => string): string => spell(expr, 'duckdb', { ...env, column });
  const index = new Map(fields.map((f, i) => [f.name, i]));
  const columnOf = (name: string): string => {
    const i = index.get(name) as number;
    return typed(fields[i] as PlannedField, i);
  };
  const isApart = judged.length > 0;
  const values: Layers = isApart ? { layers: [], lists: [], parts: [] } : fieldLayers(plan, batch, env, [...fields.keys()]);
  const inLists = new Memberships(env, '_n');
  const shared = new SharedParts('_q');
  const doubtful = (name: string): string => {
    const i = index.get(name) as number;
    return blockedByVerdict(fields[i] as PlannedField, i);
  };
  const governed = (name: string): string => (index.has(name) ? columnOf(name) : name);
  const asking = rules.flatMap((r, i) => (r.holds ? [{ rule: r, holds: r.holds, i }] : []));
  const asked = shared
    .taken(
      asking.map((r) => r.holds),
      Object.fromEntries(fields.map((f) => [f.name, f.type])),
      (part) => over(part, governed),
      values.parts,
    )
    .trees.map((holds) =>
      over(
        inLists.taken(holds, (e) => over(e, governed)),
        governed,
      ),
    );
  const ruled = asking.map(({ rule, i }, n) => `${guarded(rule.looksAt.map(doubtful), asked[n] as string)} as ${ruleColumn(i)}`);
  const twins = [...twinColumns(plan, batch), ...versionColumns(plan, batch)];
  const rivals = rules.flatMap((r, i) =>
    r.kind === 'unique-key'
      ? [
          `${rivalSql(
            plan,
            batch,
            r.looksAt.map((name) => ({ name, at: columnOf(name) })),
          )} as ${ruleColumn(i)}`,
        ]
      : [],
  );
  const blocked = [
    ...fields.flatMap((f, i) => (blockedByVerdict(f, i) === 'false' ? [] : [blockedByVerdict(f, i)])),
    ...rules.flatMap((r, i) => (r.severity === 'block' && r.kind !== 'unique-key' ? [brokenSql(r, i)] : [])),
  ];
  const late = rules.flatMap((r, i) => (r.severity === 'block' && r.kind === 'unique-key' ? [brokenSql(r, i)] : []));
  const found = [...fields.map((_, i) => `coalesce(${verdictColumn(i)} > 0, false)`), ...rules.map((r, i) => brokenSql(r, i))];
  const layers = [
    ...(isApart ? [besideSql(judged)] : cellLayers(plan, batch)),
    !isApart && twins.length > 0 ? `select *, ${twins.join(', ')} from step` : null,
    ...values.layers,
    ...shared.layers(),
    ...inLists.layers(),
    ruled.length > 0 ? `select *, ${ruled.join(', ')} from step` : null,
    `select *, ${orOf(blocked)} as _early from step`,
    rivals.length > 0 ? `select *, ${rivals.join(', ')} from step` : null,
    `select _row, ${keySql(plan, index)} as _key, ${[...fields.map((f, i) => typed(f, i)), ...fields.map((_, i) => verdictColumn(i)), ...(isApart ? [] : fields.map((_, i) => wordColumn(i))), ...keptColumns(plan), ...rules.map((_, i) => ruleColumn(i))].join(', ')},
      _early, ${orOf(['_early', ...late])} as _blocked, case when ${orOf(found)} then ${isApart ? '_cells' : rawRow(batch)} end as cells from step`,
  ];
  return statement(
    layers.filter((l) => l !== null),
    [...values.lists, ...inLists.lists()],
  );
}

/** Whether a rule was broken by a row of the scan. */
export const brokenSql = (rule: PlannedRule, i: number): string =>
  rule.holds ? `coalesce(not ${ruleColumn(i)}, false)` : `(${ruleColumn(i)} is not null)`;

const orOf = (parts: readonly string[]): string => (parts.length === 0 ? 'false' : `(${parts.join(' or ')})`);

/**
 * The first verdict that fails. A present value whose shape or check character cannot be decided has not passed; one that passed what judges the
 * value itself, and still has no value of its type, is too long as a number, and at fault in its shape as a day: a value is never dropped in silence.
 */
function verdictSql(f: PlannedField, i: number, holds: readonly string[]): string {
  const at = field(i);
  const length = f.verdicts.findIndex((v) => v.id === `${f.name}:${tooLong}`);
  const all = f.verdicts.map((v, n) =>
    n === length ? '' : `when not coalesce(${holds[n]}, ${v.id !== `${f.name}:shape` && v.id !== `${f.name}:checksum`}) then ${n + 1}`,
  );
  const shape = f.verdicts.findIndex((v) => v.id === `${f.name}:shape`);
  const first = f.verdicts.filter((v) => rankOf(v) < 2).length;
  const untyped = f.type === 'text' ? [] : [`when ${typed(f, i)} is null then ${(length < 0 ? shape : length) + 1}`];
  return `cast(case when ${at} is null then null ${[...all.slice(0, first), ...untyped, ...all.slice(first)].join(' ')} else 0 end as UTINYINT)`;
}

function blockedByVerdict(f: PlannedField, i: number): string {
  const blocking = f.verdicts.flatMap((v, n) => (v.severity === 'block' ? [n + 1] : []));
  return blocking.length === 0 ? 'false' : `coalesce(${verdictColumn(i)} in (${blocking.join(', ')}), false)`;
}

/** A rule is not asked about a value that is already refused: one fault is reported once. */
function guarded(doubts: readonly string[], holds: string): string {
  const real = doubts.filter((d) => d !== 'false');
  return real.length === 0 ? holds : `case when not ${orOf(real)} then ${holds} end`;
}

/**
 * The earlier row of the batch with the same content, for every row but the first. The source's own row number says nothing of the content:
 * columns of its row key count only where the governed key is read from them.
 */
function twinSql(plan: TablePlan, batch: LandedBatch): string {
  const keyed = new Set(plan.fields.filter((f) => plan.binding.key.includes(f.name)).map((f) => f.column));
  const compared = batch.columns.flatMap((name, i) => (plan.source.key.includes(name) && !keyed.has(name) ? [] : [`c${i + 1}`]));
  if (compared.length === 0) return 'cast(null as BIGINT)';
  return `nullif(min(_row) over (partition by md5_number(${contentSql(compared)})), _row)`;
}

/**
 * Among rows not refused for anything else, the kept row with the same key. Of a full delivery the newest, else the first; of an incremental one the
 * last, where versions of a key that differ in age are no rivals.
 */
function rivalSql(plan: TablePlan, batch: LandedBatch, columns: readonly { readonly name: string; readonly at: string }[]): string {
  const newest = newestOf(plan);
  const ages = newest
    ? [typed(newest.field, newest.at), ...(plan.moment ? [momentColumn] : [])]
    : versionsOf(plan).byCursor
      ? [orderColumn]
      : [];
  const key = columns.map((k) => k.at);
  const kept =
    batch.mode === 'incremental'
      ? `max(_row) over (partition by ${['_early', ...key, ...ages].join(', ')})`
      : `first_value(_row) over (partition by ${['_early', ...key].join(', ')} order by ${[...ages.map((a) => `${a} desc nulls last`), '_row'].join(', ')})`;
  return `case when not _early and ${hasKeySql(plan, columns)} then nullif(${kept}, _row) end`;
}

/** Whether a row has a key: a part is there, and no other is missing but those that may be. */
function hasKeySql({ binding }: TablePlan, key: readonly { readonly name: string; readonly at: string }[]): string {
  const demanded = key.filter((k) => !binding.mayBeAbsent?.includes(k.name));
  return demanded.length > 0 ? demanded.map((k) => `${k.at} is not null`).join(' and ') : orOf(key.map((k) => `${k.at} is not null`));
}

/** Column of the scan with the text of a part of the key. */
const keyPart = (i: number): string => `k${i + 1}`;

/** The text of a field as a part of the key: of the kept value, so that two spellings of one number or instant are one key; of the standard text where it is too long. */
const keyPartSql = (f: PlannedField, i: number): string =>
  f.type === 'number' || f.type === 'instant' ? `coalesce(${textSql(f.type, typed(f, i))}, ${field(i)})` : field(i);

/** The row key: its parts one after another, each with its length, so that no two keys read alike; absent of a row without a key. */
function keySql(plan: TablePlan, index: ReadonlyMap<string, number>): string {
  if (plan.binding.key.length === 0) return 'cast(null as VARCHAR)';
  const key = plan.binding.key.map((name) => ({ name, at: keyPart(index.get(name) as number) }));
  return `case when ${hasKeySql(plan, key)} then ${contentSql(key.map((k) => k.at))} end`;
}

/** Name of a field's column, quoted. */
export const columnName = (name: string): string => identifier('duckdb', name);
/** Text constant, quoted. */
export const textOf = (text: string): string => literal('duckdb', text);
