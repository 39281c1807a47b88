/** Encoding and delimiter of an undeclared text file: the one by its bytes, the other by how evenly each stands in its lines. */
import { isUtf8 } from 'node:buffer';
import { type ConnectorEffects, ConnectorRefusal, type Survey, type TextEncoding } from '#declare/connector';
import { chineseReadings, isDoubtful, mayBe, strangeIn } from './chinese-text.ts';
import { delimiterOf } from './csv-delimiters.ts';
import { isMarkup } from './markup.ts';
import { isDamage } from './text-decoding.ts';

/** Bytes looked at. */
const looked = 1024 * 1024;

/** Null when the file is not text. An empty file is text: reading it says that it is empty. */
export async function surveyText(effects: ConnectorEffects, as?: TextEncoding): Promise<Survey | null> {
  const start = await beginning(effects);
  const encoding = as ?? encodingOf(start);
  if (encoding === null) {
    if (controls(start)) return null;
    // Text in an encoding that is not read here. To take it for one that is would make wrong characters of it without an error.
    const at = strangeIn(chineseReadings(start)[0]);
    throw new ConnectorRefusal(
      'wrong-encoding',
      `neither UTF-8 nor, it seems, GBK, Big5 or UTF-16: byte ${at} (0x${start[at]?.toString(16)}) is the first that does not fit; save the file as UTF-8`,
      `既不是 UTF-8，也不像 GBK、Big5 或 UTF-16：第 ${at} 字节（0x${start[at]?.toString(16)}）起就不符合；请另存为 UTF-8 后再上传`,
    );
  }
  const text = decoded(start, encoding);
  // A table of Markdown or a printed page would give its marks as data.
  if (isMarkup(text) || isMarkdownTable(text) || text.startsWith('%PDF-')) return null;
  const { delimiter, said } = delimiterOf(text);
  return {
    settings: { delimiter },
    encoding,
    sheets: [],
    said: [
      { zh: `文本文件，编码 ${encoding}`, en: `a text file in ${encoding}` },
      ...(as === undefined ? doubtOf(start, encoding) : []),
      said,
    ],
  };
}

/** What is said where the text is Chinese in two encodings. */
export function doubtOf(start: Buffer, encoding: TextEncoding): Survey['said'] {
  if (encoding !== 'gb18030' && encoding !== 'big5') return [];
  const readings = chineseReadings(start);
  if (!isDoubtful(readings)) return [];
  const [best, other] = readings.map((r) => (r.encoding === 'big5' ? 'Big5' : 'GBK')) as [string, string];
  return [
    {
      zh: `按 ${best} 读，没有把握：按 ${other} 也读得通，请核对文字是否正确`,
      en: `read as ${best}, which is not sure: ${other} would do as well, please look whether the words are right`,
    },
  ];
}

/** The text of a file's beginning in the encoding that its bytes have; empty for what is no text. */
export function textOf(bytes: Buffer): string {
  const encoding = encodingOf(bytes);
  return encoding === null ? '' : decoded(bytes, encoding);
}

const decoded = (bytes: Buffer, encoding: TextEncoding): string =>
  new TextDecoder(encoding).decode(bytes.subarray(0, bytes.length - (bytes.length % 2)), { stream: true });

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
  const [likelier] = chineseReadings(bytes);
  if (mayBe(likelier)) return likelier.encoding;
  const rest = withoutDamaged(bytes);
  return rest === null ? null : encodingOf(rest);
}

/**
 * GBK without the lines that it cannot read, where they are few: the reader refuses those. Null where more are, or none is, or where nothing but
 * ASCII is left, which says nothing of the encoding.
 */
function withoutDamaged(bytes: Buffer): Buffer | null {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const kept: Buffer[] = [];
  let lines = 0;
  for (let from = 0; from < bytes.length; lines++) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
    from += line.length;
    try {
      decoder.decode(line);
      kept.push(line);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (end < 0) kept.push(Buffer.alloc(0));
    }
  }
  const damaged = lines - kept.length;
  const rest = Buffer.concat(kept);
  return damaged > 0 && isDamage(damaged, lines) && rest.some((byte) => byte >= 0x80) ? rest : null;
}

/** UTF-8 but for a few bytes: the reader says which. */
function isDamagedUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const damaged = text.split('\ufffd').length - 1;
  let read = 0;
  for (const char of text) if (char > '\u07ff' && char !== '\ufffd') read++;
  return read > 20 * damaged;
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

/** True where a hundredth of the bytes are control characters: a program, a picture, an archive. U+0001 may be the delimiter. */
function controls(bytes: Buffer): boolean {
  let count = 0;
  for (const byte of bytes) if (byte < 32 && byte !== 1 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 26) count++;
  return count > 2 + bytes.length / 100;
}

/** Whether a row of dashes between bars stands below the header: `| --- | ---: |`. */
const isMarkdownTable = (text: string): boolean => /^[ \t]*\|([ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*$/m.test(text.slice(0, 65_536));
