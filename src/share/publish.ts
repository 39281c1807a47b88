/** Publishing a service: what the warehouse holds now becomes what is served, by delta and in one transaction. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { type DocumentOf, fieldsUnder } from '#declare';
import type { Transaction } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import { identifier } from '#kernel/sql/quote';
import type { Kernel } from '#kernel/stage';
import { pinnedVersions } from './grants.ts';
import {
  columnsServed,
  copySql,
  createSql,
  deltaSql,
  dropSql,
  indexSql,
  presenceSql,
  publishedSql,
  type ServingColumn,
  servingTable,
  stagingSql,
} from './serving.ts';
import { tablesUnder } from './standing-on.ts';

type Service = DocumentOf<'service'>;
type Delta = { readonly inserted: number; readonly updated: number; readonly deleted: number; readonly rows: number };

/** The job's name. */
export const publishJob = 'publish-service';

/** Change events are kept this long; who follows them and was away longer reads everything again. */
const eventDays = 30;

/** Queues the publication of a service, unless one is waiting already: that one has not read anything yet. */
export async function queuePublication(
  kernel: Pick<Kernel, 'jobs'>,
  tx: Transaction,
  service: { id: string; department: string },
  actor: string,
): Promise<void> {
  const about = `service:${service.id}`;
  const waiting = await tx.first(`select 1 from kernel.run where about = $1 and job = $2 and state = 'waiting'`, [about, publishJob]);
  if (!waiting) await kernel.jobs.queue(tx, publishJob, { about, department: service.department, actor, payload: { service: service.id } });
}

/** Whether a version is published; then it stays so until the transaction ends, and for as long as a grant it makes lives. */
export const isPublished = async (tx: Transaction, service: string, version: number): Promise<boolean> =>
  (await tx.first('select 1 from share.published where service = $1 and version = $2 for key share', [service, version])) !== undefined;

/** Services that stand on a table or a library. */
export const servicesOn = (snapshot: Snapshot, on: Service['on']): readonly Service[] =>
  snapshot
    .list('service')
    .filter((s) => ('table' in on ? 'table' in s.on && s.on.table === on.table : 'library' in s.on && s.on.library === on.library));

/**
 * Publishes the version in force and every version a live grant pins; drops the serving tables of the others.
 * Numbers of the run: versions published, rows held, and what changed.
 */
export async function publishService(kernel: Kernel, id: string, context: Pick<JobContext, 'signal' | 'progress'>): Promise<RunResult> {
  const { db, documents } = kernel;
  const snapshot = await documents.snapshot();
  const present = snapshot.head('service', id);
  const wanted = [...new Set([...(present ? [present.version] : []), ...(await pinnedVersions(db, id, kernel.clock.today()))])].sort(
    (a, b) => a - b,
  );
  const total = { versions: 0, rows: 0, inserted: 0, updated: 0, deleted: 0, dropped: 0 };
  // What is being replayed is not whole yet; its end says a fact, and that fact publishes it.
  const service = snapshot.find('service', id);
  if (service && (await isReplayed(kernel, service.on, snapshot))) return { ...total, held: true };
  for (const version of wanted) {
    const tell = (share: number, { zh, en }: { zh: string; en: string }): Promise<void> =>
      context.progress(100 * (total.versions + share), 100 * wanted.length, {
        zh: `发布第 ${version} 版：${zh}`,
        en: `Publishing version ${version}: ${en}`,
      });
    const delta = await publishVersion(kernel, await documents.version('service', id, version), version, snapshot, {
      signal: context.signal,
      tell,
    });
    if (!delta) continue;
    total.versions += 1;
    for (const count of ['rows', 'inserted', 'updated', 'deleted'] as const) total[count] += delta[count];
  }
  total.dropped = await dropOthers(kernel, id, wanted);
  return total;
}

/**
 * Whether a lost warehouse is being built again under a service: a table of it is being replayed, or its library still has a build to
 * come after a replay. Published now, rows that are not back yet would vanish from the answers.
 */
async function isReplayed(kernel: Kernel, on: Service['on'], snapshot: Snapshot): Promise<boolean> {
  const tables = tablesUnder(on, snapshot).map((t) => `table:${t}`);
  const library = 'library' in on ? `library:${on.library}` : null;
  const open = await kernel.db.first(
    `select 1 from kernel.run r where r.state in ('waiting', 'running') and (
       (r.job = 'rebuild-table' and r.about = any($1))
       or (r.job = 'build-library' and r.about = $2
           and exists (select 1 from kernel.run b where b.job = 'rebuild-table' and b.about = any($1) and b.ended_at > $3::timestamptz - interval '1 hour')))`,
    [tables, library, kernel.clock.now()],
  );
  return open !== undefined;
}

/** The part of a publication that copying takes, as a million rows do. */
const copied = 0.6;

/** One version; undefined when what it stands on has not been built yet. */
async function publishVersion(
  kernel: Kernel,
  service: Service,
  version: number,
  snapshot: Snapshot,
  {
    signal,
    tell,
  }: { readonly signal: AbortSignal; readonly tell: (share: number, note: { readonly zh: string; readonly en: string }) => Promise<void> },
): Promise<Delta | undefined> {
  const columns = columnsServed(service, fieldsUnder(service, snapshot.find) ?? []);
  const [presence] = await kernel.warehouse.query<{ n: number }>(presenceSql(service.on), [], { signal });
  if (!presence || presence.n === 0) return undefined;
  return kernel.db.transaction(async (tx) => {
    // Two publications of one service never interleave, whoever started them.
    await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 8714101))', [service.id]);
    const table = servingTable(service.id, version);
    const made = await makeTable(tx, service, version, columns);
    if (!made) await tx.run(stagingSql(table));
    await pipeline(
      Readable.from(
        kernel.warehouse.exportCsv(publishedSql(service.on, columns), [], {
          signal,
          progress: (share) => tell(copied * share, { zh: '复制各行', en: 'copying the rows' }),
        }),
      ),
      tx.client.query(copyFrom(copySql(made ? table : null, columns))),
      { signal },
    );
    await tell(copied, { zh: '合并与建立索引', en: 'merging them and building indexes' });
    const publication = (await tx.first<{ n: number }>(`select nextval('share.publication') as n`))?.n ?? 0;
    const noted = [publication, service.id, version, kernel.clock.now()] as const;
    const delta = made ? await fill(tx, service, version) : await merge(tx, noted, columns);
    await note(tx, noted, columns, delta.rows);
    await kernel.facts.publish(tx, {
      name: 'service-published',
      about: `service:${service.id}`,
      actor: 'machine',
      body: { service: service.id, version, ...delta },
    });
    return delta;
  });
}

/** Makes the serving table its version says, unless it is there; one made when a field had another type is made again. Says whether it did. */
async function makeTable(tx: Transaction, service: Service, version: number, columns: readonly ServingColumn[]): Promise<boolean> {
  const before = await tx.first<{ columns: ServingColumn[] }>('select columns from share.published where service = $1 and version = $2', [
    service.id,
    version,
  ]);
  const same =
    before &&
    before.columns.length === columns.length &&
    before.columns.every((c, i) => c.name === columns[i]?.name && c.type === columns[i].type);
  if (same) return false;
  await tx.run(dropSql(service.id, version));
  await tx.run(createSql(service, version, columns));
  return true;
}

/** Number of the publication, service, version, and when. */
type Noted = readonly [publication: number, service: string, version: number, at: Date];

/**
 * A table filled from nothing is indexed afterwards, and tells no change: who follows changes begins with all rows. A million rows are
 * there in half the time.
 */
async function fill(tx: Transaction, service: Service, version: number): Promise<Delta> {
  for (const sql of indexSql(service, version)) await tx.run(sql);
  const rows =
    (await tx.first<{ n: number }>(`select count(*) as n from serving.${identifier('postgres', servingTable(service.id, version))}`))?.n ??
    0;
  return { rows, inserted: rows, updated: 0, deleted: 0 };
}

async function merge(tx: Transaction, noted: Noted, columns: readonly ServingColumn[]): Promise<Delta> {
  const [, service, version] = noted;
  await tx.run('analyze staging');
  // All rows meet all rows. For a table last seen empty PostgreSQL would go through it once for every row, and through what it has just put there:
  // 17 s for 30,000 rows (tried), which take 0.3 so.
  await tx.run('set local enable_nestloop = off');
  const sql = deltaSql(servingTable(service, version), columns);
  const deleted = await tx.run(sql.deleted, [...noted]);
  const updated = await tx.run(sql.updated, [...noted]);
  const inserted = await tx.run(sql.inserted, [...noted]);
  const rows = (await tx.first<{ n: number }>('select count(*) as n from staging'))?.n ?? 0;
  await tx.run('drop table staging');
  return { rows, inserted, updated, deleted };
}

async function note(tx: Transaction, noted: Noted, columns: readonly ServingColumn[], rows: number): Promise<void> {
  const [, service, , at] = noted;
  await tx.run('delete from share.outbox where service = $1 and at < $2', [service, new Date(at.getTime() - eventDays * 86_400_000)]);
  await tx.run(
    `insert into share.published (service, version, columns, rows, publication, at) values ($2, $3, $5, $6, $1, $4)
     on conflict (service, version) do update set columns = excluded.columns, rows = excluded.rows, publication = excluded.publication, at = excluded.at`,
    [...noted, JSON.stringify(columns), rows],
  );
}

/** Drops the tables of versions nobody can ask any more. */
async function dropOthers(kernel: Kernel, service: string, kept: readonly number[]): Promise<number> {
  return kernel.db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 8714101))', [service]);
    // Whoever makes a grant holds its version: first these are had, then the grants are read, and one made since the versions were read keeps its table.
    const held = await tx.rows<{ version: number }>(
      'select version from share.published where service = $1 and version <> all($2::int[]) for update',
      [service, kept],
    );
    const pinned = await pinnedVersions(tx, service, kernel.clock.today());
    const others = held.filter(({ version }) => !pinned.includes(version));
    for (const { version } of others) {
      await tx.run(dropSql(service, version));
      await tx.run('delete from share.published where service = $1 and version = $2', [service, version]);
    }
    return others.length;
  });
}
