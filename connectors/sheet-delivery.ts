/** Rows of a sheet as delivery records, whatever kind of workbook they come from. */
import { type Connector, ConnectorRefusal, type Delivery, type DeliveryFault, type SheetNotes, type Survey } from '#declare/connector';
import { noNotes, type SheetRow } from './sheet-notes.ts';
import { demandWidth } from './widest.ts';

/** Absent cells written for rows the file leaves out: beyond this a small file would become an endless one. */
const mostBlankCells = 128 * 1024 * 1024;
/** Rows of a sheet that tell what its columns are called. */
export const beginRows = 30;
/** Characters gathered before they leave as bytes. */
const blockLength = 262_144;

/** Rows read so far, with how much of the sheet that is. */
export interface SheetPiece {
  readonly rows: readonly SheetRow[];
  readonly done: number;
  readonly size: number;
  /** What the sheet says beside its cells, as far as it is read. */
  readonly notes: SheetNotes;
}

/**
 * The delivery of a sheet whose pieces come one after another. `close` is called when the last was taken, or when reading stops.
 * Refuses with `empty` before anything is delivered when no cell is filled.
 */
export async function deliverSheet(
  pieces: AsyncIterator<SheetPiece>,
  { source }: Parameters<Connector['read']>[0],
  effects: Pick<Parameters<Connector['read']>[1], 'signal' | 'progress'>,
  close: () => void,
): Promise<Delivery> {
  const layout = source.layout;
  if (layout === null) throw new ConnectorRefusal('settings', 'a workbook needs a layout', '工作簿须写明版式');
  const headRows = layout.titleRows + layout.headerRows;
  const head: SheetRow[] = [];
  let ended = false;
  let notes = noNotes;
  try {
    // Read on until the header is complete and one filled row is there, so that an empty sheet is refused before anything is delivered.
    while (!ended && !((head.at(-1)?.number ?? 0) > headRows && head.some((row) => filled(row) > 0))) {
      effects.signal.throwIfAborted();
      const piece = await pieces.next();
      if (piece.done) ended = true;
      else {
        notes = piece.value.notes;
        for (const row of piece.value.rows) head.push(row);
      }
    }
    if (!head.some((row) => filled(row) > 0)) throw new ConnectorRefusal('empty', 'the sheet has no filled cell', '工作表没有填写的单元格');
  } catch (cause) {
    close();
    throw cause;
  }
  const headers = head.filter((row) => row.number > layout.titleRows && row.number <= headRows);
  // A sheet whose first filled row stands below the header has no header to be as wide as.
  // Where no row is a header the columns are those that were proposed, as of a text file; how many rows came first says nothing.
  const telling = layout.headerRows === 0 && source.columns.length > 0 ? [] : headers.some((row) => filled(row) > 0) ? headers : head;
  const width = Math.max(1, source.columns.length, ...telling.map(filled));
  try {
    demandWidth(width);
  } catch (cause) {
    close();
    throw cause;
  }
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
        notes = piece.value.notes;
        effects.progress(piece.value.done, piece.value.size);
      }
      yield writer.take();
    } finally {
      close();
    }
  }
  return { width, names: null, bytes: bytes(), notes: () => within(notes, width), position: () => null };
}

/** Notes on the columns that are delivered alone. */
function within({ hidden, merged, across, unreckoned, formatsLost }: SheetNotes, width: number): SheetNotes {
  const columns = (all: readonly number[]): readonly number[] => all.filter((place) => place < width);
  return {
    hidden: { ...hidden, columns: columns(hidden.columns) },
    merged: { ...merged, columns: columns(merged.columns) },
    across: across.filter(({ from }) => from < width),
    unreckoned: { ...unreckoned, columns: columns(unreckoned.columns) },
    formatsLost,
  };
}

/** The sheets of a workbook as they are offered: those in sight first, hidden ones for whoever asks for them by name. */
export function surveyOf(
  all: readonly (Pick<Survey['sheets'][number], 'name' | 'size' | 'begins'> & { readonly visible: boolean })[],
  counted: (sheets: number) => Survey['said'][number],
): Pick<Survey, 'sheets' | 'said'> {
  const seen = all.filter((s) => s.visible).map(({ visible: _, ...sheet }) => sheet);
  const unseen = all.filter((s) => !s.visible).map(({ name }) => ({ name, size: 0, hidden: true }));
  const names = unseen.map((s) => s.name);
  const besides = {
    zh: `另有 ${unseen.length} 张隐藏的工作表（${names.join('、')}），可在“取哪张表”里选`,
    en: `${unseen.length} hidden sheets besides (${names.join(', ')}): they can be chosen`,
  };
  return { sheets: [...seen, ...unseen], said: [counted(seen.length), ...(unseen.length > 0 ? [besides] : [])] };
}

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

export const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A cell as a delivery record holds it. */
export function cellText(cell: string | null | undefined): string {
  if (cell === null || cell === undefined) return '';
  return cell === '' || /[",\r\n]/.test(cell) ? quote(cell) : cell;
}
