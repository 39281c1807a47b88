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
 * - A record with fewer cells than the width is padded with absent cells when it is among the head rows, when it has as many as the header, when
 *   nothing but its first cell is filled (titles, blank rows, footers) or when it begins with a footer mark; else it is `too-few-cells`.
 * - A record holding NUL is `encoding` (PostgreSQL text cannot hold it); the raw text shows U+2400 in its place.
 *
 * Broken quoting refuses one physical line, never the rest of the file: when a quoted field is followed by anything but a delimiter or a
 * line break, or is not closed within `longestQuoted` bytes or `mostQuotedLines` lines or before the file ends, only the first physical
 * line of that record is refused (`quoting`) and reading begins again at the next line. Two consequences are guarded: a line between there
 * and the place where the quoting broke is refused too if it has a stray quote (it may be the tail of the broken field), and a
 * record over several lines with a wrong number of cells is taken for an unclosed quote if its second line alone is a good row.
 * What no rule can see: an unclosed quote that meets a later opening quote at the end of a field and by chance gives the right width.
 */
import { ConnectorRefusal, type DeliveryFault } from '#declare/connector';
import { longestLine } from './text-decoding.ts';

export interface CsvShape {
  readonly delimiter: ',' | '\t' | ';' | '|';
  /** Cells per record that comes out. */
  readonly width: number;
  /** Cells that a record of data has at least: as many as the header, where there is one. Left out: the width. */
  readonly fewest?: number;
  /** Title and header rows: rows that may have fewer cells. */
  readonly headRows: number;
  /** Beginnings of the first filled cell that mark a footer row. */
  readonly footer: readonly string[];
}

/** A quoted field longer than 1 MiB or 1,000 lines is an unclosed quote. */
export const longestQuoted = 1024 * 1024;
export const mostQuotedLines = 1000;

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const EQUALS = 61;
const mostFields = 16_384;

type Parsed = 'good' | 'broken' | 'more';
const plain = 0;
const quoted = 1;
const stray = 2;

/** Scans one file. `push` every block in order, the last one with `last`; what comes back are the delivery bytes of the finished records. */
export class CsvScanner {
  readonly #shape: CsvShape;
  readonly #delimiter: number;
  readonly #fewest: number;
  /** 1 for every byte that ends the fast run through an unquoted line. */
  readonly #stops = new Uint8Array(256);
  readonly #footer: readonly Buffer[];
  #buffer: Buffer = Buffer.alloc(0);
  /** Offset of the buffer's first byte in the decoded file. */
  #base = 0;
  #last = false;
  #row = 0;
  #suspectUntil = 0;

  // The fields of the record parsed last; see #parse.
  readonly #starts = new Int32Array(mostFields);
  readonly #ends = new Int32Array(mostFields);
  readonly #kinds = new Uint8Array(mostFields);
  #fields = 0;
  #recordEnd = 0;
  #next = 0;
  #lineEnd = 0;
  #lineNext = 0;
  #manyLines = false;
  #hasStray = false;
  #brokenAt = 0;

  #out: Buffer = Buffer.alloc(0);
  #at = 0;
  #full: Buffer[] = [];

  constructor(shape: CsvShape) {
    this.#shape = shape;
    this.#delimiter = shape.delimiter.charCodeAt(0);
    this.#fewest = Math.min(shape.fewest ?? shape.width, shape.width);
    for (const byte of [0, LF, CR, QUOTE, COMMA, this.#delimiter]) this.#stops[byte] = 1;
    this.#footer = shape.footer.map((mark) => Buffer.from(mark));
  }

  /** Records finished so far. */
  get rows(): number {
    return this.#row;
  }

  push(block: Buffer, last: boolean): readonly Buffer[] {
    this.#buffer = this.#buffer.length === 0 ? block : Buffer.concat([this.#buffer, block]);
    this.#last = last;
    this.#full = [];
    this.#out = Buffer.allocUnsafe(this.#buffer.length + (this.#buffer.length >> 2) + 4096);
    this.#at = 0;
    const done = this.#scan();
    this.#base += done;
    this.#buffer = this.#buffer.subarray(done);
    if (this.#buffer.length > longestLine)
      throw new ConnectorRefusal(
        'too-large',
        `row ${this.#row + 1} is longer than ${longestLine} bytes`,
        `第 ${this.#row + 1} 行长于 ${longestLine} 字节`,
      );
    if (this.#at > 0) this.#full.push(this.#out.subarray(0, this.#at));
    return this.#full;
  }

  /**
   * The cells of the widest among the records `from`..`to` (1-based) of a file's beginning, with and without the empty ones at its end; null
   * when the beginning is too short to tell.
   */
  static widestOf(
    start: Buffer,
    last: boolean,
    delimiter: CsvShape['delimiter'],
    from: number,
    to: number,
  ): { readonly filled: number; readonly cells: number } | null {
    const scanner = new CsvScanner({ delimiter, width: 1, headRows: 0, footer: [] });
    scanner.#buffer = start;
    scanner.#last = last;
    let widest = { filled: 0, cells: 0 };
    let position = 0;
    for (let row = 1; row <= to; row++) {
      if (position >= start.length) return last ? widest : null;
      const parsed = scanner.#parse(position);
      if (parsed === 'more') return start.length > longestLine ? widest : null;
      if (parsed === 'good' && row >= from)
        widest = { filled: Math.max(widest.filled, scanner.#filledFields()), cells: Math.max(widest.cells, scanner.#fields) };
      position = parsed === 'good' ? scanner.#next : scanner.#lineNext;
    }
    return widest;
  }

  #scan(): number {
    const { width } = this.#shape;
    const delimiter = this.#delimiter;
    const buffer = this.#buffer;
    const stops = this.#stops;
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
        if (byte === delimiter) {
          cells++;
          i++;
        } else if (byte === LF || byte === CR) break;
        else {
          simple = false;
          break;
        }
      }
      if (simple) {
        if (i >= end && !this.#last) return start;
        let next = i + 1;
        if (i < end && buffer[i] === CR) {
          if (next >= end && !this.#last) return start;
          if (buffer[next] === LF) next++;
        }
        if (cells === width) {
          this.#reserve(i - start + width + 32);
          this.#begin('');
          this.#copy(start, i);
          if (delimiter !== COMMA) this.#commas(i - start);
          this.#out[this.#at++] = LF;
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
    const { width, headRows } = this.#shape;
    const parsed = this.#parse(start);
    if (parsed === 'more') return -1;
    if (parsed === 'broken') {
      this.#suspectUntil = Math.max(this.#suspectUntil, this.#base + this.#brokenAt);
      return this.#refuseLine(start);
    }
    if (this.#hasStray && this.#base + start < this.#suspectUntil) {
      if (!this.#manyLines) {
        this.#lineEnd = this.#recordEnd;
        this.#lineNext = this.#next;
      }
      return this.#refuseLine(start);
    }
    const row = this.#row + 1;
    const filled = this.#filledFields();
    const few = this.#fields < this.#fewest && filled > 1 && row > headRows && !this.#isFooter();
    const many = filled > width;
    if ((few || many) && this.#manyLines && row > headRows) {
      const verdict = this.#secondLineIsGood();
      if (verdict === 'more') return -1;
      this.#parse(start);
      if (verdict === 'good') return this.#refuseLine(start);
    }
    if (this.#buffer.subarray(start, this.#recordEnd).includes(0)) this.#refuse('encoding', start, this.#recordEnd);
    else if (many) this.#refuse('too-many-cells', start, this.#recordEnd);
    else if (few) this.#refuse('too-few-cells', start, this.#recordEnd);
    else this.#write(start);
    return this.#next;
  }

  #secondLineIsGood(): 'good' | 'other' | 'more' {
    const parsed = this.#parse(this.#lineNext);
    if (parsed === 'more') return 'more';
    return parsed === 'good' && !this.#manyLines && !this.#hasStray && this.#fields >= this.#fewest && this.#fields <= this.#shape.width
      ? 'good'
      : 'other';
  }

  #refuseLine(start: number): number {
    this.#refuse('quoting', start, this.#lineEnd);
    return this.#lineNext;
  }

  /** Parses the record at `start` into the field table. 'broken': only #lineEnd, #lineNext and #brokenAt are set. */
  #parse(start: number): Parsed {
    const buffer = this.#buffer;
    const end = buffer.length;
    const stops = this.#stops;
    this.#fields = 0;
    this.#manyLines = false;
    this.#hasStray = false;
    let i = start;
    for (;;) {
      let kind = plain;
      let from = i;
      let to: number;
      if (i < end && buffer[i] === QUOTE) {
        kind = quoted;
        from = i + 1;
        to = this.#closing(from);
        if (to === -1) return 'more';
        if (to === -2) return this.#lineAfterBroken(start);
        i = to + 1;
        const after = buffer[i];
        if (i < end && after !== this.#delimiter && after !== LF && after !== CR) {
          this.#brokenAt = i;
          return this.#lineAfterBroken(start);
        }
      } else {
        for (; i < end; i++) {
          const byte = buffer[i] as number;
          if (stops[byte] === 0) continue;
          if (byte === this.#delimiter || byte === LF || byte === CR) break;
          if (byte === QUOTE) kind = stray;
        }
        to = i;
        if (kind === stray) this.#hasStray = true;
      }
      if (i >= end && !this.#last) return 'more';
      if (this.#fields === mostFields)
        throw new ConnectorRefusal(
          'too-large',
          `row ${this.#row + 1} has more than ${mostFields} cells`,
          `第 ${this.#row + 1} 行多于 ${mostFields} 个单元格`,
        );
      this.#starts[this.#fields] = from;
      this.#ends[this.#fields] = to;
      this.#kinds[this.#fields] = kind;
      this.#fields++;
      if (i < end && buffer[i] === this.#delimiter) {
        i++;
        continue;
      }
      this.#recordEnd = i;
      this.#next = i + 1;
      if (i < end && buffer[i] === CR) {
        if (i + 1 >= end && !this.#last) return 'more';
        if (buffer[i + 1] === LF) this.#next++;
      }
      if (this.#next > end) this.#next = end;
      return 'good';
    }
  }

  /** Where the quoted field whose text begins at `from` closes; -1: not yet known, -2: it is unclosed. */
  #closing(from: number): number {
    const buffer = this.#buffer;
    const end = buffer.length;
    let lines = 0;
    for (let i = from; i < end; i++) {
      const byte = buffer[i];
      if (byte === QUOTE) {
        if (i + 1 >= end && !this.#last) return -1;
        if (buffer[i + 1] !== QUOTE) return i;
        i++;
      } else if (byte === LF || byte === CR) {
        const lineEnd = i;
        if (byte === CR) {
          if (i + 1 >= end && !this.#last) return -1;
          if (buffer[i + 1] === LF) i++;
        }
        if (!this.#manyLines) {
          this.#manyLines = true;
          this.#lineEnd = lineEnd;
          this.#lineNext = Math.min(i + 1, end);
        }
        lines++;
        if (lines > mostQuotedLines || i - from > longestQuoted) {
          this.#brokenAt = i;
          return -2;
        }
      }
    }
    if (!this.#last && end - from <= longestQuoted) return -1;
    this.#brokenAt = end;
    return -2;
  }

  /** Finds the end of the first physical line of a broken record. */
  #lineAfterBroken(start: number): Parsed {
    if (this.#manyLines) return 'broken';
    const buffer = this.#buffer;
    let i = start;
    while (i < buffer.length && buffer[i] !== LF && buffer[i] !== CR) i++;
    if (i >= buffer.length && !this.#last) return 'more';
    if (buffer[i] === CR && i + 1 >= buffer.length && !this.#last) return 'more';
    this.#lineEnd = i;
    this.#lineNext = Math.min(buffer.length, buffer[i] === CR && buffer[i + 1] === LF ? i + 2 : i + 1);
    return 'broken';
  }

  /** The number of fields up to the last one that is not empty. */
  #filledFields(): number {
    let filled = this.#fields;
    while (filled > 0 && this.#starts[filled - 1] === this.#ends[filled - 1]) filled--;
    return filled;
  }

  #isFooter(): boolean {
    if (this.#footer.length === 0) return false;
    let first = 0;
    while (first < this.#fields && this.#starts[first] === this.#ends[first]) first++;
    const text = this.#buffer.subarray(this.#starts[first], this.#ends[first]);
    return this.#footer.some((mark) => text.subarray(0, mark.length).equals(mark));
  }

  #write(start: number): void {
    const { width } = this.#shape;
    this.#reserve(2 * (this.#recordEnd - start) + 3 * width + 32);
    this.#begin('');
    const out = this.#out;
    const fields = Math.min(this.#fields, width);
    for (let f = 0; f < fields; f++) {
      const from = this.#starts[f] as number;
      const to = this.#ends[f] as number;
      const kind = this.#kinds[f];
      if (f > 0) out[this.#at++] = COMMA;
      const marks = kind === plain ? 0 : this.#formulaMarks(from, to, kind === quoted ? 2 : 1);
      if (marks > 0) this.#quote(from + 1 + marks, to - marks);
      else if (kind === quoted) this.#copy(from - 1, to + 1);
      else if (kind === stray || (this.#delimiter !== COMMA && this.#holdsComma(from, to))) this.#quote(from, to);
      else this.#copy(from, to);
    }
    this.#pad(width - fields);
  }

  /** How many quotes stand on either side of the text in `="0012"`, by which exports keep a spreadsheet from cutting its zeros; 0 where a field is no such text. */
  #formulaMarks(from: number, to: number, marks: 1 | 2): 0 | 1 | 2 {
    const buffer = this.#buffer;
    if (to - from < 1 + 2 * marks || buffer[from] !== EQUALS) return 0;
    for (let i = 1; i <= marks; i++) if (buffer[from + i] !== QUOTE || buffer[to - i] !== QUOTE) return 0;
    for (let i = from + 1 + marks; i < to - marks; i++) if (buffer[i] === QUOTE) return 0;
    return marks;
  }

  #refuse(fault: DeliveryFault, start: number, end: number): void {
    this.#reserve(3 * (end - start) + this.#shape.width + 64);
    this.#begin(fault);
    this.#quote(start, end);
    this.#pad(this.#shape.width - 1);
  }

  #pad(cells: number): void {
    for (let i = 0; i < cells; i++) this.#out[this.#at++] = COMMA;
    this.#out[this.#at++] = LF;
  }

  #begin(fault: string): void {
    this.#row++;
    let value = this.#row;
    let length = 1;
    for (let limit = 10; value >= limit; limit *= 10) length++;
    for (let i = this.#at + length - 1; i >= this.#at; i--) {
      this.#out[i] = 48 + (value % 10);
      value = Math.floor(value / 10);
    }
    this.#at += length;
    this.#out[this.#at++] = COMMA;
    for (let i = 0; i < fault.length; i++) this.#out[this.#at++] = fault.charCodeAt(i);
    this.#out[this.#at++] = COMMA;
  }

  #copy(from: number, to: number): void {
    if (to - from < 24) for (let i = from; i < to; i++) this.#out[this.#at++] = this.#buffer[i] as number;
    else this.#at += this.#buffer.copy(this.#out, this.#at, from, to);
  }

  #quote(from: number, to: number): void {
    const out = this.#out;
    out[this.#at++] = QUOTE;
    for (let i = from; i < to; i++) {
      const byte = this.#buffer[i] as number;
      if (byte === 0) {
        out[this.#at++] = 0xe2;
        out[this.#at++] = 0x90;
        out[this.#at++] = 0x80;
        continue;
      }
      if (byte === QUOTE) out[this.#at++] = QUOTE;
      out[this.#at++] = byte;
    }
    out[this.#at++] = QUOTE;
  }

  #holdsComma(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.#buffer[i] === COMMA) return true;
    return false;
  }

  /** Turns the delimiters of the line just copied into commas; such a line has no comma of its own. */
  #commas(length: number): void {
    for (let i = this.#at - length; i < this.#at; i++) if (this.#out[i] === this.#delimiter) this.#out[i] = COMMA;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    if (this.#at > 0) this.#full.push(this.#out.subarray(0, this.#at));
    this.#out = Buffer.allocUnsafe(Math.max(bytes, 262_144));
    this.#at = 0;
  }
}
