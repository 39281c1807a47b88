/**
 * Lines with fewer cells than the header: rows without their last cells (spreadsheets leave those out), or pieces of one record that a line break
 * within a cell has cut. Tried first: joining lengths alone, which takes 2 + 2 cells of three columns for one record although both are rows.
 */
import type { CsvFields } from './csv-fields.ts';

/** Bytes of a file that its columns are known by, the same ones however the bytes arrive. */
export const learntBytes = 65_536;
/** Lines that one record is cut into, at most. */
const mostPieces = 100;

const empty = 0;
/** Digits with the signs of numbers, days and times between them. */
const digits = 1;
/** Latin letters with digits, in one word. */
const code = 2;
const text = 4;

/** What the cells of each column look like, as far as most are alike. */
export class ShortRows {
  readonly #width: number;
  readonly #fewest: number;
  readonly #headRows: number;
  /** How many cells have each look: eight places a column. */
  readonly #looks: Uint32Array;
  /** Lines kept without their last cells, and the first of them. */
  rows = 0;
  firstRow: number | null = null;
  /** Whether the last of them ends the file without a line break: it may be cut off. */
  isOpen = false;
  #shortest = Number.POSITIVE_INFINITY;

  constructor(shape: { readonly width: number; readonly fewest: number; readonly headRows: number }) {
    this.#width = shape.width;
    this.#fewest = shape.fewest;
    this.#headRows = shape.headRows;
    this.#looks = new Uint32Array(8 * shape.width);
  }

  /** Learns the looks of columns from the first bytes of the file. Pieces of records are few among its lines. */
  learn(fields: CsvFields): void {
    let position = 0;
    const end = Math.min(fields.buffer.length, learntBytes);
    for (let row = 1; position < end; row++) {
      const parsed = fields.parse(position);
      // What lies beyond is known only where the bytes arrive in large pieces.
      if (parsed === 'more' || (parsed === 'broken' ? fields.brokenAt : fields.next) > learntBytes) return;
      position = parsed === 'broken' ? fields.lineNext : fields.next;
      if (parsed === 'broken' || row <= this.#headRows || fields.filled() < 2 || fields.isFooter()) continue;
      for (let i = 0; i < Math.min(fields.count, this.#width); i++) {
        const place = 8 * i + lookOf(fields, i);
        this.#looks[place] = (this.#looks[place] as number) + 1;
      }
    }
  }

  /** Whether the record has fewer cells than a row of data has. Head rows are asked by the caller. */
  isShort(fields: CsvFields): boolean {
    return fields.count < this.#fewest && !fields.isFooter();
  }

  /**
   * Judges the short record at `start`, which `fields` holds: a row of its own ('row'), cut off by the end of the file ('cut'), or the first
   * piece of a record, up to an offset. 'more' where the lines behind it are not there yet. `fields` holds another record afterwards.
   */
  judge(fields: CsvFields, longest: number): 'row' | 'cut' | 'more' | { readonly until: number } {
    const { buffer, last } = fields;
    const start = fields.end;
    if (fields.spansLines && this.#holdsDelimiter(fields)) return 'cut';
    // Where other rows lack as many cells it may be whole: it is kept, and said.
    if (last && start === buffer.length && fields.count < this.#shortest) return 'cut';
    let total = fields.count;
    let position = fields.next;
    for (let pieces = 1; pieces < mostPieces && position < buffer.length; pieces++) {
      const parsed = fields.parse(position);
      if (parsed === 'more') return last || buffer.length - start > longest ? 'row' : 'more';
      if (parsed === 'broken' || !this.isShort(fields)) return 'row';
      const offset = total - 1;
      total += fields.count - 1;
      if (total > this.#width) return 'row';
      if (fields.filled() > 1) {
        if (this.#isAlien(fields)) return { until: fields.next };
        const own = this.#compared(fields, 0, 0);
        const other = this.#compared(fields, offset, 1);
        if (own.against === 0 && (other.against > 0 || (own.for > 0 && other.for === 0))) return 'row';
      }
      if (total >= this.#fewest) return { until: fields.next };
      position = fields.next;
    }
    return last || position < buffer.length ? 'row' : 'more';
  }

  /** Counts the line that `fields` holds and that was kept without its last cells. */
  keep(fields: CsvFields, row: number): void {
    this.rows++;
    this.firstRow ??= row;
    this.isOpen = fields.last && fields.end === fields.buffer.length;
    this.#shortest = Math.min(this.#shortest, fields.count);
  }

  /** The look of at least such a share of a column's cells, two or more; null where there is none. */
  #usual(column: number, share: number): number | null {
    const seen = this.#looks.subarray(8 * column, 8 * column + 8);
    const all = (seen[digits] as number) + (seen[code] as number) + (seen[text] as number);
    return [digits, code, text].find((look) => (seen[look] as number) >= Math.max(2, share * all)) ?? null;
  }

  /** Whether the first cell is none, where first cells are numbers or codes. */
  #isAlien(fields: CsvFields): boolean {
    const usual = this.#usual(0, 0.95);
    const look = lookOf(fields, 0);
    return usual !== null && usual !== text && look !== empty && look !== usual;
  }

  /** How many cells from `from` on look as those of the columns that begin at `offset`: numbers and codes that do, and cells that do not. */
  #compared(fields: CsvFields, offset: number, from: number): { readonly for: number; readonly against: number } {
    const told = { for: 0, against: 0 };
    for (let i = from; i < fields.count; i++) {
      const look = lookOf(fields, i);
      const usual = this.#usual(offset + i, 0.8);
      if (look === empty || usual === null) continue;
      if (look !== usual) told.against++;
      else if (look !== text) told.for++;
    }
    return told;
  }

  /** Whether a quoted field over several lines holds a delimiter: then its quote may have been opened by mistake. */
  #holdsDelimiter(fields: CsvFields): boolean {
    for (let f = 0; f < fields.count; f++) {
      const cell = fields.buffer.subarray(fields.starts[f], fields.ends[f]);
      if ((cell.includes(10) || cell.includes(13)) && cell.includes(fields.mark)) return true;
    }
    return false;
  }
}

/** What a cell looks like, by its bytes. */
function lookOf({ buffer, starts, ends }: CsvFields, field: number): number {
  let hasDigit = false;
  let hasLetter = false;
  const end = ends[field] as number;
  for (let i = starts[field] as number; i < end; i++) {
    const byte = buffer[i] as number;
    if (byte >= 48 && byte <= 57) hasDigit = true;
    else if ((byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)) hasLetter = true;
    // Blank, plus, comma, minus, dot, slash, colon, percent, underscore.
    else if (![32, 43, 44, 45, 46, 47, 58, 37, 95].includes(byte)) return text;
  }
  if (hasDigit) return hasLetter ? code : digits;
  return hasLetter ? text : empty;
}
