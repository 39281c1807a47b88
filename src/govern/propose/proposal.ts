/** The proposal for an upload: what each column is, what identifies a row, which rules fit, and what they would find. */
import { randomUUID } from 'node:crypto';
import { type Upload, uploadOf } from '#collect';
import { type Binding, checkDocument, type Element, governedType, type Sensitivity } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';

import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import type { ExprEnv, Kernel } from '#kernel/stage';
import { planTable, type TablePlan } from '../plan.ts';
import { scanSql } from '../scan.ts';
import { type CheckResult, countSql, resultsOf } from '../split.ts';
import { scratchTable } from '../tables.ts';
import { isWide, scanInto } from '../wide-scan.ts';
import { type Choice, chooseElement } from './choose.ts';
import { type Edition, editionsOf } from './edition.ts';
import { type Evidence, judgeColumns } from './evidence.ts';
import { documentIdFor, fieldNameFor } from './initials.ts';
import { asGoverned, findKeys, type KeyCandidate, measuring } from './keys.ts';
import { isRunningNumber, namesAhead, namesCode, namesItself, namesPeriod, numbersLines } from './looks.ts';
import { type Profile, profileColumns } from './profile.ts';
import { type OfferedRule, offerRules } from './rules.ts';
import { type Trial, trialOf, withLooked } from './sample.ts';
import { titleOf } from './units.ts';

export interface ProposedColumn extends Choice {
  readonly column: string;
  /** Name of the governed field. */
  readonly name: string;
  readonly title: string;
  /** False where the file hides the column: it is for a person to take. */
  readonly taken: boolean;
  readonly profile: Profile;
  /** By every element, the likeliest first. */
  readonly evidence: readonly Evidence[];
}

export interface Proposal {
  /** The rows that were looked at; another reading of the upload has other rows. */
  readonly object: string;
  readonly id: string;
  readonly title: string;
  /** Rows that columns were judged by. */
  readonly sampled: number;
  readonly columns: readonly ProposedColumn[];
  readonly keys: readonly KeyCandidate[];
  readonly key: readonly string[];
  readonly rules: readonly OfferedRule[];
  /** What the proposed elements and rules find in the rows that were looked at. */
  readonly checks: readonly CheckResult[];
  readonly rows: TriedRows;
  /** Sources of the department that this may be a newer edition of, the likeliest first. */
  readonly editions: readonly Edition[];
}

/** Rows of the upload, those that were looked at (fewer of a very large one), and those of them that would be governed. */
export interface TriedRows {
  readonly data: number;
  readonly looked: number;
  readonly governed: number;
}

/** A rule that more than this share of the rows breaks is none of this table. */
const brokenByMost = 0.2;

/** Judges an upload and keeps the proposal. Told again it judges again. */
export async function proposeFor(kernel: Kernel, id: string, context: JobContext): Promise<RunResult> {
  const upload = await uploadOf(kernel.db, id);
  if (!upload?.trial || !upload.reading) return { skipped: true };
  const whole = await trialOf(kernel, upload);
  const proposal = await withLooked(kernel, whole, context.signal, (looked) => judged(kernel, upload, { whole, looked }, context));
  await kernel.db.run(
    `insert into govern.proposal (upload, object, body, made_at) values ($1, $2, $3, $4)
     on conflict (upload) do update set object = excluded.object, body = excluded.body, made_at = excluded.made_at`,
    [id, proposal.object, JSON.stringify(proposal), kernel.clock.now()],
  );
  return { columns: proposal.columns.length, sampled: proposal.sampled, rows: proposal.rows.data, governed: proposal.rows.governed };
}

/** The proposal kept for an upload as it is read now; undefined while there is none. */
export async function proposalOf(kernel: Kernel, upload: Upload): Promise<Proposal | undefined> {
  if (!upload.trial) return undefined;
  const row = await kernel.db.first<{ body: Proposal }>('select body from govern.proposal where upload = $1 and object = $2', [
    upload.id,
    upload.trial.object,
  ]);
  // Proposals made before there were tables of which only a part is looked at.
  return row && { ...row.body, rows: { ...row.body.rows, looked: row.body.rows.looked ?? row.body.rows.data } };
}

async function judged(
  kernel: Kernel,
  upload: Upload,
  { whole, looked }: { readonly whole: Trial; readonly looked: Trial },
  context: JobContext,
): Promise<Proposal> {
  const snapshot = await kernel.documents.snapshot();
  const { signal } = context;
  const { columns } = whole.batch;
  const steps = columns.length + 3;
  const tell = (done: number, zh: string, en: string): Promise<void> => context.progress(done, steps, { zh, en });
  const profiles = await profileColumns(kernel, snapshot, looked, signal, (n) => tell(n, `查看第 ${n} 列`, `Looking at column ${n}`));
  await tell(columns.length, '辨认各列', 'Judging the columns');
  const { evidence, sampled } = await judgeColumns(kernel, snapshot, looked, signal);
  const proposed = proposedColumns(snapshot.list('element'), whole, profiles, evidence);
  await tell(steps - 2, '寻找主键', 'Looking for a key');
  const governed = asGoverned(snapshot, whole, (column) => proposed.find((p) => p.column === column)?.element);
  const rank = (column: string): number => rankOf(snapshot, proposed, column, whole.batch.rowsData);
  const keys = await findKeys(kernel, whole, profiles, rank, governed, signal);
  const key = (keys[0]?.columns ?? columns).map((c) => proposed.find((p) => p.column === c)?.name ?? c);
  await tell(steps - 1, '试行规则', 'Trying the rules');
  const tried = await triedOut(kernel, snapshot, { whole, looked }, proposed, key, signal);
  const title = upload.name.replace(/\.[A-Za-z0-9]{1,7}$/, '').trim() || upload.name;
  return {
    object: upload.trial?.object ?? '',
    id: documentIdFor(title, takenIds(snapshot)),
    title,
    sampled,
    columns: proposed,
    keys,
    key,
    ...tried,
    editions: editionsOf(snapshot, upload, columns),
  };
}

const takenIds = (snapshot: Snapshot): ReadonlySet<string> =>
  new Set((['source', 'entry', 'mount', 'binding', 'service'] as const).flatMap((kind) => snapshot.list(kind).map((d) => d.id)));

function proposedColumns(
  elements: readonly Element[],
  trial: Trial,
  profiles: readonly Profile[],
  evidence: readonly (readonly Evidence[])[],
): ProposedColumn[] {
  const taken = new Set<string>();
  const titles = new Set<string>(trial.batch.columns);
  return trial.batch.columns.map((column, i) => {
    const profile = profiles[i] as Profile;
    const found = evidence[i] ?? [];
    const choice = chooseElement(column, elements, found, profile);
    const name = fieldNameFor(column, taken);
    taken.add(name);
    const weight = (e: Evidence): number =>
      (e.element === choice.element ? 10 : 0) +
      (e.name === 'same' ? 2 : e.name === 'part' ? 1 : 0) +
      (e.checked === 0 ? 0 : e.passed / e.checked);
    const element = elements.find((e) => e.id === choice.element) as Element;
    const title = titleOf(column, element, profile, titles);
    titles.add(title);
    const isHidden = trial.hidden.has(column);
    const why = isHidden
      ? { zh: `工作簿里隐藏的列，先不采用；${choice.why.zh}`, en: `hidden in the workbook, not taken yet; ${choice.why.en}` }
      : choice.why;
    return { column, name, title, taken: !isHidden, profile, ...choice, why, evidence: [...found].sort((a, b) => weight(b) - weight(a)) };
  });
}

/** Text of more characters identifies nothing. */
const longestKey = 50;

/** How good an identifier a column is: by what it means first, then by what it is called. */
function rankOf(snapshot: Snapshot, columns: readonly ProposedColumn[], column: string, rows: number): number {
  const found = columns.find((c) => c.column === column);
  const element = found && snapshot.find('element', found.element);
  if (!found?.taken || !element) return 0;
  // The number of the record itself stands first; whose record it is may be unique by chance.
  if (found === columns[0] && namesCode(column) && found.profile.distinct === rows && governedType(element) === 'text')
    return numbersLines(column, found.profile, rows) ? 1.2 : 4.2;
  if (element.checksum) return 4;
  if (numbersLines(column, found.profile, rows)) return isRunningNumber(column) || columns[0] !== found ? 0.5 : 1.2;
  if (namesCode(column) && governedType(element) === 'text') return namesItself(column) ? 3.2 : 3;
  // A day or a year identifies nothing by itself as surely as a name does, but a row of statistics together with what it is about.
  if (governedType(element) === 'date' || namesPeriod(column) || isMostly(found.profile, found.profile.timed)) return 0.7;
  if (governedType(element) !== 'text' || isMeasured(found.profile)) return measuring;
  if (/(名称|姓名|name|title)$/iu.test(column)) return 2;
  // What is told at length differs by chance.
  return found.profile.longest > longestKey ? 0.4 : 1;
}

const isMostly = (p: Profile, count: number): boolean => count > 0.5 * (p.rows - p.absent);

/** Amounts that are text only because their units or digits leave in doubt what they are. */
const isMeasured = (p: Profile): boolean => {
  const amounts = p.units.filter(({ unit }) => unit !== '' && !/[年月日号幢栋楼室期届班级]$/u.test(unit));
  return isMostly(
    p,
    amounts.reduce((n, u) => n + u.count, 0),
  );
};

/** Places the rules and asks the rows that are looked at, exactly as governing will. Rules that most rows break are left out. */
async function triedOut(
  kernel: Kernel,
  snapshot: Snapshot,
  trial: { readonly whole: Trial; readonly looked: Trial },
  columns: readonly ProposedColumn[],
  key: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Proposal, 'rules' | 'checks' | 'rows'>> {
  const taken = columns.filter((c) => c.taken);
  const offered = offerRules(
    snapshot,
    taken.map((c) => ({
      name: c.name,
      type: governedType(snapshot.get('element', c.element)),
      element: c.element,
      isKey: key.includes(c.name),
      isFilled: c.profile.absent <= 0.02 * c.profile.rows,
      isAhead: namesAhead(c.column),
    })),
  );
  const fields = taken.map((c) => ({ ...c, title: { zh: c.title } }));
  const first = await tryBinding(kernel, snapshot, trial, { fields, key, rules: offered }, signal);
  const fits = (r: OfferedRule): boolean => {
    const found = first.checks.find((c) => c.id === r.id);
    return !found || found.failed <= brokenByMost * found.checked;
  };
  if (offered.every(fits)) return { rules: offered, ...first };
  const rules = offered.filter(fits);
  return { rules, ...(await tryBinding(kernel, snapshot, trial, { fields, key, rules }, signal)) };
}

/** A field as a trial needs it. */
export interface TriedField {
  readonly name: string;
  readonly column: string;
  readonly title: { readonly zh: string; readonly en?: string | undefined };
  readonly element: string;
  readonly sensitivity: Sensitivity | null;
}

/** What a binding would come to over the rows of an upload that are looked at; nothing is written. @throws Refusal DOCUMENT_REFUSED */
export async function tryBinding(
  kernel: Kernel,
  snapshot: Snapshot,
  { whole, looked: trial }: { readonly whole: Trial; readonly looked: Trial },
  order: { readonly fields: readonly TriedField[]; readonly key: readonly string[]; readonly rules: readonly OfferedRule[] },
  signal?: AbortSignal,
): Promise<Pick<Proposal, 'checks' | 'rows'>> {
  const binding: Binding = {
    form: 1,
    id: trial.source.id,
    title: trial.source.title,
    source: trial.source.id,
    fields: order.fields.map((f) => ({
      name: f.name,
      column: f.column,
      title: { ...f.title },
      element: f.element,
      sensitivity: f.sensitivity,
    })),
    key: [...order.key],
    newest: null,
    rules: order.rules.map((r) => ({ ...r, slots: { ...r.slots }, params: { ...r.params } })),
  };
  const own: Record<string, unknown> = { binding, source: trial.source };
  const find: Snapshot['find'] = (kind, id) => (id === trial.source.id && kind in own ? (own[kind] as never) : snapshot.find(kind, id));
  const seen: Snapshot = { ...snapshot, find, get: (kind, id) => find(kind, id) ?? snapshot.get(kind, id) };
  const faults = checkDocument('binding', binding, find);
  if (faults.length > 0) throw new Refusal('DOCUMENT_REFUSED', documentNamed('binding', binding.id), { faults });
  const plan = planTable(seen, trial.source.id);
  const env = { today: trial.batch.day, codeList: (id: string) => snapshot.codeList(id) };
  const counts = await countedTrial(kernel, plan, trial, env, signal);
  return {
    checks: resultsOf(plan, trial.batch, counts ?? {}),
    rows: { data: whole.batch.rowsData, looked: trial.batch.rowsData, governed: Number(counts?.['passed'] ?? 0) },
  };
}

/** What a plan counts over the rows of an upload: in one statement, or a wide one in parts as governing does. */
async function countedTrial(
  { warehouse }: Kernel,
  plan: TablePlan,
  { source, batch }: Trial,
  env: ExprEnv,
  signal?: AbortSignal,
): Promise<Record<string, string> | undefined> {
  if (!isWide(plan)) {
    const scan = `(${scanSql(plan, batch, env)})`;
    return (await warehouse.query<Record<string, string>>(countSql(plan, scan), [batch.path], { signal }))[0];
  }
  // Two may be tried at once: a person tries other rules while the proposal is made.
  const name = `${source.id}__tried_${randomUUID()}`;
  const scan = scratchTable(name);
  try {
    await scanInto({ warehouse }, plan, batch, env, { scan, part: (n) => scratchTable(`${name}__${n}`), signal });
    return (await warehouse.query<Record<string, string>>(countSql(plan, scan), [], { signal }))[0];
  } finally {
    await warehouse.execute([{ sql: `drop table if exists ${scan}` }]);
  }
}
