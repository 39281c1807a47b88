/** Writing text as GB18030: the inverse of the decoder that Node brings (WHATWG encoding standard, index gb18030). */

/** Bytes of every character of the basic plane, as one number; 0 where there are none. Filled on first use. */
let table: Uint32Array | undefined;

/** Encodes text; throws on an unpaired surrogate, on U+FFFD (the mark that something was lost before) and on private-use characters without a place. */
export function encodeGb18030(text: string): Buffer {
  table ??= invert();
  const bytes = Buffer.allocUnsafe(text.length * 4);
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[end++] = unit;
      continue;
    }
    const code = text.codePointAt(i) as number;
    if (code > 0xffff) {
      i++;
      end = bytes.writeUInt32BE(fourBytes(code - 0x10000, 0x90), end);
      continue;
    }
    const known = table[code] as number;
    if (known === 0) throw new Error(`U+${code.toString(16)} cannot be written as GB18030`);
    end = known > 0xffff ? bytes.writeUInt32BE(known, end) : bytes.writeUInt16BE(known, end);
  }
  return bytes.subarray(0, end);
}

/** The four bytes at a distance from the first sequence that begins with `lead` (0x81: the basic plane, 0x90: what lies beyond). */
const fourBytes = (distance: number, lead: number): number =>
  (lead + Math.floor(distance / 12_600)) * 0x1000000 +
  (0x30 + (Math.floor(distance / 1260) % 10)) * 0x10000 +
  (0x81 + (Math.floor(distance / 10) % 126)) * 0x100 +
  0x30 +
  (distance % 10);

function invert(): Uint32Array {
  const found = new Uint32Array(0x10000);
  const decoder = new TextDecoder('gb18030');
  const learn = (bytes: number, width: 2 | 4): void => {
    const sequence = Buffer.alloc(width);
    sequence.writeUIntBE(bytes, 0, width);
    const text = decoder.decode(sequence);
    const code = text.charCodeAt(0);
    if (text.length === 1 && code !== 0xfffd && found[code] === 0) found[code] = bytes;
  };
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) learn(lead * 0x100 + trail, 2);
  // The four-byte sequences of the basic plane end with U+FFFF at distance 39,419.
  for (let distance = 0; distance <= 39_419; distance++) learn(fourBytes(distance, 0x81), 4);
  return found;
}
