/** What speaks for a column being of a data element: what it is called, and how many of its values pass each verdict. */
import { type Element, governedType, type Title } from '#declare';
import { codeListsOf, value } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';
import type { Kernel } from '#kernel/stage';
import { checksOf, planField, type TablePlan, type Words } from '../plan.ts';
import { scanSql, verdictColumn } from '../scan.ts';
import { countSql, resultsOf } from '../split.ts';
import { scratchTable } from '../tables.ts';
import { columnShift, sampledColumn, type Trial, withSample } from './sample.ts';

/** How far the name of a column speaks for an element. */
export type NameEvidence = 'same' | 'part' | 'none';

/** Values judged as one element. */
export interface Evidence {
  readonly element: string;
  readonly name: NameEvidence;
  /** Sampled rows that have a value. */
  readonly checked: number;
  /** Of them, those that pass every verdict that blocks, and stand in the code lists of the element. */
  readonly passed: number;
  /** Of them, those that speak for the element by themselves; null where it knows none that would. */
  readonly told: number | null;
  /** Each verdict with the values it was asked about and that failed it: shape, checksum, meaning, kept apart. */
  readonly verdicts: readonly {
    readonly id: string;
    readonly title: { readonly zh: string; readonly en: string };
    readonly severity: 'block' | 'warn';
    readonly checked: number;
    readonly failed: number;
  }[];
  /** A few values that fail. */
  readonly fails: readonly string[];
}

/** A name without what does not matter: width, case, blanks, units in brackets. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(.*?\)|\[.*?\]|【.*?】|<.*?>/gu, '')
    .replace(/[\s_\-·.、:*]/gu, '');

/** How far a column's name speaks for an element: it is one of its names, or ends with one, or holds one of three characters or more. */
export function nameEvidence(column: string, element: Pick<Element, 'title' | 'names'>): NameEvidence {
  // What a part of a group is called says what it is: 户主·公民身份号码.
  const [plain, part] = [column, column.slice(column.lastIndexOf('·') + 1)].map(plainName) as [string, string];
  const names = [element.title.zh, ...(element.title.en ? [element.title.en] : []), ...element.names].map(plainName);
  if (names.includes(plain) || names.includes(part)) return 'same';
  const han = (n: string): boolean => /\p{Script=Han}/u.test(n);
  return names.some((n) => (han(n) ? plain.endsWith(n) || (n.length >= 3 && plain.includes(n)) : n.length >= 5 && plain.endsWith(n)))
    ? 'part'
    : 'none';
}

/** An element of which fewer of the values pass what needs no code list is not asked about its lists: they are long to spell. */
const hopeful = 0.3;

/** Judges every column of an upload by every element, over a sample of its rows. */
export async function judgeColumns(
  kernel: Kernel,
  snapshot: Snapshot,
  trial: Trial,
  called: readonly string[],
  signal: AbortSignal,
): Promise<{ evidence: Evidence[][]; sampled: number }> {
  const elements = snapshot.list('element');
  return withSample(kernel, trial, signal, async (sample, sampled) => {
    const quick = await judgedBy(
      kernel,
      snapshot,
      sample,
      { columns: trial.batch.columns, called },
      { elements, withLists: false },
      signal,
    );
    const isAsked = (e: Element): boolean =>
      usesLists(e) &&
      quick.some((all) => all.some((q) => q.element === e.id && (q.name !== 'none' || q.passed > hopeful * q.checked) && q.checked > 0));
    const asked = elements.filter(isAsked);
    if (asked.length === 0) return { evidence: quick, sampled };
    const full = await judgedBy(
      kernel,
      snapshot,
      sample,
      { columns: trial.batch.columns, called },
      { elements: asked, withLists: true },
      signal,
    );
    return { evidence: quick.map((all, i) => all.map((q) => full[i]?.find((f) => f.element === q.element) ?? q)), sampled };
  });
}

const usesLists = (e: Element): boolean =>
  [e.shape, ...(e.checksum ? [e.checksum] : []), ...e.semantics.map((s) => s.holds)].some((x) => codeListsOf(x).length > 0);

/** Columns, and what they are called: by themselves or by what their database says of them. */
interface Named {
  readonly columns: readonly string[];
  readonly called: readonly string[];
}

const closerName = (a: NameEvidence, b: NameEvidence): NameEvidence =>
  (['same', 'part'] as const).find((n) => n === a || n === b) ?? 'none';

/** What a sample is judged by. */
interface Judging {
  readonly elements: readonly Element[];
  readonly withLists: boolean;
}

async function judgedBy(
  kernel: Kernel,
  snapshot: Snapshot,
  sample: Trial,
  { columns, called }: Named,
  by: Judging,
  signal: AbortSignal,
): Promise<Evidence[][]> {
  const { elements } = by;
  const tellers = elements.filter((e) => e.telling !== null);
  const plan = planOf(snapshot, sample, by);
  const scan = scratchTable(`${sample.source.id}__judged`);
  const { warehouse } = kernel;
  const judging = spelledOnce(snapshot, plan, sample, by);
  await warehouse.execute([{ sql: `create or replace table ${scan} as ${judging}`, params: [sample.batch.path] }], { signal });
  try {
    const part = `_row >> ${columnShift}`;
    const counts = await warehouse.query<Record<string, string>>(countSql(plan, scan, part), [], { signal });
    const failing = await warehouse.query<{ part: string; element: number; fails: string[] }>(
      elements
        .map(
          (_, i) =>
            `select part, ${i} as element, list(value order by first) as fails from (select part, value, min(n) as first from (
               select ${part} as part, cells[1] as value, row_number() over (partition by ${part} order by _row) as n from ${scan} where ${verdictColumn(i)} > 0)
             where n <= ${fewFails} group by part, value) group by part`,
        )
        .join(' union all '),
      [],
      { signal },
    );
    return columns.map((column, place): Evidence[] => {
      const own = counts.find((c) => Number(c['part']) === place);
      // A column without a value was asked nothing.
      const checks = own ? resultsOf(plan, sample.batch, own) : checksOf(plan).map((c) => ({ ...c, checked: 0, failed: 0 }));
      const told = (id: string): number | null => {
        const found = checks.find((c) => c.id === `${tellingOf(tellers.findIndex((t) => t.id === id))}:shape`);
        return found ? found.checked - found.failed : null;
      };
      return elements.map((e, i): Evidence => {
        const ours = checks.filter((c) => c.kind === 'element' && c.field === fieldOf(i));
        const checked = ours[0]?.checked ?? 0;
        const blocked = ours.filter((c) => c.usual !== 'warn').reduce((n, c) => n + c.failed, 0);
        return {
          element: e.id,
          name: closerName(nameEvidence(column, e), nameEvidence(called[place] ?? column, e)),
          checked,
          passed: checked - blocked,
          told: told(e.id),
          verdicts: ours.map((c) => ({
            id: c.id.slice(fieldOf(i).length + 1),
            title: withoutField(c.title),
            severity: c.severity,
            checked: c.checked,
            failed: c.failed,
          })),
          fails: failing.find((f) => Number(f.part) === place && f.element === i)?.fails ?? [],
        };
      });
    });
  } finally {
    await warehouse.execute([{ sql: `drop table if exists ${scan}` }]);
  }
}

/** Statements that judge a sample, of the documents and the day that were asked last. */
const spelled = { under: '', statements: new Map<string, string>() };
const mostSpelled = 8;

/** The statement that judges a sample. Spelling it takes half a second, and every upload of a day is judged by the same ones. */
function spelledOnce(snapshot: Snapshot, plan: TablePlan, sample: Trial, { elements, withLists }: Judging): string {
  const env = { today: sample.batch.day, codeList: (id: string) => snapshot.codeList(id) };
  const heads = (['element', 'code-list'] as const).flatMap((kind) =>
    snapshot.list(kind).map((d) => `${d.id} ${snapshot.head(kind, d.id)?.digest}`),
  );
  const under = [env.today, ...heads].join();
  if (spelled.under !== under || spelled.statements.size >= mostSpelled) Object.assign(spelled, { under, statements: new Map() });
  const key = `${withLists} ${elements.map((e) => e.id).join()}`;
  const sql = spelled.statements.get(key) ?? scanSql(plan, sample.batch, env);
  spelled.statements.set(key, sql);
  return sql;
}

/** A verdict's title without the field it was given here. */
const withoutField = (title: Words): Words => ({ zh: title.zh.replace(/^值：/u, ''), en: title.en.replace(/^value: /, '') });

/** Values that fail, as many as are shown. */
const fewFails = 5;
const fieldOf = (i: number): string => `e${i}`;
const tellingOf = (i: number): string => `t${i}`;

/** A table that reads one column as every element at once. */
function planOf(snapshot: Snapshot, sample: Trial, { elements, withLists }: Judging): TablePlan {
  const title: Title = { zh: '值', en: 'value' };
  const fields = elements.map((means, i) => {
    const seen = { name: fieldOf(i), title, type: governedType(means), element: means.id, sensitivity: means.sensitivity };
    const field = planField(snapshot, seen, sampledColumn, means);
    return withLists ? field : { ...field, verdicts: field.verdicts.filter((v) => codeListsOf(v.holds).length === 0) };
  });
  // Whether a value tells by itself is asked of the text as received.
  const tellers = elements.flatMap((e) =>
    e.telling ? [{ ...e, type: 'text' as const, codeList: null, standardise: value, shape: e.telling, checksum: null, semantics: [] }] : [],
  );
  const tellings = tellers.map((means, i) =>
    planField(
      snapshot,
      { name: tellingOf(i), title, type: 'text', element: means.id, sensitivity: means.sensitivity },
      sampledColumn,
      means,
    ),
  );
  return {
    binding: { form: 1, id: sample.source.id, title, source: sample.source.id, fields: [], key: [fieldOf(0)], newest: null, rules: [] },
    version: 0,
    source: sample.source,
    fields: [...fields, ...tellings],
    rules: [],
    moment: null,
    documents: '',
  };
}
