/** The fields of one CSV record: where each stands in the buffer, how it was written, and where a record ends that is broken. */
import { ConnectorRefusal } from '#declare/connector';

export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const COMMA = 44;
const mostFields = 16_384;

/** A quoted field longer than 1 MiB or 1,000 lines is an unclosed quote. */
const longestQuoted = 1024 * 1024;
const mostQuotedLines = 1000;

/** 'broken': its quoting makes no sense; 'more': the buffer does not hold all of it. */
export type Parsed = 'good' | 'broken' | 'more';

/** How a field was written. */
export const plain = 0;
export const quoted = 1;
export const stray = 2;

/** The record parsed last. Offsets are places in `buffer`. */
export class CsvFields {
  buffer: Buffer = Buffer.alloc(0);
  /** Whether the file ends with the buffer. */
  last = false;
  /** Number of the record, for refusals that name it. */
  row = 1;
  /** Number of fields. */
  count = 0;
  readonly starts = new Int32Array(mostFields);
  readonly ends = new Int32Array(mostFields);
  readonly kinds = new Uint8Array(mostFields);
  /** Where the record ends and where the next one begins. */
  end = 0;
  next = 0;
  /** Where its first physical line ends and where the next line begins; known where it spans lines or is broken. */
  lineEnd = 0;
  lineNext = 0;
  spansLines = false;
  hasStray = false;
  /** Where the quoting of a broken record broke. */
  brokenAt = 0;
  /** What stands between two fields, and its first byte. */
  readonly mark: Buffer;
  readonly delimiter: number;
  readonly #footer: readonly Buffer[];
  /** 1 for every byte that ends the fast run through an unquoted line. */
  readonly stops = new Uint8Array(256);

  constructor(delimiter: string, footer: readonly string[]) {
    this.mark = Buffer.from(delimiter);
    this.delimiter = this.mark[0] as number;
    this.#footer = footer.map((mark) => Buffer.from(mark));
    for (const byte of [0, LF, CR, QUOTE, COMMA, this.delimiter]) this.stops[byte] = 1;
  }

  /** Parses the record at `start` into the field table. 'broken': only lineEnd, lineNext and brokenAt are set. */
  parse(start: number): Parsed {
    const buffer = this.buffer;
    const end = buffer.length;
    const stops = this.stops;
    this.count = 0;
    this.spansLines = false;
    this.hasStray = false;
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
        if (i + this.mark.length > end && i < end && !this.last) return 'more';
        if (i < end && after !== LF && after !== CR && !this.#delimits(i)) {
          this.brokenAt = i;
          return this.#lineAfterBroken(start);
        }
      } else {
        for (; i < end; i++) {
          const byte = buffer[i] as number;
          if (stops[byte] === 0) continue;
          if (byte === LF || byte === CR || this.#delimits(i)) break;
          if (byte === QUOTE) kind = stray;
        }
        to = i;
        if (kind === stray) this.hasStray = true;
      }
      if (i >= end && !this.last) return 'more';
      if (this.count === mostFields)
        throw new ConnectorRefusal(
          'too-large',
          `row ${this.row} has more than ${mostFields} cells`,
          `第 ${this.row} 行多于 ${mostFields} 个单元格`,
        );
      this.starts[this.count] = from;
      this.ends[this.count] = to;
      this.kinds[this.count] = kind;
      this.count++;
      if (i < end && this.#delimits(i)) {
        i += this.mark.length;
        continue;
      }
      this.end = i;
      this.next = i + 1;
      if (i < end && buffer[i] === CR) {
        if (i + 1 >= end && !this.last) return 'more';
        if (buffer[i + 1] === LF) this.next++;
      }
      if (this.next > end) this.next = end;
      return 'good';
    }
  }

  /** Whether the delimiter stands at this place. */
  #delimits(at: number): boolean {
    const { buffer, mark } = this;
    if (buffer[at] !== this.delimiter) return false;
    for (let i = 1; i < mark.length; i++) if (buffer[at + i] !== mark[i]) return false;
    return true;
  }

  /** Where the quoted field whose text begins at `from` closes; -1: not yet known, -2: it is unclosed. */
  #closing(from: number): number {
    const buffer = this.buffer;
    const end = buffer.length;
    let lines = 0;
    for (let i = from; i < end; i++) {
      const byte = buffer[i];
      if (byte === QUOTE) {
        if (i + 1 >= end && !this.last) return -1;
        if (buffer[i + 1] !== QUOTE) return i;
        i++;
      } else if (byte === LF || byte === CR) {
        const lineEnd = i;
        if (byte === CR) {
          if (i + 1 >= end && !this.last) return -1;
          if (buffer[i + 1] === LF) i++;
        }
        if (!this.spansLines) {
          this.spansLines = true;
          this.lineEnd = lineEnd;
          this.lineNext = Math.min(i + 1, end);
        }
        lines++;
        if (lines > mostQuotedLines || i - from > longestQuoted) {
          this.brokenAt = i;
          return -2;
        }
      }
    }
    if (!this.last && end - from <= longestQuoted) return -1;
    this.brokenAt = end;
    return -2;
  }

  /** Finds the end of the first physical line of a broken record. */
  #lineAfterBroken(start: number): Parsed {
    if (this.spansLines) return 'broken';
    const buffer = this.buffer;
    let i = start;
    while (i < buffer.length && buffer[i] !== LF && buffer[i] !== CR) i++;
    if (i >= buffer.length && !this.last) return 'more';
    if (buffer[i] === CR && i + 1 >= buffer.length && !this.last) return 'more';
    this.lineEnd = i;
    this.lineNext = Math.min(buffer.length, buffer[i] === CR && buffer[i + 1] === LF ? i + 2 : i + 1);
    return 'broken';
  }

  /** Takes the first physical line of a broken record with its quotes as characters; lineEnd and lineNext are known. Returns the number of fields. */
  literal(start: number): number {
    this.count = 0;
    for (let from = start; this.count < mostFields; ) {
      let to = from;
      while (to < this.lineEnd && !this.#delimits(to)) to++;
      this.starts[this.count] = from;
      this.ends[this.count] = to;
      this.kinds[this.count] = stray;
      this.count++;
      if (to >= this.lineEnd) break;
      from = to + this.mark.length;
    }
    this.end = this.lineEnd;
    this.next = this.lineNext;
    this.spansLines = false;
    this.hasStray = true;
    return this.count;
  }

  /** The number of fields up to the last one that is not empty. */
  filled(): number {
    let filled = this.count;
    while (filled > 0 && this.starts[filled - 1] === this.ends[filled - 1]) filled--;
    return filled;
  }

  /** Whether its first filled field begins with a footer mark. */
  isFooter(): boolean {
    if (this.#footer.length === 0) return false;
    let first = 0;
    while (first < this.count && this.starts[first] === this.ends[first]) first++;
    const text = this.buffer.subarray(this.starts[first], this.ends[first]);
    return this.#footer.some((mark) => text.subarray(0, mark.length).equals(mark));
  }
}
