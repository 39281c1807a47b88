/** What a text file nobody has declared is written in: its encoding by its bytes, its delimiter by how often each stands in its lines. */
import { isUtf8 } from 'node:buffer';
import type { ConnectorEffects, Survey } from '#declare/connector';
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
  if (encoding === null) return null;
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
  if (isUtf8(whole(bytes))) return controls(bytes) ? null : 'utf-8';
  return controls(bytes) ? null : 'gb18030';
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
