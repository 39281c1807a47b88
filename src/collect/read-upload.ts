/** Reading an upload: its parts become one file, its layout is proposed or taken as corrected, its rows are laid out as they would land. */
import { rm } from 'node:fs/promises';
import type { Connector, SheetNotes, Source } from '#declare';
import { Refusal } from '#kernel/errors';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { findAsides } from './asides.ts';
import { footerOf } from './footer-marks.ts';
import { deliveryRelation, gridSql } from './grid.ts';
import { fileColumns, groupName, withGroup } from './group-column.ts';
import { findDrift } from './header.ts';
import { proposeLayout, type ToldReading } from './propose-layout.ts';
import { sampleTable } from './sample-table.ts';
import { withNotes } from './sheet-said.ts';
import { ReadingFailed, type Staged, stageReading, toldAs } from './staging.ts';
import { type FileReading, type ReadAs, removeIfUnknown, type Upload, type UploadReading, type UploadTrial, uploadOf } from './uploads.ts';

/** What is to be read. `reading` is null where the layout is to be proposed. */
export interface ReadUploadOrder {
  readonly upload: string;
  readonly actor: string;
  readonly reading: ReadAs | null;
  /** What a person says about the file, where the layout is to be proposed. */
  readonly told?: ToldReading | undefined;
}

/** The source an upload would be: nobody has declared it. */
export const sourceOfUpload = (upload: Pick<Upload, 'id' | 'name' | 'department'>, reading: UploadReading): Source => ({
  form: 1,
  id: upload.id,
  title: { zh: upload.name },
  department: upload.department,
  connector: reading.connector,
  settings: { ...reading.settings },
  columns: [...reading.columns],
  key: [],
  mode: 'full',
  cursor: null,
  layout: reading.layout,
});

/** Reads an upload. Told again under the same run it does the same. @throws Refusal of the connector, or COLLECT_UPLOAD_UNKNOWN */
export async function readUpload(
  kernel: Kernel,
  connectors: readonly Connector[],
  order: ReadUploadOrder,
  context: JobContext,
): Promise<RunResult> {
  const upload = await uploadOf(kernel.db, order.upload);
  // Removed before its turn came.
  if (!upload) return { skipped: true };
  const isTable = order.reading?.layout === null;
  const original = isTable ? null : (upload.original ?? (await assembled(kernel, upload, context)));
  const { trial, reading } =
    original === null
      ? await sampleTable(kernel, connectors, upload, order.reading as UploadReading, context)
      : await readFile(kernel, connectors, { ...upload, original }, order, context);
  await kernel.db.transaction(async (tx) => {
    await tx.run('update collect.upload set reading = $2, trial = $3, changed_at = $4 where id = $1', [
      upload.id,
      JSON.stringify(reading),
      JSON.stringify(trial),
      kernel.clock.now(),
    ]);
    await kernel.facts.publish(tx, {
      name: 'upload-read',
      about: `upload:${upload.id}`,
      actor: order.actor,
      body: { upload: upload.id, rows: trial.rowsIn, data: trial.rowsData, columns: reading.columns.length },
    });
  });
  if (upload.trial && upload.trial.object !== trial.object) await removeIfUnknown(kernel, upload.trial.object, original);
  const { object: _, ...rows } = trial;
  return { ...rows, columns: reading.columns.length };
}

/** Reads a file under a layout that is proposed, or as a person corrected it. */
async function readFile(
  kernel: Kernel,
  connectors: readonly Connector[],
  upload: Upload & { readonly original: string },
  order: ReadUploadOrder,
  context: JobContext,
): Promise<{ trial: UploadTrial; reading: FileReading }> {
  await context.progress(0, null, { zh: '正在辨认版式', en: 'Looking for the layout' });
  const proposed = await proposeLayout(kernel, connectors, {
    original: upload.original,
    name: upload.name,
    corrected: order.reading as FileReading | null,
    told: order.told,
    signal: context.signal,
  });
  const wanted = order.reading === null ? proposed : withWaiting(proposed, upload.reading);
  return laidOut(kernel, connectors, upload, wanted, order.reading === null ? 'footer' : null, context);
}

/** A corrected reading with what still waits for a person: other tables of the same sheet, and blanks that may mean the value above. */
function withWaiting(corrected: FileReading, before: UploadReading | null): FileReading {
  if (!before?.layout || before.layout.sheet !== corrected.layout.sheet) return corrected;
  const mayFill = before.mayFill?.filter((c) => corrected.columns.includes(c)) ?? [];
  return { ...corrected, ...(before.tables && { tables: before.tables }), ...(mayFill.length > 0 && { mayFill }) };
}

/** Puts the parts together. They go once the whole is durable and known. */
async function assembled(kernel: Kernel, upload: Upload, context: JobContext): Promise<string> {
  const parts = await kernel.db.rows<{ object: string; bytes: number }>(
    'select object, bytes from collect.upload_part where upload = $1 order by at',
    [upload.id],
  );
  async function* whole(): AsyncGenerator<Uint8Array> {
    let done = 0;
    for (const part of parts) {
      await context.progress(done, upload.bytes, { zh: '正在合并', en: 'Putting the parts together' });
      yield* await kernel.objects.read(part.object);
      done += part.bytes;
    }
  }
  const { digest, bytes } = await kernel.objects.put(whole(), context.signal);
  if (bytes !== upload.bytes) throw new Error(`upload ${upload.id} has ${bytes} bytes of ${upload.bytes}`);
  await kernel.db.transaction(async (tx) => {
    await tx.run('update collect.upload set original = $2 where id = $1', [upload.id, digest]);
    await tx.run('delete from collect.upload_part where upload = $1', [upload.id]);
  });
  for (const { object } of parts) await removeIfUnknown(kernel, object);
  return digest;
}

/**
 * Lays the rows out exactly as landing does, and keeps them as an object. Where the layout is a proposal the end of the file, which only
 * a whole reading reaches, may add the marks of a footer, and then the rows among the data that are none; the file is then read once more,
 * because such a row may be short.
 */
export async function laidOut(
  kernel: Kernel,
  connectors: readonly Connector[],
  upload: Pick<Upload, 'id' | 'name' | 'department' | 'original'>,
  reading: FileReading,
  mayAdd: 'footer' | 'asides' | null,
  context: JobContext,
): Promise<{ trial: UploadTrial; reading: FileReading }> {
  const connector = connectors.find((c) => c.id === reading.connector);
  if (!connector) throw new Refusal('COLLECT_CONNECTOR_UNKNOWN', { connector: reading.connector });
  const source = sourceOfUpload(upload, reading);
  const { signal } = context;
  const staged = await stageReading(kernel, connector, { source, since: null, original: upload.original }, context).catch(
    (error: unknown) => {
      throw error instanceof ReadingFailed ? toldAs(upload.name, error) : error;
    },
  );
  const object = kernel.objects.staging();
  try {
    const ofFile = fileColumns(reading.columns, reading.layout);
    const width = Math.max(staged.delivery.width, ofFile.length);
    // A cell without a name far below the rows that were looked at is a column too; landing would call it drift.
    const extra = (await findDrift(kernel, source, staged.delivery, staged.path, signal))?.extra ?? [];
    if (extra.length > 0) {
      const columns = withGroup([...ofFile, ...extra], reading.layout);
      return await laidOut(kernel, connectors, upload, { ...reading, columns }, mayAdd, context);
    }
    if (mayAdd === 'footer') {
      const footer = footerOf(await tailOf(kernel, reading, width, staged), ofFile.length);
      if (footer.length > 0)
        return await laidOut(
          kernel,
          connectors,
          upload,
          { ...reading, layout: { ...reading.layout, footer }, said: [...reading.said, saidOf(footer)] },
          'asides',
          context,
        );
    }
    const progress = (share: number): Promise<void> =>
      context.progress(100 * share, 100, { zh: '正在分辨各行', en: 'Telling the rows apart' });
    await progress(0);
    await kernel.warehouse.copyToParquet(gridSql(source.layout, width, ofFile.length, staged.quoted), [staged.path], object, {
      signal,
      progress,
    });
    if (mayAdd !== null && source.layout) {
      const { asides, hasGroups, said } = await findAsides(kernel, object, source.layout, ofFile.length, signal);
      if (asides.length > 0) {
        const layout = { ...reading.layout, asides: [...asides], ...(hasGroups && { groupColumn: groupName(ofFile) }) };
        // Of blocks with the same header the title is the first of what tells them apart.
        const { title, ...rest } = reading;
        const named = title !== undefined && !(hasGroups && asides.includes('header')) ? { title } : {};
        const next = { ...rest, ...named, layout, columns: withGroup(ofFile, layout), said: [...reading.said, ...said] };
        return await laidOut(kernel, connectors, upload, next, null, context);
      }
    }
    const counts = await kernel.warehouse.query<{ _kind: string; n: string }>(
      'select _kind, count(*)::VARCHAR as n from read_parquet($1) group by _kind',
      [object],
      { signal },
    );
    const rowsOf = (kind: string): number => Number(counts.find((c) => c._kind === kind)?.n ?? 0);
    const rowsIn = counts.reduce((n, c) => n + Number(c.n), 0);
    const [rowsData, rowsRefused] = [rowsOf('data'), rowsOf('refused')];
    if (rowsData === 0) throw new Refusal('COLLECT_NO_ROWS', { name: upload.name });
    const notes = staged.delivery.notes?.();
    const said = notes && { ...notes, across: await acrossData(kernel, object, notes.across) };
    const { digest } = await kernel.objects.adopt(object);
    const trial = { object: digest, rowsIn, rowsData, rowsRefused, rowsOther: rowsIn - rowsData - rowsRefused };
    return { trial, reading: withNotes(reading, said) };
  } finally {
    await rm(staged.path, { force: true });
    await rm(object, { force: true });
  }
}

/** Of merges that span columns those in rows of data: in titles, headings and sums nothing is missing beside them. */
async function acrossData(kernel: Kernel, object: string, across: SheetNotes['across']): Promise<SheetNotes['across']> {
  if (across.length === 0) return [];
  const rows = await kernel.warehouse.query<{ row: string }>(
    `select distinct _row::VARCHAR as row from read_parquet($1) where _kind = 'data' and _row in (select unnest(from_json($2, '["BIGINT"]')))`,
    [object, JSON.stringify(across.map(({ row }) => row))],
  );
  const ofData = new Set(rows.map(({ row }) => Number(row)));
  return across.filter(({ row }) => ofData.has(row));
}

const saidOf = (footer: readonly string[]): UploadReading['said'][number] => ({
  zh: `末尾以${footer.map((m) => `“${m}”`).join('、')}开头的行是表尾，不是数据`,
  en: `the last rows, which begin with ${footer.map((m) => `'${m}'`).join(', ')}, are a footer and no data`,
});

/** The last rows of a staged file below its header, each as its cells; a row too short to be data as the one text it is. */
async function tailOf(
  kernel: Kernel,
  { layout, settings }: FileReading,
  width: number,
  { path, quoted }: Staged,
): Promise<(string | null)[][]> {
  const cells = Array.from({ length: width }, (_, i) => `nullif(trim(c${i + 1}, ' \t\u3000\u00a0'), '')`);
  const rows = await kernel.warehouse.query<{ fault: string | null; cells: (string | null)[] }>(
    `select _fault as fault, [${cells.join(', ')}] as cells from (from ${deliveryRelation(width, quoted)} where _row > $2::BIGINT order by _row desc limit 20) order by _row desc`,
    [path, layout.titleRows + layout.headerRows],
  );
  return rows
    .reverse()
    .map((r) =>
      r.fault === 'too-few-cells' ? (r.cells[0] ?? '').split(String(settings['delimiter'])).map((c) => c.trim() || null) : r.cells,
    );
}
