/** The proposal of how a file is read, and the picture of its grid under any layout. The machine that lands rows tells what each row is. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { type Connector, ConnectorRefusal, type Delivery, type Layout, type Source, type TextEncoding } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import { filled, type Grid, lastFilled, widthOf } from './cell-shape.ts';
import { columnNames, placeName } from './column-names.ts';
import { refusalOf } from './connector-refusal.ts';
import { deliveryRelation, gridSql, headerSql, type RowKind, rowKinds } from './grid.ts';
import { sensible, withGroup } from './group-column.ts';
import { type FoundLayout, layoutOf } from './layout-of.ts';
import { saidOfSheets, sheetToRead } from './like-sheets.ts';
import { type StackedTable, stackedTables } from './stacked-tables.ts';
import { effectsFor, ReadingFailed, toldAs } from './staging.ts';
import { titleOf } from './title-lines.ts';
import { unitAbove } from './unit-words.ts';
import type { FileReading, UploadReading } from './uploads.ts';

/** Rows a proposal looks at. */
const headRows = 200;
/** Rows in which other tables are looked for below the first. */
const stackedRows = 3000;
/** Rows a picture shows of the beginning and of the end. */
const pictureRows = 60;
const pictureEnd = 20;
/** Rows a picture is judged by, but no more than these bytes: a footer is one only when nothing follows it. */
const judgedRows = 5000;
const judgedBytes = 8 * 1024 * 1024;

/** The picture of a grid. */
export const pictureSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.object({ row: z.number(), kind: z.enum(rowKinds), cells: z.array(z.string().nullable()) })),
});

export interface Picture {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly row: number; readonly kind: RowKind; readonly cells: readonly (string | null)[] }[];
}

/** What a person says about a file whose layout is to be proposed: the encoding of its text, which of its tables is meant. */
export interface ToldReading {
  readonly encoding: TextEncoding | null;
  readonly sheet?: string | null | undefined;
}

interface FileToRead {
  /** Digest of the file. */
  readonly original: string;
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/** Proposes how a file is read; a corrected reading is kept and only its columns are named. @throws Refusal COLLECT_FILE_UNKNOWN and those of the connectors */
export async function proposeLayout(
  kernel: Kernel,
  connectors: readonly Connector[],
  file: FileToRead & {
    readonly corrected: Pick<FileReading, 'connector' | 'settings' | 'layout'> | null;
    readonly told?: ToldReading | undefined;
  },
): Promise<FileReading> {
  const { corrected } = file;
  const signal = file.signal ?? new AbortController().signal;
  try {
    if (corrected) {
      const connector = connectors.find((c) => c.id === corrected.connector && c.survey);
      if (!connector) throw new Refusal('COLLECT_CONNECTOR_UNKNOWN', { connector: corrected.connector });
      const survey = await surveyed(kernel, connector, file, signal);
      const { columns, unit, title } = await namesUnder(kernel, connector, file, corrected, signal);
      const layout = sensible({ ...corrected.layout, fillDown: corrected.layout.fillDown.filter((c) => columns.includes(c)) });
      return {
        ...corrected,
        layout,
        columns: withGroup(columns, layout),
        ...spoken({ title, unit }),
        sheets: survey?.sheets.map(offered) ?? [],
        said: [{ zh: '按人工改正的版式', en: 'as a person corrected it' }],
      };
    }
    for (const connector of connectors) {
      const survey = await surveyed(kernel, connector, file, signal, file.told?.encoding ?? undefined);
      if (survey) return await proposedUnder(kernel, connector, survey, file, file.told?.sheet ?? null, signal);
    }
  } catch (error) {
    throw error instanceof ConnectorRefusal ? refusalOf(file.name, error) : error;
  }
  throw new Refusal('COLLECT_FILE_UNKNOWN', { name: file.name });
}

type Surveyed = NonNullable<Awaited<ReturnType<NonNullable<Connector['survey']>>>>;

const surveyed = async (
  kernel: Kernel,
  connector: Connector,
  file: FileToRead,
  signal: AbortSignal,
  as?: TextEncoding,
): Promise<Surveyed | null> =>
  (await connector.survey?.(
    effectsFor(kernel, unknownSource(connector, {}, plainLayout(null, null, 0), []), file.original, signal, () => undefined),
    as,
  )) ?? null;

/** A sheet as it is kept with a reading. */
const offered = ({ said: _, begins: __, ...rest }: Surveyed['sheets'][number]): FileReading['sheets'][number] => rest;

async function proposedUnder(
  kernel: Kernel,
  connector: Connector,
  survey: Surveyed,
  file: FileToRead,
  wanted: string | null,
  signal: AbortSignal,
): Promise<FileReading> {
  const { chosen, alike } = sheetToRead(survey.sheets, wanted);
  const sheet = chosen?.name ?? null;
  const sheets = survey.sheets.map(offered);
  const base = { connector: connector.id, settings: survey.settings, sheets };
  const wide = plainLayout(survey.encoding, sheet, stackedRows);
  const { grid: seen, names } = await withHead(
    kernel,
    connector,
    file,
    { settings: survey.settings, layout: wide, columns: [] },
    stackedRows,
    signal,
    async (path, { width, names, lengths }) => ({ grid: await gridOf(kernel, path, width, lengths), names }),
  );
  const said = [
    ...survey.said,
    ...(survey.sheets.length > 1 && sheet !== null ? saidOfSheets(survey.sheets.length, sheet, alike) : []),
    ...(chosen?.said ?? []),
  ];
  // The file itself says what its columns are called.
  if (names) return { ...base, layout: plainLayout(survey.encoding, sheet, 0), columns: names, said };
  const grid = seen.slice(0, headRows);
  if (!grid.some((row) => row.some((cell) => cell !== null)))
    throw new ConnectorRefusal('empty', `nothing is filled in the first ${headRows} rows`, `前 ${headRows} 行没有填写任何内容`);
  const tables = stackedTables(seen).map((table) => ({
    table,
    found: layoutOf(seen.slice(table.from, Math.min(table.to, table.from + headRows))),
  }));
  // Of several tables the one with most rows.
  const rowsOf = ({ table }: (typeof tables)[number]): number => seen.slice(table.from, table.to).filter((row) => filled(row) > 1).length;
  const best = tables.toSorted((a, b) => rowsOf(b) - rowsOf(a))[0];
  const found = best?.found ?? layoutOf(grid);
  const layout: Layout = {
    encoding: survey.encoding,
    sheet,
    titleRows: (best?.table.from ?? 0) + found.titleRows,
    headerRows: found.headerRows,
    fillDown: [],
    footer: [],
    ...(best && best !== tables.at(-1) && { ends: 'gap' as const }),
  };
  return {
    ...base,
    layout,
    columns: [...found.columns],
    ...spoken(found),
    ...(found.mayFill.length > 0 && { mayFill: [...found.mayFill] }),
    ...(best && { tables: tables.map((t) => partOf(t, t !== tables.at(-1))) }),
    said: [
      ...said,
      ...(best
        ? [
            saidOfTables(
              tables.map((t) => t.table.name),
              best.table.name,
            ),
          ]
        : []),
      ...found.said,
    ],
  };
}

/** A table among several on a sheet, as it is offered. */
const partOf = ({ table, found }: { table: StackedTable; found: FoundLayout }, hasOthersBelow: boolean) => ({
  name: table.name,
  titleRows: table.from + found.titleRows,
  headerRows: found.headerRows,
  ...(hasOthersBelow && { ends: 'gap' as const }),
});

const saidOfTables = (names: readonly string[], taken: string) => ({
  zh: `这张表里上下排着 ${names.length} 张表（${names.join('；')}），取“${taken}”，可在“取哪一段”里改`,
  en: `${names.length} tables stand below each other here (${names.join('; ')}): '${taken}' is taken, another can be chosen`,
});

/**
 * The picture of a file under a reading, each row as landing takes it: its first and last rows where they were laid out under this reading
 * (`laid`, the object that holds them) or the file is short, else its first.
 */
export async function gridUnder(
  kernel: Kernel,
  connectors: readonly Connector[],
  file: FileToRead & {
    readonly reading: Pick<UploadReading, 'connector' | 'settings' | 'layout'>;
    readonly laid?: { readonly object: string; readonly columns: readonly string[] } | undefined;
  },
): Promise<Picture> {
  const { reading, laid } = file;
  if (laid) {
    const rows = `read_parquet($1)`;
    return { columns: laid.columns, rows: await endsOf(kernel, rows, await kernel.objects.open(laid.object), laid.columns.length) };
  }
  const { connector: id, settings, layout } = reading;
  const connector = connectors.find((c) => c.id === id && c.survey);
  if (!connector || layout === null) throw new Refusal('COLLECT_CONNECTOR_UNKNOWN', { connector: id });
  const signal = file.signal ?? new AbortController().signal;
  const { columns: named } = await namesUnder(kernel, connector, file, { settings, layout }, signal);
  return withHead(kernel, connector, file, { settings, layout, columns: named }, judgedRows, signal, async (path, { width, whole }) => {
    const now = sensible(layout);
    const columns = withGroup(named, now);
    const grid = `(${gridSql(now, Math.max(width, named.length), named.length)})`;
    const rows = await endsOf(kernel, grid, path, columns.length);
    return { columns, rows: whole ? rows : rows.slice(0, pictureRows) };
  });
}

/** The first and last rows of a grid of at most these columns. */
async function endsOf(kernel: Kernel, grid: string, path: string, columns: number): Promise<Picture['rows']> {
  const rows = await kernel.warehouse.query<{ _row: string; _kind: RowKind; cells: (string | null)[] }>(
    `with grid as materialized (select _row, _kind, [${Array.from({ length: columns }, (_, i) => `c${i + 1}`).join(', ')}] as cells from ${grid}),
     ends as ((from grid order by _row limit ${pictureRows}) union (from grid order by _row desc limit ${pictureEnd})) from ends order by _row`,
    [path],
  );
  return rows.map((r) => ({ row: Number(r._row), kind: r._kind, cells: r.cells }));
}

/** The names of the columns under a layout: what its header rows say, as wide as the rows are; and the unit that its titles say. */
async function namesUnder(
  kernel: Kernel,
  connector: Connector,
  file: FileToRead,
  reading: Pick<FileReading, 'settings' | 'layout'>,
  signal: AbortSignal,
): Promise<{ readonly columns: string[]; readonly unit: string | null; readonly title: string | null }> {
  const { layout } = reading;
  const rows = layout.titleRows + headRows;
  const wide = { ...layout, titleRows: 0, headerRows: rows, fillDown: [], footer: [] };
  return withHead(
    kernel,
    connector,
    file,
    { settings: reading.settings, layout: wide, columns: [] },
    rows,
    signal,
    async (path, { width, names, lengths }) => {
      if (names) return { columns: [...names], unit: null, title: null };
      const grid = await gridOf(kernel, path, width, lengths);
      const below = tableIn(grid, layout);
      const headers = below.slice(0, layout.headerRows);
      const titles = titlesIn(grid, layout);
      // As wide as a proposal would be: a correction of other rows brings no column and takes none.
      const used = Math.max(widthOf(below), ...headers.map((r) => r.findLastIndex((c) => c !== null) + 1));
      const [unit, title] = [unitAbove(titles), titleOf(titles)];
      if (layout.headerRows === 0) return { columns: Array.from({ length: used }, (_, i) => placeName(i)), unit, title };
      return { columns: columnNames(await headersOf(kernel, layout, width, path, signal), used), unit, title };
    },
  );
}

/** The rows of a table from its header to where it ends. */
function tableIn(grid: Grid, { titleRows, headerRows, ends }: Layout): Grid {
  const rows = grid.slice(titleRows);
  const gap = ends === 'gap' ? rows.findIndex((row, i) => i > headerRows && filled(row) < 2) : -1;
  return gap < 0 ? rows : rows.slice(0, gap);
}

/** What stands right above a table: behind a blank row where other tables are above it. */
function titlesIn(grid: Grid, { titleRows }: Layout): Grid {
  const above = grid.slice(0, titleRows);
  const several = above.filter((row) => filled(row) > 1).length > 1;
  return several ? above.slice(above.findLastIndex((row) => filled(row) === 0) + 1) : above;
}

/** The header rows of a delivery from the top down. */
export async function headersOf(
  kernel: Kernel,
  layout: Layout,
  width: number,
  path: string,
  signal?: AbortSignal,
): Promise<(string | null)[][]> {
  const rows = await kernel.warehouse.query<Record<string, string | null>>(headerSql(layout, width, deliveryRelation(width)), [path], {
    signal,
  });
  return rows.map((r) => Array.from({ length: width }, (_, i) => r[`c${i + 1}`] ?? null)).reverse();
}

/** Every cell of a delivery's file, trimmed, absent where blank; each row as long as it was written, where the delivery says so. */
async function gridOf(kernel: Kernel, path: string, width: number, lengths: readonly number[] = []): Promise<Grid> {
  const layout = plainLayout(null, null, 0);
  const rows = await kernel.warehouse.query<{ cells: (string | null)[] }>(
    `select [${Array.from({ length: width }, (_, i) => `nullif(trim(c${i + 1}, ' \t\r\n\u3000\u00a0\ufeff'), '')`).join(', ')}] as cells from (${gridSql(layout, width, width)}) order by _row`,
    [path],
  );
  return rows.map(({ cells }, i) => cells.slice(0, Math.max(lengths[i] ?? width, lastFilled(cells))));
}

/** Gives the work a file with the first rows of a delivery, its width and whether that is all of it; the file is removed afterwards. */
export async function withHead<T>(
  kernel: Kernel,
  connector: Connector,
  file: { readonly name: string; readonly original: string | null },
  reading: { settings: UploadReading['settings']; layout: Layout | null; columns: readonly string[] },
  rows: number,
  signal: AbortSignal,
  work: (path: string, delivery: Pick<Delivery, 'width' | 'names' | 'lengths'> & { readonly whole: boolean }) => Promise<T>,
): Promise<T> {
  const source = unknownSource(connector, reading.settings, reading.layout, reading.columns);
  const path = kernel.objects.staging();
  try {
    const delivery = await connector.read(
      { source, since: null },
      effectsFor(kernel, source, file.original, signal, () => undefined),
    );
    const out = createWriteStream(path, { mode: 0o600 });
    let count = 0;
    let bytes = 0;
    let inQuotes = false;
    let whole = true;
    for await (const chunk of delivery.bytes) {
      let end = 0;
      while (end < chunk.length && whole) {
        const byte = chunk[end++];
        if (byte === 0x22) inQuotes = !inQuotes;
        else if (byte === 0x0a && !inQuotes) {
          count++;
          whole = count < rows && (count < pictureRows || bytes + end < judgedBytes);
        }
      }
      out.write(Buffer.from(chunk.subarray(0, end)));
      bytes += end;
      if (!whole) break;
    }
    await new Promise<void>((done, fail) => out.end((error?: Error | null) => (error ? fail(error) : done())));
    const { width, names, lengths } = delivery;
    return await work(path, { width, names, ...(lengths && { lengths }), whole });
  } catch (error) {
    throw error instanceof ConnectorRefusal ? toldAs(file.name, new ReadingFailed(error)) : error;
  } finally {
    await rm(path, { force: true });
  }
}

const spoken = ({ title, unit }: { title: string | null; unit: string | null }): { title?: string; unit?: string } => ({
  ...(title !== null && { title }),
  ...(unit !== null && { unit }),
});

const plainLayout = (encoding: Layout['encoding'], sheet: string | null, headers: number): Layout => ({
  encoding,
  sheet,
  titleRows: 0,
  headerRows: headers,
  fillDown: [],
  footer: [],
});

const unknownSource = (
  connector: Connector,
  settings: FileReading['settings'],
  layout: Layout | null,
  columns: readonly string[],
): Source => ({
  form: 1,
  id: 'upload',
  title: { zh: '上传的文件' },
  department: 'upload',
  connector: connector.id,
  settings: { ...settings },
  columns: [...columns],
  key: [],
  mode: 'full',
  cursor: null,
  layout,
});
