/** Workbooks (.xlsx), as departments fill in and report them. */
import { z } from 'zod';
import { type Connector, ConnectorRefusal, connector, type DeliveryFault } from '#declare/connector';
import { isCompound, isEncryptedWorkbook, openWorkbook, startOf } from './workbook.ts';
import { type SheetRow, sheetRows, sheetsOf } from './xlsx-sheet.ts';

const settings = z.strictObject({});

/** Absent cells written for rows the file leaves out: beyond this a small file would become an endless one. */
const mostBlankCells = 128 * 1024 * 1024;
/** Characters gathered before they leave as bytes. */
const blockLength = 262_144;

/**
 * Every grid row from the first to the last one that holds anything comes out with its row number, rows missing in the file as absent
 * cells; the layout is applied by the machine. The width is the number of columns the source declares, or that of the delivered header
 * where it is wider. A row with more cells is `too-many-cells`, one with a character PostgreSQL text cannot hold (NUL, half a surrogate pair)
 * `encoding`; the raw text is then the row as CSV. How cells become text is told in xlsx-cells.ts and xlsx-sheet.ts: dates as
 * `YYYY-MM-DD[ HH:MM:SS]`, numbers as stored, not as displayed (a format like `000000` adds no zeros).
 */
const xlsx: Connector = connector({
  id: 'xlsx',
  title: { zh: '工作簿（XLSX）', en: 'Workbook (XLSX)' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    const given = settings.safeParse(source.settings);
    if (!given.success) throw new ConnectorRefusal('settings', z.prettifyError(given.error));
    const layout = source.layout;
    if (layout === null) throw new ConnectorRefusal('settings', 'a workbook needs a layout', '工作簿须写明版式');
    const workbook = await openWorkbook(await effects.file());
    effects.signal.addEventListener('abort', () => workbook.close(), { once: true });
    const pieces = sheetRows(workbook, layout.sheet);
    const headRows = layout.titleRows + layout.headerRows;

    const head: SheetRow[] = [];
    let ended = false;
    try {
      // Read on until the header is complete and one filled row is there, so that an empty sheet is refused before anything is delivered.
      while (!ended && !((head.at(-1)?.number ?? 0) > headRows && head.some((row) => filled(row) > 0))) {
        effects.signal.throwIfAborted();
        const piece = await pieces.next();
        if (piece.done) ended = true;
        else for (const row of piece.value.rows) head.push(row);
      }
      if (!head.some((row) => filled(row) > 0))
        throw new ConnectorRefusal('empty', 'the sheet has no filled cell', '工作表没有填写的单元格');
    } catch (cause) {
      workbook.close();
      throw cause;
    }
    const headers = head.filter((row) => row.number > layout.titleRows && row.number <= headRows);
    const width = Math.max(source.columns.length, ...headers.map(filled));
    const writer = new RowWriter(width);

    async function* bytes(): AsyncGenerator<Uint8Array> {
      try {
        for (const row of head) writer.add(row);
        while (!ended) {
          if (writer.length >= blockLength) yield writer.take();
          effects.signal.throwIfAborted();
          const piece = await pieces.next();
          if (piece.done) break;
          for (const row of piece.value.rows) {
            writer.add(row);
            if (writer.length >= 16 * blockLength) yield writer.take();
          }
          effects.progress(piece.value.done, piece.value.size);
        }
        yield writer.take();
      } finally {
        workbook.close();
      }
    }
    return { width, names: null, bytes: bytes(), cursor: () => null };
  },
  async survey(effects) {
    const path = await effects.file();
    const start = await startOf(path, 8);
    // An encrypted workbook is an OLE container: openWorkbook says so. Any other container is an .xls, which is another connector's.
    if (start.toString('latin1', 0, 2) !== 'PK' && !(isCompound(start) && (await isEncryptedWorkbook(path)))) return null;
    const workbook = await openWorkbook(path);
    try {
      const sheets = (await sheetsOf(workbook)).filter((s) => s.visible).map(({ name, size }) => ({ name, size }));
      const said = { zh: `工作簿，可读的工作表 ${sheets.length} 张`, en: `a workbook with ${sheets.length} sheets to read` };
      return { settings: {}, encoding: null, sheets, plain: false, said: [said] };
    } finally {
      workbook.close();
    }
  },
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default xlsx;

/** The number of cells up to the last one that is neither absent nor empty. */
function filled(row: SheetRow): number {
  let count = row.cells.length;
  while (count > 0 && (row.cells[count - 1] ?? '') === '') count--;
  return count;
}

/** Writes delivery records; blank rows wait until a row that holds something follows, so that formatted empty rows at the end stay away. */
class RowWriter {
  readonly #width: number;
  #text = '';
  #written = 0;
  #blankCells = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** Characters waiting to be taken. */
  get length(): number {
    return this.#text.length;
  }

  take(): Buffer {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }

  add(row: SheetRow): void {
    const count = filled(row);
    if (count === 0 && !row.cells.includes('')) return;
    const missing = row.number - 1 - this.#written;
    this.#blankCells += missing * this.#width;
    if (this.#blankCells > mostBlankCells)
      throw new ConnectorRefusal(
        'too-large',
        `more than ${mostBlankCells} blank cells before row ${row.number}`,
        `第 ${row.number} 行之前空白单元格超过 ${mostBlankCells} 个`,
      );
    const blank = `,${','.repeat(this.#width)}\n`;
    for (let number = this.#written + 1; number < row.number; number++) this.#text += number + blank;
    this.#written = row.number;

    let line = '';
    const last = Math.max(count, this.#width);
    for (let i = 0; i < last; i++) line += i === 0 ? cellText(row.cells[i]) : `,${cellText(row.cells[i])}`;
    if (line.includes('\0') || !line.isWellFormed()) this.#refuse('encoding', row.number, line.replaceAll('\0', '\u2400').toWellFormed());
    else if (count > this.#width) this.#refuse('too-many-cells', row.number, line);
    else this.#text += `${row.number},,${line}\n`;
  }

  #refuse(fault: DeliveryFault, number: number, raw: string): void {
    this.#text += `${number},${fault},${quote(raw)}${','.repeat(this.#width - 1)}\n`;
  }
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function cellText(cell: string | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? quote(cell) : cell;
}
