/** Landing: a reading becomes an immutable object first and one ledger row second, exactly once or not at all. */
import { rm } from 'node:fs/promises';
import type { Connector, Position, Source } from '#declare';
import type { Db, Transaction } from '#kernel/db/pool';
import { Refusal } from '#kernel/errors';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { driftOf } from './connector-refusal.ts';
import { type Drift, driftRefusal } from './drift.ts';
import { changeBetween, type EditionChange, rowsGone } from './edition-change.ts';
import { oneCycleAfter, sayLanded, sayWaiting, setAside, waitingEdition } from './editions.ts';
import { gridSql } from './grid.ts';
import { fileColumns } from './group-column.ts';
import { findDrift } from './header.ts';
import { lackingSql } from './lacking.ts';
import { addBatch, type Batch, batchesOf, batchOfRun, declinedEdition, lastOrdinal, latestBatch } from './ledger.ts';
import { type Mend, type Mended, mendSql } from './mend.ts';
import { judgeUnjudged, keepPosition, positionNow } from './position.ts';
import { type Receipt, receiptOf, receiptPlan } from './receipt.ts';
import { removalWaits } from './removal.ts';
import { Drifted, ReadingFailed, type Staged, stageReading, toldAs } from './staging.ts';
import { noteConfirmed, noteDrift, noteRead, noteTrouble, sayMounts } from './standing.ts';
import { laidOutAs } from './uploads.ts';

/** What is to be landed. */
export interface LandingOrder {
  readonly source: string;
  /** The uploaded file and the name it came under; null where the connector fetches. */
  readonly upload: { readonly original: string; readonly name: string } | null;
  readonly actor: string;
  /** Of an incremental source: ranges that differ from the ledger, to be read again beside the new rows. */
  readonly mend?: Mend;
}

/** A reading under one version of the source, from one position. */
interface Reading {
  readonly source: Source;
  readonly version: number;
  readonly since: Position | null;
  /** The latest batch when it began: rows are held against what had landed by then. */
  readonly after: number | null;
}

/** A source that changes while it is read is read again this often. */
const attempts = 3;

/**
 * Reads a source and lands what it delivered. Told again under the same run it returns what that run landed.
 * @throws Refusal COLLECT_DRIFT (the whole batch is refused), COLLECT_SOURCE_UNREACHABLE and the other reasons of errors.ts
 */
export async function land(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  order: LandingOrder,
  context: JobContext,
): Promise<RunResult> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const before = await batchOfRun(kernel.db, context.run);
    if (before) return landedResult(before);
    const reading = await beginning(kernel, order.source);
    const result = (await landLaidOut(kernel, reading, order, context)) ?? (await landRead(kernel, connectorOf, reading, order, context));
    if (result !== 'moved') return result;
  }
  throw new Refusal('COLLECT_SOURCE_RESTLESS', { source: order.source });
}

/** The source as it is declared now and, for an incremental one, the position to read on from. */
async function beginning(kernel: Kernel, id: string): Promise<Reading> {
  const snapshot = await kernel.documents.snapshot();
  const source = snapshot.get('source', id);
  const version = snapshot.head('source', id)?.version ?? 1;
  return { source, version, since: await positionNow(kernel, kernel.db, source), after: (await latestBatch(kernel.db, id))?.seq ?? null };
}

/** What came of landing a reading; `moved`: the source was changed meanwhile, and must be read again. */
type Landed = RunResult | 'moved';

/** Lands an upload that was laid out like this when it was looked at: those very rows. Undefined where it was not. */
async function landLaidOut(kernel: Kernel, reading: Reading, order: LandingOrder, context: JobContext): Promise<Landed | undefined> {
  const object = order.upload && reading.source.mode === 'full' && (await laidOutAs(kernel.db, order.upload.original, reading.source));
  if (!object) return undefined;
  await context.progress(0, null, landing);
  const path = await kernel.objects.open(object);
  return landObject(kernel, reading, { path, position: null, isWhole: true, adopt: async () => object }, order, context);
}

/** Reads the source and lands what it delivered. */
async function landRead(
  kernel: Kernel,
  connectorOf: (id: string) => Connector,
  reading: Reading,
  order: LandingOrder,
  context: JobContext,
): Promise<Landed> {
  const staged = await staging(kernel, connectorOf(reading.source.connector), reading, order, context);
  try {
    return await landStaged(kernel, reading, staged, order, context);
  } finally {
    await rm(staged.path, { force: true });
  }
}

async function staging(kernel: Kernel, connector: Connector, reading: Reading, order: LandingOrder, context: JobContext): Promise<Staged> {
  try {
    if (reading.since === null && !order.mend) await judgeUnjudged(kernel, connector, reading.source, context.signal);
    return await stageReading(
      kernel,
      connector,
      {
        source: reading.source,
        since: order.mend?.since ?? reading.since,
        ...(order.mend && { ranges: order.mend.ranges ?? [everything] }),
        original: order.upload?.original ?? null,
      },
      context,
    );
  } catch (error) {
    if (error instanceof Drifted) throw await refusedFor(kernel, reading.source, error.drift, order.actor, error.columns);
    if (!(error instanceof ReadingFailed)) throw error;
    const drift = driftOf(error.refusal);
    if (drift) throw await refusedFor(kernel, reading.source, drift, order.actor);
    const told = toldAs(reading.source.id, error);
    await noteTrouble(kernel, reading.source.id, error.refusal, told, order.actor);
    throw told;
  }
}

const everything = { from: null, to: null };

/** Says the drift where everybody downstream hears it, and returns the refusal. */
async function refusedFor(
  kernel: Kernel,
  source: Source,
  drift: Drift,
  actor: string,
  found: readonly string[] | null = null,
): Promise<Refusal> {
  await noteDrift(kernel, source.id, drift, actor, found);
  return driftRefusal(source.id, drift);
}

const landing = { zh: '正在落地', en: 'Landing' };

/** Lands a staged reading. */
async function landStaged(kernel: Kernel, reading: Reading, staged: Staged, order: LandingOrder, context: JobContext): Promise<Landed> {
  const { source } = reading;
  const { signal } = context;
  const position = staged.delivery.position();
  // Nothing at all where there was something is an edition too: it takes everything away.
  const isEmptied = reading.since === null && reading.after !== null;
  if (staged.bytes === 0 && source.mode === 'incremental' && !order.mend && !isEmptied)
    return settle(kernel, reading, position, (tx) => nothingNew(kernel, tx, source, order.actor, null));
  const drift = await findDrift(kernel, source, staged.delivery, staged.path, signal);
  if (drift) throw await refusedFor(kernel, source, drift, order.actor);

  await context.progress(staged.bytes, null, landing);
  const [path, again] = [kernel.objects.staging(), kernel.objects.staging()];
  try {
    const declared = fileColumns(source.columns, source.layout).length;
    const width = Math.max(staged.delivery.width, declared);
    const told = {
      signal,
      progress: (share: number) => context.progress(share * staged.bytes, staged.bytes, landing),
    };
    // A mending tells by one cell more why a row came.
    const grid = gridSql(source.layout, width, declared + (order.mend ? 1 : 0), staged.quoted);
    let [sql, params, mended, isWhole]: [string, string[], Mended | undefined, boolean] = [
      grid,
      [staged.path],
      undefined,
      reading.since === null,
    ];
    if (order.mend) {
      await kernel.warehouse.copyToParquet(grid, params, again, told);
      ({ sql, mended, isWhole } = await mendSql(kernel, source, again, order.mend, signal));
      params = [];
    } else if (reading.since !== null) sql = await lackingSql(kernel, source, grid);
    const { rows } = await kernel.warehouse.copyToParquet(sql, params, path, told);
    if (rows === 0 && source.mode === 'incremental' && !(isWhole && (mended || isEmptied))) {
      const nothing = await settle(kernel, reading, position, (tx) => nothingNew(kernel, tx, source, order.actor, null));
      return nothing === 'moved' || !mended ? nothing : { ...nothing, mended: JSON.stringify(mended) };
    }
    const adopt = async (): Promise<string> => (await kernel.objects.adopt(path)).digest;
    return await landObject(kernel, reading, { path, position, adopt, isWhole, ...(mended && { mended }) }, order, context);
  } finally {
    await rm(path, { force: true });
    await rm(again, { force: true });
  }
}

/** Rows as the ledger enters them. `isWhole`: they hold all that counts of the source. */
interface Landable {
  readonly position: Position | null;
  readonly isWhole: boolean;
  readonly mended?: Mended;
}

/** Whether rows take the place of all that counted: a full delivery, or an incremental source read again from the beginning. A mending was decided on. */
const isEdition = (source: Source, { isWhole, mended }: Landable): boolean => source.mode === 'full' || (isWhole && !mended);

/** The edition of the same rows that waits, is in use, or was answered with no. */
async function sameEdition(db: Db, source: Source, receipt: Receipt): Promise<Batch | undefined> {
  const known = [await waitingEdition(db, source.id), await latestBatch(db, source.id), await declinedEdition(db, source.id)];
  return known.find((b) => b && isSame(b, source, receipt));
}

/** Lands rows that are laid out: the file at `path`, which `adopt` makes an object of the store. */
async function landObject(
  kernel: Kernel,
  reading: Reading,
  rows: Landable & { readonly path: string; readonly adopt: () => Promise<string> },
  order: LandingOrder,
  context: JobContext,
): Promise<Landed> {
  const { source } = reading;
  const { signal } = context;
  const receipt = await receiptOf(kernel, rows.path, receiptPlan(source.columns, source.key), signal);
  const latest = await latestBatch(kernel.db, source.id);
  const same = isEdition(source, rows) && (await sameEdition(kernel.db, source, receipt));
  if (same) return settle(kernel, reading, rows.position, (tx) => sameAsOne(kernel, tx, source, order.actor, same, rows.position));
  const change = isEdition(source, rows) ? await changeSince(kernel, latest, source, rows.path, signal) : null;
  signal.throwIfAborted();
  // From here on the object exists; until the ledger says so it is a file nobody knows of.
  const object = await rows.adopt();
  return settle(kernel, reading, rows.position, (tx) => enter(kernel, tx, reading, { ...rows, object, receipt, change }, order, context));
}

/**
 * Tells the changes of an edition against the current rows, of the full delivery before it or of increments. Null where there is nothing to
 * tell it against.
 */
async function changeSince(
  kernel: Kernel,
  latest: Batch | undefined,
  source: Source,
  object: string,
  signal: AbortSignal,
): Promise<EditionChange | null> {
  if (!latest) return null;
  const current = latest.mode === 'full' ? [latest] : (await batchesOf(kernel.db, source.id)).filter((b) => b.seq >= latest.since);
  const before = await Promise.all(current.map(async (b) => ({ path: await kernel.objects.open(b.object), columns: b.columns })));
  const found = await changeBetween(kernel, before, { path: object, columns: source.columns }, source.key, signal);
  return { against: latest.seq, ...found };
}

/** The same rows in the same columns, whatever their order; the receipt's sum stands for them. */
const isSame = (latest: Batch, source: Source, receipt: Receipt): boolean =>
  latest.mode === source.mode &&
  latest.cursorFrom === null &&
  latest.receipt.digest.count === receipt.digest.count &&
  latest.receipt.digest.sum === receipt.digest.sum &&
  latest.rowsRefused === receipt.rowsRefused &&
  latest.columns.length === source.columns.length &&
  latest.columns.every((c, i) => c === source.columns[i]);

/** Runs `work` with the source locked and keeps where the reading got to, if source, position and ledger are still those it began from. */
async function settle(
  kernel: Kernel,
  reading: Reading,
  position: Position | null,
  work: (tx: Transaction) => Promise<Landed>,
): Promise<Landed> {
  const { source } = reading;
  return kernel.db.transaction(async (tx) => {
    await tx.run('insert into collect.source (id) values ($1) on conflict do nothing', [source.id]);
    await tx.run('select 1 from collect.source where id = $1 for update', [source.id]);
    const now = (await kernel.documents.snapshot(tx)).head('source', source.id)?.version;
    if (now !== reading.version) return 'moved';
    if (source.mode === 'incremental' && (await hasMoved(kernel, tx, reading))) return 'moved';
    await keepPosition(tx, source, position);
    return work(tx);
  });
}

async function hasMoved(kernel: Kernel, tx: Transaction, { source, since, after }: Reading): Promise<boolean> {
  const at = await positionNow(kernel, tx, source);
  return at?.value !== since?.value || at?.mark !== since?.mark || ((await latestBatch(tx, source.id))?.seq ?? null) !== after;
}

/** A delivery that holds what an edition holds that waits, is in use or was declined, if that one still does. */
async function sameAsOne(
  kernel: Kernel,
  tx: Transaction,
  source: Source,
  actor: string,
  same: Batch,
  position: Position | null,
): Promise<Landed> {
  const known = [await waitingEdition(tx, source.id), await latestBatch(tx, source.id), await declinedEdition(tx, source.id)];
  if (!known.some((b) => b?.seq === same.seq)) return 'moved';
  if (same.stands !== 'accepted') await keepPosition(tx, source, position, true);
  return nothingNew(kernel, tx, source, actor, same);
}

async function nothingNew(kernel: Kernel, tx: Transaction, source: Source, actor: string, same: Batch | null): Promise<RunResult> {
  const waits = same !== null && (await waitingEdition(tx, source.id))?.seq === same.seq;
  // The source is again as the edition in use: what waited is out of date.
  if (same && !waits) await setAside(kernel, tx, source.id, actor);
  await (waits || same?.declined != null ? noteRead : noteConfirmed)(kernel, tx, source.id);
  if (same)
    await kernel.facts.publish(tx, {
      name: 'delivery-unchanged',
      about: `source:${source.id}`,
      actor,
      body: { source: source.id, batch: same.seq, ordinal: same.ordinal },
    });
  await sayMounts(kernel, tx, source.id, actor);
  const counts = same
    ? { rowsIn: same.rowsIn, rowsData: same.rowsData, rowsRefused: same.rowsRefused, rowsOther: same.rowsOther }
    : { rowsIn: 0, rowsData: 0, rowsRefused: 0, rowsOther: 0 };
  return { landed: false, unchanged: true, ...(waits && { waits }), batch: same?.seq ?? null, ordinal: same?.ordinal ?? null, ...counts };
}

/** Enters a batch: ledger row, receipt, cursor and facts together. */
async function enter(
  kernel: Kernel,
  tx: Transaction,
  reading: Reading,
  landed: Landable & { readonly object: string; readonly receipt: Receipt; readonly change: EditionChange | null },
  order: LandingOrder,
  context: JobContext,
): Promise<Landed> {
  const { source } = reading;
  const before = await batchOfRun(tx, context.run);
  if (before) return landedResult(before);
  if (source.mode === 'incremental' && landed.position === null && !landed.isWhole)
    throw new Error(`the connector delivered rows of ${source.id} without a position`);
  const latest = await latestBatch(tx, source.id);
  // Another run of the same delivery may have landed it since it was compared.
  const same = isEdition(source, landed) && (await sameEdition(tx, source, landed.receipt));
  if (same) return sameAsOne(kernel, tx, source, order.actor, same, landed.position);
  const { change } = landed;
  // Another batch came in between: what it would take away is not known yet.
  if (isEdition(source, landed) && latest && change?.against !== latest.seq) return 'moved';
  const waits = change?.of !== undefined && removalWaits(source, change.of, rowsGone(change));
  const now = kernel.clock.now();
  const receipt: Receipt = { ...landed.receipt, ...(change && { change }), ...(landed.mended && { mended: landed.mended }) };
  const other = Object.values(receipt.rowsOther).reduce((n, k) => n + k, 0);
  await setAside(kernel, tx, source.id, order.actor);
  if (waits) await keepPosition(tx, source, landed.position, true);
  const batch = await addBatch(
    tx,
    {
      source: source.id,
      ordinal: (await lastOrdinal(tx, source.id)) + 1,
      run: context.run,
      department: source.department,
      object: landed.object,
      original: order.upload?.original ?? null,
      name: order.upload?.name ?? null,
      mode: source.mode,
      rowsIn: receipt.rowsIn,
      rowsData: receipt.rowsData,
      rowsRefused: receipt.rowsRefused,
      rowsOther: other,
      columns: source.columns,
      cursorFrom: landed.isWhole ? null : (reading.since?.value ?? null),
      cursorTo: landed.position?.value ?? null,
      receipt,
      sourceVersion: reading.version,
      stands: waits ? 'waiting' : 'accepted',
      answerBy: waits ? await oneCycleAfter(kernel, tx, source.id, now) : null,
    },
    now,
  );
  await (waits ? noteRead : noteConfirmed)(kernel, tx, source.id);
  await (waits ? sayWaiting : sayLanded)(kernel, tx, batch, order.actor);
  await sayMounts(kernel, tx, source.id, order.actor);
  return landedResult(batch);
}

const landedResult = (b: Batch): RunResult => ({
  landed: true,
  unchanged: false,
  ...(b.stands === 'waiting' && { waits: true }),
  batch: b.seq,
  ordinal: b.ordinal,
  rowsIn: b.rowsIn,
  rowsData: b.rowsData,
  rowsRefused: b.rowsRefused,
  rowsOther: b.rowsOther,
  ...(b.receipt.mended && { mended: JSON.stringify(b.receipt.mended) }),
  ...(b.receipt.change && { inserted: b.receipt.change.added, updated: b.receipt.change.changed, deleted: b.receipt.change.removed }),
});
