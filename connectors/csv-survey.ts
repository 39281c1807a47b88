/** What a text file nobody has declared is written in: its encoding by its bytes, its delimiter by how often each stands in its lines. */
import { isUtf8 } from 'node:buffer';
import { type ConnectorEffects, ConnectorRefusal, type Survey } from '#declare/connector';
import { isMarkup } from './markup.ts';
import type { TextEncoding } from './text-decoding.ts';

/** Bytes looked at. */
const looked = 1024 * 1024;
/** Lines looked at for the delimiter. */
const lines = 200;
const delimiters = [',', '\t', ';', '|'] as const;
const names: Readonly<Record<string, { zh: string; en: string }>> = {
  ',': { zh: '逗号', en: 'commas' },
  '\t': { zh: '制表符', en: 'tabs' },
  ';': { zh: '分号', en: 'semicolons' },
  '|': { zh: '竖线', en: 'bars' },
};

/** Null when the file is not text. An empty file is text: reading it says that it is empty. */
export async function surveyText(effects: ConnectorEffects): Promise<Survey | null> {
  const start = await beginning(effects);
  const encoding = encodingOf(start);
  if (encoding === null) {
    if (controls(start)) return null;
    // Text in an encoding that is not read here. To take it for one that is would make wrong characters of it without an error.
    const at = strangeAt(start);
    throw new ConnectorRefusal(
      'wrong-encoding',
      `neither UTF-8 nor, it seems, GBK or UTF-16: byte ${at} (0x${start[at]?.toString(16)}) is the first that does not fit; save the file as UTF-8`,
      `既不是 UTF-8，也不像 GBK 或 UTF-16：第 ${at} 字节（0x${start[at]?.toString(16)}）起就不符合；请另存为 UTF-8 后再上传`,
    );
  }
  const text = textOf(start);
  if (isMarkup(text)) return null;
  const delimiter = delimiterOf(text);
  return {
    settings: { delimiter },
    encoding,
    sheets: [],
    said: [
      { zh: `文本文件，编码 ${encoding}`, en: `a text file in ${encoding}` },
      { zh: `以${names[delimiter]?.zh}分隔`, en: `its cells are parted by ${names[delimiter]?.en}` },
    ],
  };
}

/** The text of a file's beginning in the encoding that its bytes have; empty for what is no text. */
export function textOf(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  return encoding === null ? '' : new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)), { stream: true });
}

/** The first bytes of a file, enough to judge it by. */
export async function beginning(effects: ConnectorEffects): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of await effects.open()) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= looked) break;
  }
  return Buffer.concat(parts).subarray(0, looked);
}

/** By the byte order mark, by where zero bytes stand, by validity; null for what is no text. */
export function encodingOf(bytes: Buffer): TextEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1;
  const [even, odd] = zeros as [number, number];
  // Half of what is Latin in UTF-16 are zeros, all on one side. A few zeros are dirt, which the reader refuses row by row.
  if (odd > 10 * even && odd > bytes.length / 20) return 'utf-16le';
  if (even > 10 * odd && even > bytes.length / 20) return 'utf-16be';
  if (controls(bytes)) return null;
  if (isUtf8(whole(bytes)) || isDamagedUtf8(bytes)) return 'utf-8';
  return strangeAt(bytes) < 0 ? 'gb18030' : null;
}

/** UTF-8 but for a few bytes: the reader says which. */
function isDamagedUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const damaged = text.split('\ufffd').length - 1;
  let read = 0;
  for (const char of text) if (char > '\u07ff' && char !== '\ufffd') read++;
  return read > 20 * damaged;
}

/** Of the characters that are not ASCII, no more stand outside GB 2312 (rare characters of names and places do) in a Chinese text. */
const mostRare = 0.5;

/**
 * The first byte that cannot be GB 18030, or, where most of what is not ASCII lies outside GB 2312, the first of that: accents of Latin-1 pair with the
 * letter behind them as a rare character. Below zero where the bytes read as Chinese.
 */
function strangeAt(bytes: Buffer): number {
  let common = 0;
  let rare = 0;
  let firstRare = -1;
  for (let i = 0; i < bytes.length; ) {
    const [lead = 0, trail, third, fourth] = bytes.subarray(i, i + 4);
    if (lead < 0x80) {
      i++;
      continue;
    }
    // What is cut off at the end of the sample says nothing.
    if (trail === undefined) break;
    const isFour = trail >= 0x30 && trail <= 0x39;
    if (isFour && (third === undefined || fourth === undefined)) break;
    const isPair = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0x80 && trail <= 0xfe);
    const fits = isFour
      ? (third as number) >= 0x81 && (third as number) <= 0xfe && (fourth as number) >= 0x30 && (fourth as number) <= 0x39
      : isPair;
    if (lead === 0x80 || lead === 0xff || !fits) return i;
    if (lead >= 0xa1 && trail >= 0xa1) common++;
    else {
      rare++;
      if (firstRare < 0) firstRare = i;
    }
    i += isFour ? 4 : 2;
  }
  return rare > mostRare * (rare + common) ? firstRare : -1;
}

/** Without a character cut off at the end. */
function whole(bytes: Buffer): Buffer {
  for (let cut = 0; cut < 4; cut++) {
    const byte = bytes[bytes.length - 1 - cut] ?? 0;
    if (byte < 0x80) return cut === 0 ? bytes : bytes.subarray(0, bytes.length - cut);
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - 1 - cut);
  }
  return bytes;
}

/** True where a hundredth of the bytes are control characters: a program, a picture, an archive. */
function controls(bytes: Buffer): boolean {
  let count = 0;
  for (const byte of bytes) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 26) count++;
  return count > 2 + bytes.length / 100;
}

/** The character that stands most evenly in the lines, outside quotes. */
function delimiterOf(text: string): (typeof delimiters)[number] {
  const sample = text
    .split(/\r\n|\n|\r/)
    .slice(0, lines)
    .map((line) => line.replace(/"(?:[^"]|"")*"/g, ''))
    .filter((line) => line.trim() !== '');
  const scored = delimiters.map((delimiter) => {
    const counts = sample.map((line) => line.split(delimiter).length - 1);
    const tally = Map.groupBy(
      counts.filter((n) => n > 0),
      (n) => n,
    );
    const [usual, times] = [...tally].map(([n, all]) => [n, all.length] as const).sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
    return { delimiter, usual, even: sample.length === 0 ? 0 : times / sample.length };
  });
  const best = scored.filter((s) => s.usual > 0).sort((a, b) => b.even - a.even || b.usual - a.usual)[0];
  return best?.delimiter ?? ',';
}
