/** Addresses of sources: declaring them, their secrets, fetching, delivering and probing. */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { type Connector, idSchema, type Source, scheduleSchema } from '#declare';
import { pageOfAll, says } from '#kernel/db/listing';
import { Refusal } from '#kernel/errors';
import { ordinal, pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Actor, Verdict } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { batchSchema, shownBatch } from './batch-routes.ts';
import { rowsGone } from './edition-change.ts';
import { acceptEdition, declineEdition, waitingEdition } from './editions.ts';
import { agreeToRemoval, type ConnectorOf, queueCollection, queueDelivery, queueReconciliation } from './jobs.ts';
import { type Batch, declinedEdition, latestBatches, waitingEditions } from './ledger.ts';
import { leftColumns } from './new-columns.ts';
import { positionNow, setBack } from './position.ts';
import { probeSource } from './probe.ts';
import { reconciliationOf, reconciliationSchema } from './reconciliation-reply.ts';
import { waitingRemovals } from './round.ts';
import { sourceReceipt, sourceReceiptSchema } from './source-receipt.ts';
import { putSecret, putSource, secretFields } from './sources.ts';
import { type SourceStanding, standingsOf } from './standing.ts';
import { timingOf } from './timing.ts';

const words = z.object({ zh: z.string(), en: z.string() });
/** `never` nothing landed yet; `trouble` not reachable; `drifted` the last delivery was refused for its columns; `waiting` an edition or a removal waits for its steward; `good`. */
const state = z.enum(['never', 'trouble', 'drifted', 'waiting', 'good']);
const listed = z.object({
  id: z.string(),
  title: words,
  department: z.string(),
  connector: z.string(),
  connectorTitle: words,
  takes: z.enum(['file', 'database']),
  mode: z.enum(['full', 'incremental']),
  columns: z.number(),
  version: z.number(),
  state,
  cause: words.nullable(),
  confirmedAt: z.string().nullable(),
  lookedAt: z.string().nullable(),
  lastBatch: batchSchema.nullable(),
});
/** An edition that is not in use, and what it would do. */
const edition = z.object({
  seq: z.number(),
  ordinal: z.number(),
  landedAt: z.string(),
  /** Rows in use, and how many of them would go. */
  of: z.number(),
  removed: z.number(),
  added: z.number(),
  changed: z.number(),
  accept: z.object({ allowed: z.boolean(), reason: words }),
});
const detail = listed.extend({
  body: z.unknown(),
  columnsSeen: z.array(z.string()).nullable(),
  /** Columns at the source that are not collected on purpose; of a table only. */
  columnsLeft: z.array(z.string()),
  /** Where the next incremental reading begins. */
  cursor: z.string().nullable(),
  /** What the cursor may let slip. */
  warned: z.array(words),
  /** Whether the way to it is encrypted; null where it was not reached yet, or is a file. */
  protection: words.nullable(),
  /** How it is held against the ledger; null for files. */
  reconciliation: reconciliationSchema.nullable(),
  setBack: z.object({ allowed: z.boolean(), reason: words }),
  versions: z.array(z.object({ version: z.number(), digest: z.string(), actor: z.string(), at: z.string() })),
  edit: z.object({ allowed: z.boolean(), reason: words }),
  /** A full edition that takes much away and is not in use until the steward says yes. */
  waiting: edition.nullable(),
  /** The last edition, where the steward said no to it and why; a yes takes that back. */
  declined: edition.extend({ why: z.string() }).nullable(),
  timing: z.object({
    /** The update cycle it must keep, and the entry that promises it; null while no entry with one is mounted on it. */
    cycle: words.nullable(),
    entry: z.object({ id: z.string(), title: words }).nullable(),
    /** When it is collected next by itself; null where that does not happen or one is under way. */
    nextAt: z.string().nullable(),
    why: z.enum(['cycle', 'missed', 'again', 'under-way', 'file', 'no-cycle', 'no-time']),
    /** Collections of this cycle that failed. */
    failures: z.number(),
    lastRun: z
      .object({
        id: z.string(),
        state: z.enum(['waiting', 'running', 'done', 'refused', 'failed', 'cancelled']),
        begunAt: z.string(),
        endedAt: z.string().nullable(),
        /** Begun by the schedule and not by a person. */
        itself: z.boolean(),
        why: words.nullable(),
      })
      .nullable(),
    lateAfter: z.string().nullable(),
    late: z.boolean(),
    schedule: scheduleSchema,
  }),
});
const mountFound = z.object({
  mount: z.string(),
  entry: z.string(),
  state: z.enum(['bound', 'stale', 'drifted', 'broken', 'unknown']),
  cause: words,
  freshUntil: z.string().nullable(),
});
/** Orders of the list. */
const sourceSorts = {
  title: (s: z.input<typeof listed>) => s.title.zh,
  department: (s: z.input<typeof listed>) => s.department,
  state: (s: z.input<typeof listed>) => s.state,
  rowsIn: (s: z.input<typeof listed>) => s.lastBatch?.rowsIn,
  landedAt: (s: z.input<typeof listed>) => s.lastBatch?.landedAt,
};
const params = z.object({ id: idSchema });
const run = z.object({ run: z.string() });

/** Adds the routes. */
export function sourceRoutes(door: Door, kernel: Kernel, connectors: readonly Connector[], connectorOf: ConnectorOf): void {
  const { db, documents, policy } = kernel;
  const open = async (actor: Actor, id: string, action: string): Promise<Source> => {
    const source = (await documents.snapshot()).get('source', id);
    policy.demand(actor, action, [source.department]);
    return source;
  };
  const shown = (
    s: Source,
    version: number,
    { last, waits, standing }: { last: Batch | undefined; waits: boolean; standing: SourceStanding },
  ): z.input<typeof listed> => {
    const c = connectorOf(s.connector);
    return {
      id: s.id,
      title: said(s.title),
      department: s.department,
      connector: s.connector,
      connectorTitle: said(c.title),
      takes: c.takes,
      mode: s.mode,
      columns: s.columns.length,
      version,
      state: standing.trouble ? 'trouble' : standing.drift ? 'drifted' : waits ? 'waiting' : last ? 'good' : 'never',
      cause: standing.trouble ?? standing.drift,
      confirmedAt: standing.confirmedAt,
      lookedAt: standing.lookedAt,
      lastBatch: last ? shownBatch(last) : null,
    };
  };

  door.route({
    method: 'GET',
    url: '/api/collect/connectors',
    tag: 'collect',
    permission: { action: 'source.list' },
    summary: { zh: '连接器', en: 'Connectors' },
    reply: z.array(
      z.object({
        id: z.string(),
        title: words,
        takes: z.enum(['file', 'database']),
        settings: z.record(z.string(), z.unknown()),
        secrets: z.array(z.string()),
      }),
    ),
    handle: async () =>
      connectors.map((c) => ({
        id: c.id,
        title: said(c.title),
        takes: c.takes,
        settings: { ...z.toJSONSchema(c.settings, { io: 'input' }) },
        secrets: [...secretFields(c)],
      })),
  });
  door.route({
    method: 'GET',
    url: '/api/collect/sources',
    tag: 'collect',
    permission: { action: 'source.list' },
    summary: { zh: '数据源', en: 'Sources' },
    query: sortedPage(sourceSorts).extend({ q: textFilter, department: idSchema.optional(), state: state.optional() }),
    reply: pageOf(listed),
    handle: async ({ query, actor }) => {
      const snapshot = await documents.snapshot();
      const found = snapshot
        .list('source')
        .filter(
          (s) =>
            policy.decide(actor, 'source.list', [s.department]).allowed &&
            (!query.department || s.department === query.department) &&
            says(query.q, s.id, s.title.zh, s.title.en),
        );
      const ids = found.map((s) => s.id);
      const [last, waiting, standing] = [await latestBatches(db, ids), await waitingEditions(db, ids), await standingsOf(db, ids)];
      const removals = await waitingRemovals(db, ids);
      const all = found.map((s) =>
        shown(s, snapshot.head('source', s.id)?.version ?? 1, {
          last: last.get(s.id),
          waits: waiting.has(s.id) || removals.has(s.id),
          standing: standing(s.id),
        }),
      );
      return pageOfAll(
        all.filter((s) => !query.state || s.state === query.state),
        sourceSorts,
        query,
      );
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/sources/:id',
    tag: 'collect',
    permission: { action: 'source.list' },
    summary: { zh: '一个数据源', en: 'One source' },
    params,
    reply: detail,
    handle: async ({ params, actor }) => {
      const source = await open(actor, params.id, 'source.list');
      const versions = (await documents.history('source', source.id)).map((h) => ({
        version: h.version,
        digest: h.digest,
        actor: h.actor,
        at: h.at,
      }));
      const last = (await latestBatches(db, [source.id])).get(source.id);
      const standing = (await standingsOf(db, [source.id]))(source.id);
      const waiting = await waitingEdition(db, source.id);
      const declined = await declinedEdition(db, source.id);
      const waits = waiting !== undefined || (await waitingRemovals(db, [source.id])).has(source.id);
      const accept = policy.decide(actor, 'edition.accept', [source.department]);
      const edit = policy.decide(actor, 'source.edit', [source.department]);
      return {
        ...shown(source, versions[0]?.version ?? 1, { last, waits, standing }),
        body: source,
        columnsSeen: standing.columnsSeen && [...standing.columnsSeen],
        columnsLeft: [...(await leftColumns(db, source))],
        cursor: (await positionNow(kernel, db, source))?.value ?? null,
        protection: standing.protection,
        reconciliation: await reconciliationOf(kernel, connectorOf(source.connector), source, actor),
        warned: source.cursor === null ? [] : [...(standing.cursorWarned ?? [])],
        setBack: decided(policy.decide(actor, 'source.set-back', [source.department])),
        versions,
        edit: decided(edit),
        waiting: waiting ? shownEdition(waiting, accept) : null,
        declined: declined?.declined ? { ...shownEdition(declined, accept), why: declined.declined } : null,
        timing: await timingOf(kernel, source, connectorOf(source.connector)),
      };
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/collect/sources/:id',
    tag: 'collect',
    permission: { action: 'source.edit' },
    summary: { zh: '设立或修改数据源', en: 'Set up or change a source' },
    params,
    body: z.looseObject({}),
    reply: z.object({ version: z.number(), changed: z.boolean() }),
    handle: ({ params, body, actor }) => putSource(kernel, connectorOf, actor, params.id, body),
  });
  door.route({
    method: 'PUT',
    url: '/api/collect/secrets/:name',
    tag: 'collect',
    permission: { action: 'secret.set' },
    summary: { zh: '保存口令', en: 'Keep a secret' },
    params: z.object({ name: idSchema }),
    // `unused`: refused where a source uses the name already.
    body: z.object({ value: z.string().min(1).max(4096), department: idSchema.optional(), unused: z.boolean().optional() }),
    reply: z.object({ secret: z.string() }),
    handle: async ({ params, body, actor }) => {
      await putSecret(kernel, actor, params.name, body.value, { department: body.department ?? actor.department, unused: body.unused });
      return { secret: `secret:${params.name}` };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/runs',
    tag: 'collect',
    permission: { action: 'source.collect' },
    summary: { zh: '发起归集', en: 'Start a collection' },
    params,
    reply: run,
    handle: async ({ params, actor }) => {
      const source = await open(actor, params.id, 'source.collect');
      if (connectorOf(source.connector).takes === 'file') throw new Refusal('COLLECT_SOURCE_IS_FILE', { source: source.id });
      return { run: await db.transaction((tx) => queueCollection(kernel, tx, source, actor.user)) };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/reconciliations',
    tag: 'collect',
    permission: { action: 'source.collect' },
    summary: { zh: '发起对账', en: 'Start a reconciliation' },
    params,
    body: z.strictObject({ depth: z.enum(['count', 'receipt']) }),
    reply: run,
    handle: async ({ params, body, actor }) => {
      const source = await open(actor, params.id, 'source.collect');
      if (!connectorOf(source.connector).tally || (source.cursor === null && body.depth === 'receipt'))
        throw new Refusal('COLLECT_NO_CURSOR', { source: source.id });
      return { run: await db.transaction((tx) => queueReconciliation(kernel, tx, source, actor.user, body.depth)) };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/reconciliations/removal',
    tag: 'collect',
    permission: { action: 'edition.accept' },
    summary: { zh: '同意移除源端已无的行', en: 'Agree to the removal of rows gone at the source' },
    params,
    reply: run,
    handle: async ({ params, actor }) => {
      const source = await open(actor, params.id, 'edition.accept');
      return { run: await db.transaction((tx) => agreeToRemoval(kernel, tx, source, actor.user)) };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/sources/:id/receipt',
    tag: 'collect',
    permission: { action: 'batch.list' },
    summary: { zh: '台账截至游标的摘要与源端核对用的 SQL', en: 'Digests of the ledger up to the cursor, and the SQL for the other end' },
    params,
    reply: sourceReceiptSchema,
    handle: async ({ params, actor }) => sourceReceipt(kernel, connectorOf, await open(actor, params.id, 'batch.list')),
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/cursor',
    tag: 'collect',
    permission: { action: 'source.set-back' },
    summary: { zh: '退回游标', en: 'Set a cursor back' },
    params,
    body: z.strictObject({ batch: z.int().min(1).nullable() }),
    reply: z.object({ cursor: z.string().nullable() }),
    handle: async ({ params, body, actor }) => {
      const source = await open(actor, params.id, 'source.set-back');
      return { cursor: await setBack(kernel, source, body.batch, actor.user) };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/deliveries',
    tag: 'collect',
    permission: { action: 'source.collect' },
    summary: { zh: '交付文件', en: 'Deliver a file' },
    params,
    query: z.object({
      name: z
        .string()
        .min(1)
        .max(255)
        .regex(/^\P{Cc}+$/u),
    }),
    reply: run.extend({ digest: z.string() }),
    stream: true,
    handle: async ({ params, query, actor, body }) => {
      const source = await open(actor, params.id, 'source.collect');
      if (connectorOf(source.connector).takes === 'database') throw new Refusal('COLLECT_SOURCE_IS_DATABASE', { source: source.id });
      const { digest } = await received(kernel, body as Readable);
      return {
        digest,
        run: await db.transaction((tx) => queueDelivery(kernel, tx, source, actor.user, { original: digest, name: query.name })),
      };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/editions/:seq/accept',
    tag: 'collect',
    permission: { action: 'edition.accept' },
    summary: { zh: '确认启用新一期', en: 'Accept an edition that waits' },
    params: params.extend({ seq: ordinal }),
    reply: batchSchema,
    handle: async ({ params, actor }) => shownBatch(await acceptEdition(kernel, actor, params.id, params.seq)),
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/editions/:seq/decline',
    tag: 'collect',
    permission: { action: 'edition.accept' },
    summary: { zh: '不启用新一期', en: 'Say no to an edition that waits' },
    params: params.extend({ seq: ordinal }),
    body: z.strictObject({ why: z.string().trim().min(2).max(500) }),
    reply: batchSchema,
    handle: async ({ params, actor, body }) => shownBatch(await declineEdition(kernel, actor, params.id, params.seq, body.why)),
  });
  door.route({
    method: 'POST',
    url: '/api/collect/sources/:id/probe',
    tag: 'collect',
    permission: { action: 'source.probe' },
    summary: { zh: '探测数据源', en: 'Probe a source' },
    params,
    reply: z.object({
      reachable: z.boolean(),
      columnsSeen: z.array(z.string()).nullable(),
      trouble: words.nullable(),
      drift: words.nullable(),
      mounts: z.array(mountFound),
    }),
    handle: async ({ params, actor }) => {
      const source = await open(actor, params.id, 'source.probe');
      const { reachable, standing, mounts } = await probeSource(kernel, connectorOf(source.connector), source, actor.user);
      return {
        reachable,
        columnsSeen: standing.columnsSeen && [...standing.columnsSeen],
        trouble: standing.trouble,
        drift: standing.drift,
        mounts: mounts.map((m) => ({
          mount: m.mount.id,
          entry: m.mount.entry,
          state: m.state,
          cause: m.cause,
          freshUntil: m.freshUntil?.toISOString() ?? null,
        })),
      };
    },
  });
}

/** An edition that is not in use, as its source's page shows it. */
function shownEdition({ seq, ordinal, landedAt, receipt: { change } }: Batch, accept: Verdict) {
  return {
    seq,
    ordinal,
    landedAt,
    of: change?.of ?? 0,
    removed: change ? rowsGone(change) : 0,
    added: change?.added ?? 0,
    changed: change?.changed ?? 0,
    accept: { allowed: accept.allowed, reason: said(accept.reason) },
  };
}

const decided = (d: { allowed: boolean; reason: { zh: string; en?: string | undefined } }) => ({
  allowed: d.allowed,
  reason: said(d.reason),
});

const said = (t: { zh: string; en?: string | undefined }): { zh: string; en: string } => ({ zh: t.zh, en: t.en ?? t.zh });

/** Stores an upload as it streams in. @throws Refusal COLLECT_UPLOAD_INTERRUPTED when the sender went away */
async function received(kernel: Kernel, body: Readable): Promise<{ digest: string }> {
  try {
    return await kernel.objects.put(body);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNRESET')
      throw new Refusal('COLLECT_UPLOAD_INTERRUPTED', {}, { cause: error });
    throw error;
  }
}
