/**
 * The scanner of CSV records (RFC 4180 with the dirt of real exports): UTF-8 blocks in, delivery records out, byte by byte and without an
 * object per row.
 *
 * What counts as what:
 * - A record ends at LF, CR LF or a lone CR outside quotes. A last record without a line break counts, a last line break begins no record.
 * - An unquoted empty field is absent, `""` is empty text. Blanks around a field belong to it.
 * - A quote begins a quoted field only as the first byte of a field; elsewhere in an unquoted field it is a character (`5"管`).
 * - `="0012"`, quoted or not, is the text 0012: what a spreadsheet shows of it.
 * - Empty fields beyond the width are dropped; anything else there is `too-many-cells`.
 * - A record with fewer cells than the width is padded with absent cells: among the head rows, with as many as the header, with nothing but its
 *   first cell filled (titles, blank rows, footers), with a footer mark, and where only its last cells are missing. It is `too-few-cells` where it
 *   may be a piece of a record, or be cut off by the end of the file (csv-short-rows.ts).
 * - A record holding NUL is `encoding` (PostgreSQL text cannot hold it); the raw text shows U+2400 in its place.
 *
 * Quoting is broken when a quoted field is followed by anything but a delimiter or a line break (`"金太阳"幼儿园`), or is not closed within 1 MiB
 * or 1,000 lines or before the file ends. The first physical line is then read with its quotes as characters, if it has as many cells as a row,
 * and that is said; the last line of a file with an unclosed quote may be cut off. Else that line alone is refused (`quoting`). Two
 * consequences are guarded: a line between there and the place where the quoting broke is refused too if it has a stray quote (it may be the tail
 * of the broken field), and a record over several lines with a wrong number of cells is taken for an unclosed quote if its second line alone is a
 * good row.
 * What no rule can see: an unclosed quote that meets a later opening quote at the end of a field and by chance gives the right width.
 */
import { ConnectorRefusal, type DeliveryFault, type SheetNotes } from '#declare/connector';
import type { Delimiter } from './csv-delimiters.ts';
import { COMMA, CR, CsvFields, LF, plain, QUOTE, quoted, stray } from './csv-fields.ts';
import { CsvOutput } from './csv-output.ts';
import { learntBytes, ShortRows } from './csv-short-rows.ts';
import { longestLine } from './text-decoding.ts';

export interface CsvShape {
  readonly delimiter: Delimiter;
  /** Cells per record that comes out. */
  readonly width: number;
  /** Cells that a record of data has at least: as many as the header, where there is one. Left out: the width. */
  readonly fewest?: number;
  /** Title and header rows: rows that may have fewer cells. */
  readonly headRows: number;
  /** Beginnings of the first filled cell that mark a footer row. */
  readonly footer: readonly string[];
}

const EQUALS = 61;

/** Scans one file. `push` every block in order, the last one with `last`; what comes back are the delivery bytes of the finished records. */
export class CsvScanner {
  readonly #shape: CsvShape;
  readonly #fields: CsvFields;
  readonly #short: ShortRows;
  readonly #out = new CsvOutput();
  /** Offset of the buffer's first byte in the decoded file. */
  #base = 0;
  #hasLearnt = false;
  /** Offsets in the decoded file up to which lines are suspected of broken quoting, and are pieces of one record. */
  #suspectUntil = 0;
  /** Rows whose quotes were read as characters. */
  #unpaired = 0;
  #firstUnpaired: number | null = null;
  #piecesUntil = 0;

  constructor(shape: CsvShape) {
    this.#shape = shape;
    this.#fields = new CsvFields(shape.delimiter, shape.footer);
    this.#short = new ShortRows({ ...shape, fewest: Math.min(shape.fewest ?? shape.width, shape.width) });
  }

  /** Records finished so far. */
  get rows(): number {
    return this.#out.rows;
  }

  /** Rows that were kept without their last cells. */
  get short(): NonNullable<SheetNotes['short']> {
    const { rows, firstRow, isOpen } = this.#short;
    return { rows, firstRow, isOpen };
  }

  /** Rows whose quotes do not pair, which were read as characters. */
  get unpaired(): NonNullable<SheetNotes['unpaired']> {
    return { rows: this.#unpaired, firstRow: this.#firstUnpaired };
  }

  push(block: Buffer, last: boolean): readonly Buffer[] {
    const fields = this.#fields;
    fields.buffer = fields.buffer.length === 0 ? block : Buffer.concat([fields.buffer, block]);
    fields.last = last;
    if (!this.#hasLearnt) {
      if (!last && fields.buffer.length < learntBytes) return [];
      this.#short.learn(fields);
      this.#hasLearnt = true;
    }
    this.#out.begin(fields.buffer.length);
    const done = this.#scan();
    this.#base += done;
    fields.buffer = fields.buffer.subarray(done);
    if (fields.buffer.length > longestLine)
      throw new ConnectorRefusal(
        'too-large',
        `row ${this.rows + 1} is longer than ${longestLine} bytes`,
        `第 ${this.rows + 1} 行长于 ${longestLine} 字节`,
      );
    return this.#out.finish();
  }

  /**
   * The cells of the widest among the records `from`..`to` (1-based) of a file's beginning, with and without the empty ones at its end, and of each
   * record from the first on; null when the beginning is too short to tell.
   */
  static widestOf(
    start: Buffer,
    last: boolean,
    delimiter: CsvShape['delimiter'],
    from: number,
    to: number,
  ): { readonly filled: number; readonly cells: number; readonly lengths: readonly number[] } | null {
    const fields = new CsvFields(delimiter, []);
    fields.buffer = start;
    fields.last = last;
    const lengths: number[] = [];
    let widest = { filled: 0, cells: 0, lengths };
    let position = 0;
    for (let row = 1; row <= to; row++) {
      if (position >= start.length) return last ? widest : null;
      const parsed = fields.parse(position);
      if (parsed === 'more') return start.length > longestLine ? widest : null;
      lengths.push(parsed === 'good' ? fields.count : 1);
      if (parsed === 'good' && row >= from)
        widest = { filled: Math.max(widest.filled, fields.filled()), cells: Math.max(widest.cells, fields.count), lengths };
      position = parsed === 'good' ? fields.next : fields.lineNext;
    }
    return widest;
  }

  #scan(): number {
    const { width } = this.#shape;
    const { buffer, delimiter, last, mark, stops } = this.#fields;
    const isByte = mark.length === 1;
    const end = buffer.length;
    let start = 0;
    while (start < end) {
      let cells = 1;
      let i = start;
      let simple = true;
      for (;;) {
        while (i < end && stops[buffer[i] as number] === 0) i++;
        if (i >= end) break;
        const byte = buffer[i] as number;
        if (byte === delimiter && isByte) {
          cells++;
          i++;
        } else if (byte === LF || byte === CR) break;
        else {
          simple = false;
          break;
        }
      }
      if (simple) {
        if (i >= end && !last) return start;
        let next = i + 1;
        if (i < end && buffer[i] === CR) {
          if (next >= end && !last) return start;
          if (buffer[next] === LF) next++;
        }
        if (cells === width) {
          this.#out.line(buffer, start, i, delimiter, width);
          start = next;
          continue;
        }
      }
      const next = this.#slow(start);
      if (next < 0) return start;
      start = next;
    }
    return end;
  }

  /** Reads one record field by field and writes it; returns where the next one begins, or -1 when the buffer does not hold all of it. */
  #slow(start: number): number {
    const fields = this.#fields;
    const { width, headRows } = this.#shape;
    const row = this.rows + 1;
    fields.row = row;
    const parsed = fields.parse(start);
    if (parsed === 'more') return -1;
    if (parsed === 'broken' && this.#isLiteral(start)) {
      this.#unpaired++;
      this.#firstUnpaired ??= row;
      if (fields.buffer.subarray(start, fields.end).includes(0)) this.#refuse('encoding', start, fields.end);
      else this.#write(start);
      return fields.next;
    }
    if (parsed === 'broken') {
      this.#suspectUntil = Math.max(this.#suspectUntil, this.#base + fields.brokenAt);
      return this.#refuseLine(start);
    }
    if (fields.hasStray && this.#base + start < this.#suspectUntil) {
      if (!fields.spansLines) {
        fields.lineEnd = fields.end;
        fields.lineNext = fields.next;
      }
      return this.#refuseLine(start);
    }
    const { end, next } = fields;
    const filled = fields.filled();
    const few = filled > 1 && row > headRows && this.#short.isShort(fields);
    const many = filled > width;
    let fault: DeliveryFault | '' = many ? 'too-many-cells' : '';
    if ((few || many) && fields.spansLines && row > headRows) {
      const recordEnd = this.#base + end;
      const verdict = this.#secondLineIsGood();
      if (verdict === 'more') return -1;
      fields.parse(start);
      if (verdict === 'good') {
        this.#suspectUntil = Math.max(this.#suspectUntil, recordEnd);
        return this.#refuseLine(start);
      }
    }
    const isPiece = this.#base + start < this.#piecesUntil;
    if (few && !isPiece) {
      const verdict = this.#short.judge(fields, longestLine / 2);
      if (verdict === 'more') return -1;
      fields.parse(start);
      if (verdict === 'row') this.#short.keep(fields, row);
      else fault = 'too-few-cells';
      if (typeof verdict === 'object') this.#piecesUntil = this.#base + verdict.until;
    }
    if (isPiece && filled > 0) fault = 'too-few-cells';
    if (fields.buffer.subarray(start, end).includes(0)) fault = 'encoding';
    if (fault === '') this.#write(start);
    else this.#refuse(fault, start, end);
    return next;
  }

  /** Whether the first line of a broken record is a row with its quotes as characters; the fields are those of that row then. */
  #isLiteral(start: number): boolean {
    const fields = this.#fields;
    const { width, fewest = width } = this.#shape;
    if (this.#base + start < this.#suspectUntil) return false;
    const isCutOff = fields.brokenAt > fields.lineEnd && fields.last && fields.lineNext >= fields.buffer.length;
    const count = isCutOff ? 0 : fields.literal(start);
    return count >= Math.min(fewest, width) && count <= width;
  }

  #secondLineIsGood(): 'good' | 'other' | 'more' {
    const fields = this.#fields;
    const parsed = fields.parse(fields.lineNext);
    if (parsed === 'more') return 'more';
    return parsed === 'good' && !fields.spansLines && !fields.hasStray && !this.#short.isShort(fields) && fields.count <= this.#shape.width
      ? 'good'
      : 'other';
  }

  #refuseLine(start: number): number {
    this.#refuse('quoting', start, this.#fields.lineEnd);
    return this.#fields.lineNext;
  }

  #write(start: number): void {
    const { buffer, count, delimiter, end, ends, kinds, starts } = this.#fields;
    const { width } = this.#shape;
    const out = this.#out;
    out.reserve(2 * (end - start) + 3 * width + 32);
    out.record('');
    const fields = Math.min(count, width);
    for (let f = 0; f < fields; f++) {
      const from = starts[f] as number;
      const to = ends[f] as number;
      const kind = kinds[f];
      if (f > 0) out.comma();
      const marks = kind === plain ? 0 : formulaMarks(buffer, from, to, kind === quoted ? 2 : 1);
      if (marks > 0) out.quote(buffer, from + 1 + marks, to - marks);
      else if (kind === quoted) out.copy(buffer, from - 1, to + 1);
      else if (kind === stray || (delimiter !== COMMA && holdsComma(buffer, from, to))) out.quote(buffer, from, to);
      else out.copy(buffer, from, to);
    }
    out.pad(width - fields);
  }

  #refuse(fault: DeliveryFault, start: number, end: number): void {
    this.#out.reserve(3 * (end - start) + this.#shape.width + 64);
    this.#out.record(fault);
    this.#out.quote(this.#fields.buffer, start, end);
    this.#out.pad(this.#shape.width - 1);
  }
}

/**
 * How many quotes stand on either side of the text in `="0012"`, by which exports keep a spreadsheet from cutting its zeros; 0 where a field
 * is no such text.
 */
function formulaMarks(buffer: Buffer, from: number, to: number, marks: 1 | 2): 0 | 1 | 2 {
  if (to - from < 1 + 2 * marks || buffer[from] !== EQUALS) return 0;
  for (let i = 1; i <= marks; i++) if (buffer[from + i] !== QUOTE || buffer[to - i] !== QUOTE) return 0;
  for (let i = from + 1 + marks; i < to - marks; i++) if (buffer[i] === QUOTE) return 0;
  return marks;
}

function holdsComma(buffer: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (buffer[i] === COMMA) return true;
  return false;
}
