/** Uploads: a file nobody has declared yet, received in parts so that a broken connection costs at most one of them. */
import { Readable } from 'node:stream';
import type { Layout, Source } from '#declare';
import { contains, type PageOrder, pageFrom, seenIn, when, within } from '#kernel/db/listing';
import type { Db, Transaction } from '#kernel/db/pool';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/identifier';
import type { RunState } from '#kernel/jobs/jobs';
import type { Actor, Filter } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { queueCollection, queueDelivery } from './jobs.ts';
import type { ToldReading } from './propose-layout.ts';

/** The largest file that is taken, bytes. */
export const largestUpload = 2 * 1024 ** 3;

/** How a file is read: by which connector, with which settings and layout, into which columns. */
export interface UploadReading {
  readonly connector: string;
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Null where it is a sample of a table of a database. */
  readonly layout: Layout | null;
  readonly columns: readonly string[];
  /** Of a table: the columns that the steward takes to identify a row; empty for none. */
  readonly key?: readonly string[] | undefined;
  /** Of a table: the column to read on by; null for all rows each time. */
  readonly cursor?: string | null | undefined;
  /** Of a table: its columns that were not picked. */
  readonly leaves?: readonly string[] | undefined;
  /** Of a table: what its database says that columns are about; a column without such a word is left out. */
  readonly called?: Readonly<Record<string, string>> | undefined;
  /** The unit that is said once above the table; left out where none is. */
  readonly unit?: string | undefined;
  /** What the table is called above it; left out where nothing is. */
  readonly title?: string | undefined;
  /** Tables of other columns that stand below each other on the sheet, to choose from; left out where there is one. */
  readonly tables?: readonly (Pick<Layout, 'titleRows' | 'headerRows' | 'ends'> & { readonly name: string })[] | undefined;
  /** Columns of which a blank may mean the value above: a proposal that waits for a person. Left out where there is none. */
  readonly mayFill?: readonly string[] | undefined;
  /** Columns that the workbook hides; left out where it hides none. */
  readonly hidden?: readonly string[] | undefined;
  /** The sheets there are; `size` only compares them. */
  readonly sheets: readonly { readonly name: string; readonly size: number; readonly hidden?: boolean | undefined }[];
  /** Why it is read so. */
  readonly said: readonly { readonly zh: string; readonly en: string }[];
}

/** How a file is read: it has a layout. */
export interface FileReading extends UploadReading {
  readonly layout: Layout;
}

/** How a file is to be read, as a person corrected it; or what was picked of a table, and why. */
export type ReadAs = Pick<FileReading, 'connector' | 'settings' | 'layout'> | (UploadReading & { readonly layout: null });

/** The rows of a file as they would land, kept as an object so that columns can be judged. */
export interface UploadTrial {
  readonly object: string;
  readonly rowsIn: number;
  readonly rowsData: number;
  readonly rowsRefused: number;
  readonly rowsOther: number;
}

export interface Upload {
  readonly id: string;
  readonly department: string;
  readonly madeBy: string;
  readonly name: string;
  readonly bytes: number;
  readonly received: number;
  /** Digest of the whole file once it has arrived. */
  readonly original: string | null;
  /** The run that reads it, the latest one. */
  readonly run: string | null;
  readonly reading: UploadReading | null;
  readonly trial: UploadTrial | null;
  /** The source it was delivered to. */
  readonly source: string | null;
  readonly madeAt: string;
}

const columns = `id, department, made_by as "madeBy", name, bytes, received, original, run, reading, trial, source, made_at::text as "madeAt"`;

/** What an upload waits for. */
export const uploadStates = ['receiving', 'reading', 'refused', 'read', 'delivered'] as const;
export type UploadState = (typeof uploadStates)[number];

/**
 * What an upload waits for, over `collect.upload u` joined with its run `r`: `receiving` parts are missing; `reading`, `refused` as its run
 * is; `read` its rows are known, and stay so when reading them again under another layout is refused or cancelled; `delivered` it went to a source.
 */
export const uploadStateSql = `case when u.received < u.bytes then 'receiving' when r.state in ('waiting', 'running') then 'reading'
  when u.source is not null then 'delivered' when r.state = 'done' or u.trial is not null then 'read' else 'refused' end`;

/** An upload the actor may see. @throws Refusal COLLECT_UPLOAD_UNKNOWN, POLICY_DENIED */
export async function openUpload(kernel: Kernel, actor: Actor, id: string, action = 'upload.list'): Promise<Upload> {
  const found = await uploadOf(kernel.db, id);
  if (!found) throw new Refusal('COLLECT_UPLOAD_UNKNOWN', { upload: id });
  kernel.policy.demand(actor, action, [found.department]);
  return found;
}

/** One upload. */
export const uploadOf = (db: Db, id: string): Promise<Upload | undefined> =>
  db.first<Upload>(`select ${columns} from collect.upload where id = $1`, [id]);

/** The object of the rows of an uploaded file, where it was read just as a source is. */
export async function laidOutAs(db: Db, original: string, source: Source): Promise<string | undefined> {
  const { connector, settings, layout, columns } = source;
  const found = await db.first<{ object: string }>(
    `select trial ->> 'object' as object from collect.upload where original = $1 and trial is not null and reading ->> 'connector' = $2
       and $3::jsonb = reading -> 'settings' and $4::jsonb = reading -> 'layout' and $5::jsonb = reading -> 'columns' limit 1`,
    [original, connector, JSON.stringify(settings), JSON.stringify(layout), JSON.stringify(columns)],
  );
  return found?.object;
}

/** An upload and what it waits for. */
export interface ListedUpload extends Upload {
  readonly state: UploadState;
  /** How its latest run stands; null before there is one. */
  readonly runState: RunState | null;
}

/** What may be asked of the list of uploads. */
export interface UploadQuery extends PageOrder {
  readonly state?: UploadState | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders of the list. */
export const uploadSorts = { name: 'u.name', bytes: 'u.bytes', madeAt: 'u.made_at', state: uploadStateSql };

const listed = `${columns.replaceAll(/(^|, )(\w+)/g, '$1u.$2')}, ${uploadStateSql} as state, r.state as "runState"`;
const listedFrom = 'collect.upload u left join kernel.run r on r.id = u.run';

/** A page of the uploads an actor may see, newest first. */
export const listUploads = (db: Db, seen: Filter, { q, ...query }: UploadQuery): Promise<{ rows: ListedUpload[]; count: number }> =>
  pageFrom<ListedUpload>(
    db,
    {
      columns: listed,
      from: [listedFrom],
      where: [
        seenIn(seen, 'u.department'),
        ...when(query.state, `${uploadStateSql} = ?`),
        ...contains(q, 'u.name'),
        ...within('u.made_at', query.from, query.to),
      ],
      sorts: uploadSorts,
      order: 'u.made_at desc, u.id desc',
    },
    query,
  );

/** One upload as a list shows it. */
export const listedUpload = async (db: Db, id: string): Promise<ListedUpload> => {
  const found = await db.first<ListedUpload>(`select ${listed} from ${listedFrom} where u.id = $1`, [id]);
  if (!found) throw new Refusal('COLLECT_UPLOAD_UNKNOWN', { upload: id });
  return found;
};

/** Begins an upload of the actor's department. @throws Refusal POLICY_DENIED, COLLECT_UPLOAD_TOO_LARGE */
export async function beginUpload(kernel: Kernel, actor: Actor, file: { name: string; bytes: number }): Promise<Upload> {
  kernel.policy.demand(actor, 'upload.make', [actor.department]);
  if (file.bytes > largestUpload) throw new Refusal('COLLECT_UPLOAD_TOO_LARGE', { bytes: file.bytes, limit: largestUpload });
  const now = kernel.clock.now();
  const id = newId('upload', kernel.node, now);
  return kernel.db.transaction(async (tx) => {
    await tx.run(
      'insert into collect.upload (id, department, made_by, name, bytes, made_at, changed_at) values ($1, $2, $3, $4, $5, $6, $6)',
      [id, actor.department, actor.user, file.name, file.bytes, now],
    );
    if (file.bytes === 0) await arrived(kernel, tx, id, actor.user);
    return (await uploadOf(tx, id)) as Upload;
  });
}

/** Begins the registration of a table of the actor's department: an upload whose rows are a sample. @throws Refusal POLICY_DENIED */
export async function beginTable(
  kernel: Kernel,
  actor: Actor,
  name: string,
  reading: UploadReading & { readonly layout: null },
): Promise<Upload> {
  kernel.policy.demand(actor, 'upload.make', [actor.department]);
  const now = kernel.clock.now();
  const id = newId('upload', kernel.node, now);
  return kernel.db.transaction(async (tx) => {
    await tx.run(
      'insert into collect.upload (id, department, made_by, name, bytes, made_at, changed_at) values ($1, $2, $3, $4, 0, $5, $5)',
      [id, actor.department, actor.user, name, now],
    );
    const upload = (await uploadOf(tx, id)) as Upload;
    await kernel.facts.publish(tx, { name: 'upload-made', about: `upload:${id}`, actor: actor.user, body: { name, bytes: 0 } });
    await queueReading(kernel, tx, upload, actor.user, reading);
    return (await uploadOf(tx, id)) as Upload;
  });
}

/**
 * Takes the part that begins where the upload stands; the last one queues the reading. The part is durable before it is counted.
 * @throws Refusal COLLECT_UPLOAD_OFFSET, COLLECT_UPLOAD_OVERFLOW, COLLECT_UPLOAD_INTERRUPTED
 */
export async function takePart(kernel: Kernel, upload: Upload, at: number, body: Readable): Promise<Upload> {
  const demandNext = (u: Upload): void => {
    if (at !== u.received) throw new Refusal('COLLECT_UPLOAD_OFFSET', { at, received: u.received });
  };
  demandNext(upload);
  const part = await received(kernel, body, upload.bytes - at);
  return kernel.db.transaction(async (tx) => {
    const now = await tx.first<Upload>(`select ${columns} from collect.upload where id = $1 for update`, [upload.id]);
    if (!now) throw new Refusal('COLLECT_UPLOAD_UNKNOWN', { upload: upload.id });
    demandNext(now);
    if (part.bytes > 0) {
      await tx.run('insert into collect.upload_part (upload, at, bytes, object) values ($1, $2, $3, $4)', [
        now.id,
        at,
        part.bytes,
        part.digest,
      ]);
      await tx.run('update collect.upload set received = received + $2, changed_at = $3 where id = $1', [
        now.id,
        part.bytes,
        kernel.clock.now(),
      ]);
      if (at + part.bytes === now.bytes) await arrived(kernel, tx, now.id, now.madeBy);
    }
    return (await uploadOf(tx, now.id)) as Upload;
  });
}

async function received(kernel: Kernel, body: Readable, most: number): Promise<{ digest: string; bytes: number }> {
  let bytes = 0;
  async function* counted() {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > most) throw new Refusal('COLLECT_UPLOAD_OVERFLOW', { bytes: most });
      yield chunk;
    }
  }
  try {
    return await kernel.objects.put(Readable.from(counted()));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw new Refusal('COLLECT_UPLOAD_INTERRUPTED', {}, { cause: error });
    throw error;
  }
}

async function arrived(kernel: Kernel, tx: Transaction, id: string, actor: string): Promise<void> {
  const upload = (await uploadOf(tx, id)) as Upload;
  await kernel.facts.publish(tx, { name: 'upload-made', about: `upload:${id}`, actor, body: { name: upload.name, bytes: upload.bytes } });
  await queueReading(kernel, tx, upload, actor, null);
}

/** Queues the reading of a whole upload, under a proposed layout (null) or one that a person corrected. Returns the run. */
export async function queueReading(
  kernel: Kernel,
  tx: Transaction,
  upload: Upload,
  actor: string,
  reading: ReadAs | null,
  told?: ToldReading,
): Promise<string> {
  const run = await kernel.jobs.queue(tx, 'read-upload', {
    about: `upload:${upload.id}`,
    department: upload.department,
    actor,
    payload: { upload: upload.id, actor, reading, told },
  });
  await tx.run('update collect.upload set run = $2, changed_at = $3 where id = $1', [upload.id, run, kernel.clock.now()]);
  return run;
}

/** What a person has decided about an upload so far, kept as it was sent. */
export const draftOf = async (db: Db, upload: string): Promise<unknown> =>
  (await db.first<{ draft: unknown }>('select draft from collect.upload where id = $1', [upload]))?.draft ?? null;

/** Keeps the draft. */
export const keepDraft = (db: Db, upload: string, draft: unknown): Promise<unknown> =>
  db.run('update collect.upload set draft = $2 where id = $1', [upload, JSON.stringify(draft)]);

/** What an adoption makes, all under one id. */
const adoptedKinds = ['source', 'entry', 'mount', 'binding', 'service'] as const;

/**
 * Takes an id for what an upload is to become, so that nothing that is there already is overwritten; taken again by the same upload it is
 * its own, and a new id gives the old one back.
 * @throws Refusal DOCUMENT_EXISTS
 */
export async function takeId(kernel: Kernel, upload: Upload, id: string): Promise<void> {
  await kernel.db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 8714005))', [id]);
    const holder = await tx.first<{ id: string }>('select id from collect.upload where adopts = $1', [id]);
    if (holder?.id === upload.id) return;
    const snapshot = await kernel.documents.snapshot(tx);
    const there = adoptedKinds.find((kind) => snapshot.head(kind, id));
    if (there) throw new Refusal('DOCUMENT_EXISTS', documentNamed(there, id));
    if (holder) throw new Refusal('DOCUMENT_EXISTS', { kind: '另一个上传的编号', kindEn: 'The id of another upload', id });
    await tx.run('update collect.upload set adopts = $2 where id = $1', [upload.id, id]);
  });
}

/** Delivers an upload to a source of the same department, as if it had been sent there; a table is collected. Returns the run. @throws Refusal COLLECT_UPLOAD_NOT_READ */
export async function deliverUpload(kernel: Kernel, upload: Upload, source: Source, actor: string): Promise<string> {
  const { original, name } = upload;
  const isTable = upload.reading?.layout === null;
  if (original === null && !isTable) throw new Refusal('COLLECT_UPLOAD_NOT_READ', { name });
  return kernel.db.transaction(async (tx) => {
    await tx.run('update collect.upload set source = $2 where id = $1', [upload.id, source.id]);
    await kernel.facts.publish(tx, { name: 'upload-delivered', about: `upload:${upload.id}`, actor, body: { source: source.id } });
    return original === null ? queueCollection(kernel, tx, source, actor) : queueDelivery(kernel, tx, source, actor, { original, name });
  });
}

/** Removes an upload. What landed from it stays. @throws Refusal COLLECT_UPLOAD_BUSY */
export async function removeUpload(kernel: Kernel, upload: Upload, actor: string): Promise<void> {
  const objects = await kernel.db.transaction(async (tx) => {
    const run = upload.run && (await kernel.jobs.find(tx, upload.run));
    if (run && ['waiting', 'running'].includes(run.state)) throw new Refusal('COLLECT_UPLOAD_BUSY', { name: upload.name });
    const parts = await tx.rows<{ object: string }>('delete from collect.upload_part where upload = $1 returning object', [upload.id]);
    await kernel.facts.publish(tx, { name: 'upload-removed', about: `upload:${upload.id}`, actor, body: { name: upload.name } });
    await tx.run('delete from collect.upload where id = $1', [upload.id]);
    return [...parts.map((p) => p.object), upload.original, upload.trial?.object];
  });
  for (const object of new Set(objects)) if (object) await removeIfUnknown(kernel, object, upload.original);
}

/**
 * Removes an object unless the ledger or another upload knows it: content has one address, whoever brought it. `original`: the file whose rows
 * it may be, which a delivery of that file lands.
 */
export async function removeIfUnknown(kernel: Kernel, object: string, original: string | null = null): Promise<void> {
  const known = await kernel.db.first(
    `select 1 from collect.batch where object = $1 or original = $1
     union all select 1 from collect.upload where original = $1 or trial ->> 'object' = $1
     union all select 1 from collect.upload_part where object = $1
     union all select 1 from kernel.run where state in ('waiting', 'running') and payload ->> 'original' in ($1, $2)`,
    [object, original],
  );
  if (!known) await kernel.objects.remove(object);
}

/** Uploads that stopped halfway and were left are removed after this many days. */
const daysKept = 7;

/** Removes what was left halfway. */
export async function removeAbandoned(kernel: Kernel): Promise<void> {
  const before = new Date(kernel.clock.now().getTime() - daysKept * 86_400_000);
  const left = await kernel.db.rows<Upload>(
    `select ${columns} from collect.upload where original is null and received < bytes and changed_at < $1`,
    [before],
  );
  for (const upload of left) await removeUpload(kernel, upload, upload.madeBy);
}
