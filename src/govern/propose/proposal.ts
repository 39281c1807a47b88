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
import { asElement, wordsSaid } from './absent-words.ts';
import { type Choice, chooseElement } from './choose.ts';
import { type Edition, editionsOf } from './edition.ts';
import { type Evidence, judgeColumns } from './evidence.ts';
import { documentIdFor, fieldNameFor } from './initials.ts';
import { keyClassOf } from './key-classes.ts';
import { distinctOf, type KeyColumn } from './key-combos.ts';
import { asGoverned, type CellOf, isExact, judgeKey, type KeyCandidate, withoutRepeats } from './key-judge.ts';
import { type FoundKeys, findKeys } from './keys.ts';
import { countsTimes, namesAhead, numbersLines } from './looks.ts';
import { ofBody } from './personal.ts';
import { type Profile, profileColumns } from './profile.ts';
import { asksKey, comparesRows, type OfferedRule, offerRules } from './rules.ts';
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
  /** Rules of a table with a key: those that compare rows, and of each column those that ask for it as a part of the key. */
  readonly keyed: readonly OfferedRule[];
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
  return (
    row && { ...row.body, keyed: row.body.keyed ?? [], rows: { ...row.body.rows, looked: row.body.rows.looked ?? row.body.rows.data } }
  );
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
  const called = columns.map((c) => upload.reading?.called?.[c] ?? c);
  const steps = columns.length + 3;
  const tell = (done: number, zh: string, en: string): Promise<void> => context.progress(done, steps, { zh, en });
  const profiles = await profileColumns(kernel, snapshot, looked, signal, (n) => tell(n, `查看第 ${n} 列`, `Looking at column ${n}`));
  await tell(columns.length, '辨认各列', 'Judging the columns');
  const { evidence, sampled } = await judgeColumns(kernel, snapshot, looked, called, signal);
  const proposed = proposedColumns(snapshot, whole, called, profiles, evidence);
  await tell(steps - 2, '寻找主键', 'Looking for a key');
  const governed = asGoverned(snapshot, whole, (column) => proposed.find((p) => p.column === column)?.element);
  const searched = await findKeys(kernel, whole, keyColumnsOf(snapshot, proposed, called, whole.batch.rowsData), governed, signal);
  const found = await withDeclared(kernel, whole, upload.reading?.key ?? [], searched, governed, signal);
  const key = found.key.map((c) => proposed.find((p) => p.column === c)?.name ?? c);
  await tell(steps - 1, '试行规则', 'Trying the rules');
  const isWhole = found.keys[0] !== undefined && isExact(found.keys[0]);
  const tried = await triedOut(kernel, snapshot, { whole, looked }, proposed, { key, isWhole }, signal);
  const title = upload.reading?.title ?? (upload.name.replace(/\.[A-Za-z0-9]{1,7}$/, '').trim() || upload.name);
  return {
    object: upload.trial?.object ?? '',
    id: documentIdFor(title, takenIds(snapshot)),
    title,
    sampled,
    columns: proposed,
    keys: found.keys,
    key,
    ...tried,
    editions: editionsOf(snapshot, upload, columns),
  };
}

/** What a steward took for the key of a table, which its database keeps unique, goes before what a sample shows. */
async function withDeclared(
  kernel: Kernel,
  whole: Trial,
  declared: readonly string[],
  searched: FoundKeys,
  governed: CellOf,
  signal: AbortSignal,
): Promise<FoundKeys> {
  if (declared.length === 0) return searched;
  const own = await withoutRepeats(kernel, whole, signal, (distinct) => judgeKey(kernel, distinct, declared, governed, signal));
  const others = searched.keys.filter((k) => k.columns.join('\n') !== declared.join('\n'));
  return { ...searched, key: declared, keys: [own, ...others] };
}

const takenIds = (snapshot: Snapshot): ReadonlySet<string> =>
  new Set((['source', 'entry', 'mount', 'binding', 'service'] as const).flatMap((kind) => snapshot.list(kind).map((d) => d.id)));

function proposedColumns(
  snapshot: Snapshot,
  trial: Trial,
  called: readonly string[],
  profiles: readonly Profile[],
  evidence: readonly (readonly Evidence[])[],
): ProposedColumn[] {
  const elements = snapshot.list('element');
  const taken = new Set<string>();
  const titles = new Set<string>(called);
  const chosen = called.map((column, i) => {
    const isBesideFractions = profiles.some((p, other) => other !== i && p.fractions > 0 && !countsTimes(called[other] as string, p));
    const choice = chooseElement(column, elements, evidence[i] ?? [], profiles[i] as Profile, isBesideFractions);
    const means = elements.find((e) => e.id === choice.element) as Element;
    return { ...choice, means, own: asElement(snapshot, profiles[i] as Profile, means) };
  });
  const neighbours = chosen.map(({ means, sensitivity }) => ({ element: means, sensitivity }));
  return trial.batch.columns.map((column, i) => {
    const found = evidence[i] ?? [];
    const { means: element, own: profile, ...given } = chosen[i] as (typeof chosen)[number];
    const word = called[i] as string;
    const ofBodies = ofBody(
      word,
      element,
      profile,
      neighbours.filter((_, other) => other !== i),
    );
    const choice: Choice =
      ofBodies === null
        ? given
        : {
            ...given,
            sensitivity: ofBodies,
            why: { zh: `${given.why.zh}；是机构的，不是个人的`, en: `${given.why.en}; of bodies, not of persons` },
          };
    const name = fieldNameFor(column, taken);
    taken.add(name);
    const weight = (e: Evidence): number =>
      (e.element === choice.element ? 10 : 0) +
      (e.name === 'same' ? 2 : e.name === 'part' ? 1 : 0) +
      (e.checked === 0 ? 0 : e.passed / e.checked);
    const title = titleOf(word, element, profile, titles);
    titles.add(title);
    const isHidden = trial.hidden.has(column);
    const isNothing = profile.absent === profile.rows && /^第\d+列$/u.test(column);
    const reason =
      word === column ? choice.why : { zh: `数据库里注明“${word}”；${choice.why.zh}`, en: `its database says '${word}'; ${choice.why.en}` };
    const said = wordsSaid(profile, reason);
    const why = isHidden
      ? { zh: `工作簿里隐藏的列，先不采用；${said.zh}`, en: `hidden in the workbook, not taken yet; ${said.en}` }
      : isNothing
        ? { zh: `没有列名，也没有一个值，先不采用；${said.zh}`, en: `without a name and without a value, not taken yet; ${said.en}` }
        : said;
    return {
      column,
      name,
      title,
      taken: !isHidden && !isNothing,
      profile,
      ...choice,
      why,
      evidence: [...found].sort((a, b) => weight(b) - weight(a)),
    };
  });
}

/** The columns as the search of keys sees them. */
function keyColumnsOf(snapshot: Snapshot, columns: readonly ProposedColumn[], called: readonly string[], rows: number): KeyColumn[] {
  return columns.map((c, i) => {
    const element = snapshot.get('element', c.element);
    const kind = keyClassOf(
      { column: called[i] as string, isFirst: i === 0, isTaken: c.taken, element, sensitivity: c.sensitivity, profile: c.profile },
      rows,
    );
    return {
      column: c.column,
      class: kind,
      isCounted: numbersLines(called[i] as string, c.profile, rows, true),
      isAmount: governedType(element) === 'number' && kind === 'dimension',
      distinct: distinctOf(c.profile, rows),
      profile: c.profile,
    };
  });
}

/** Places the rules and asks the rows that are looked at, exactly as governing will. Rules that most rows break are left out. */
async function triedOut(
  kernel: Kernel,
  snapshot: Snapshot,
  trial: { readonly whole: Trial; readonly looked: Trial },
  columns: readonly ProposedColumn[],
  { key, isWhole }: { readonly key: readonly string[]; readonly isWhole: boolean },
  signal: AbortSignal,
): Promise<Pick<Proposal, 'rules' | 'keyed' | 'checks' | 'rows'>> {
  const taken = columns.filter((c) => c.taken);
  const offeredFor = (isKey: (name: string) => boolean): OfferedRule[] =>
    offerRules(
      snapshot,
      taken.map((c) => ({
        name: c.name,
        type: governedType(snapshot.get('element', c.element)),
        element: c.element,
        isKey: isKey(c.name),
        isFilled: c.profile.absent <= 0.02 * c.profile.rows,
        isAhead: namesAhead(c.column),
      })),
      isWhole,
    );
  const all = offeredFor((name) => key.includes(name));
  const keyed = offeredFor(() => true).filter((r) => comparesRows(snapshot, r) || asksKey(snapshot.get('rule-kind', r.kind)));
  // Where nothing identifies a row, equal rows are no repeats of one.
  const offered = key.length > 0 ? all : all.filter((r) => !comparesRows(snapshot, r));
  const fields = taken.map((c) => ({ ...c, title: { zh: c.title } }));
  const first = await tryBinding(kernel, snapshot, trial, { fields, key, rules: offered }, signal);
  const fits = (r: OfferedRule): boolean => {
    const found = first.checks.find((c) => c.id === r.id);
    return !found || found.failed <= brokenByMost * found.checked;
  };
  if (offered.every(fits)) return { rules: offered, keyed, ...first };
  const rules = offered.filter(fits);
  return { rules, keyed, ...(await tryBinding(kernel, snapshot, trial, { fields, key, rules }, signal)) };
}

/** A field as a trial needs it. */
export interface TriedField {
  readonly name: string;
  readonly column: string;
  readonly title: { readonly zh: string; readonly en?: string | undefined };
  readonly element: string;
  readonly sensitivity: Sensitivity | null;
  /** Warnings that are to hold the row back. */
  readonly withholds?: readonly string[] | undefined;
}

/** What a person means to bind. */
export interface TriedBinding {
  readonly fields: readonly TriedField[];
  readonly key: readonly string[];
  readonly rules: readonly OfferedRule[];
}

/** The plan of a binding that is tried on the rows of an upload. @throws Refusal DOCUMENT_REFUSED */
export function trialPlan(snapshot: Snapshot, trial: Trial, order: TriedBinding): { readonly plan: TablePlan; readonly env: ExprEnv } {
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
      ...(f.withholds && { withholds: [...f.withholds] }),
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
  const env = { today: trial.batch.day, codeList: (id: string) => snapshot.codeList(id) };
  return { plan: planTable(seen, trial.source.id), env };
}

/** What a binding would come to over the rows of an upload that are looked at; nothing is written. @throws Refusal DOCUMENT_REFUSED */
export async function tryBinding(
  kernel: Kernel,
  snapshot: Snapshot,
  { whole, looked: trial }: { readonly whole: Trial; readonly looked: Trial },
  order: TriedBinding,
  signal?: AbortSignal,
): Promise<Pick<Proposal, 'checks' | 'rows'>> {
  const { plan, env } = trialPlan(snapshot, trial, order);
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
