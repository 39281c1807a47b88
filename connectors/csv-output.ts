/** The bytes of delivery records, written without an object per row: `<row>,<fault>,<cells…>` and a line feed. */
import type { DeliveryFault } from '#declare/connector';
import { COMMA, LF, QUOTE } from './csv-fields.ts';

/** The records written since the last `begin`. */
export class CsvOutput {
  /** Records begun so far. */
  rows = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #full: Buffer[] = [];

  /** Begins the output of a block of so many bytes. */
  begin(length: number): void {
    this.#full = [];
    this.#bytes = Buffer.allocUnsafe(length + (length >> 2) + 4096);
    this.#at = 0;
  }

  /** What was written. */
  finish(): readonly Buffer[] {
    if (this.#at > 0) this.#full.push(this.#bytes.subarray(0, this.#at));
    return this.#full;
  }

  /** A line of plain fields, as many as the width; `delimiter` is the byte between them. */
  line(buffer: Buffer, from: number, to: number, delimiter: number, width: number): void {
    this.reserve(to - from + width + 32);
    this.record('');
    this.copy(buffer, from, to);
    // Such a line has no comma of its own.
    if (delimiter !== COMMA)
      for (let i = this.#at - (to - from); i < this.#at; i++) if (this.#bytes[i] === delimiter) this.#bytes[i] = COMMA;
    this.#bytes[this.#at++] = LF;
  }

  /** Begins a record. Room for it was reserved. */
  record(fault: DeliveryFault | ''): void {
    this.rows++;
    let value = this.rows;
    let length = 1;
    for (let limit = 10; value >= limit; limit *= 10) length++;
    for (let i = this.#at + length - 1; i >= this.#at; i--) {
      this.#bytes[i] = 48 + (value % 10);
      value = Math.floor(value / 10);
    }
    this.#at += length;
    this.comma();
    for (let i = 0; i < fault.length; i++) this.#bytes[this.#at++] = fault.charCodeAt(i);
    this.comma();
  }

  comma(): void {
    this.#bytes[this.#at++] = COMMA;
  }

  /** Absent cells to the end of the record. */
  pad(cells: number): void {
    for (let i = 0; i < cells; i++) this.#bytes[this.#at++] = COMMA;
    this.#bytes[this.#at++] = LF;
  }

  copy(buffer: Buffer, from: number, to: number): void {
    if (to - from < 24) for (let i = from; i < to; i++) this.#bytes[this.#at++] = buffer[i] as number;
    else this.#at += buffer.copy(this.#bytes, this.#at, from, to);
  }

  /** A quoted cell; U+2400 stands for NUL. */
  quote(buffer: Buffer, from: number, to: number): void {
    const out = this.#bytes;
    out[this.#at++] = QUOTE;
    for (let i = from; i < to; i++) {
      const byte = buffer[i] as number;
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

  /** Room for so many bytes. */
  reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    if (this.#at > 0) this.#full.push(this.#bytes.subarray(0, this.#at));
    this.#bytes = Buffer.allocUnsafe(Math.max(bytes, 262_144));
    this.#at = 0;
  }
}
