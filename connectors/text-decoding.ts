/** Strict decoding of a delivered text file: every byte must belong to the declared encoding, and what comes out is UTF-8. */
import { isUtf8 } from 'node:buffer';
import { ConnectorRefusal, type TextEncoding } from '#declare/connector';

/** Longest stretch without a line break: 8 MiB. A longer one is no line of a table and would have to be held in memory as a whole. */
export const longestLine = 8 * 1024 * 1024;

/** From so many three-byte characters on, a file declared GB18030 that is valid UTF-8 to its last byte is taken for UTF-8. */
const utf8Evidence = 4;

/**
 * Yields the file as UTF-8 without a byte order mark, in blocks that never cut a character. `told` is called with the bytes read so far.
 * Refuses with `wrong-encoding`, naming the byte offset: bytes the encoding does not have (never a replacement character instead),
 * a byte order mark of another encoding, and a file declared GB18030 that is UTF-8 throughout (short Chinese texts may be valid in both,
 * whole tables are not: GB18030 would read them as other, wrong characters without an error). `byLine`: where few lines hold such bytes, each of
 * them becomes NUL, so that the reader of records refuses its line and no other.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  told: (bytes: number) => void,
  byLine = false,
): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let read = 0;
  let opened = false;
  const decoder = byLine ? lineByLine(encoding) : decoderOf(encoding);
  for await (const chunk of chunks) {
    read += chunk.length;
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let block = rest.length === 0 ? part : Buffer.concat([rest, part]);
    if (!opened) {
      if (block.length < 4) {
        rest = block;
        continue;
      }
      block = block.subarray(markLength(block, encoding));
      opened = true;
    }
    const whole = decoder.wholeCharacters(block);
    rest = block.subarray(whole);
    if (rest.length > longestLine)
      throw new ConnectorRefusal(
        'too-large',
        `no line break in ${rest.length} bytes before byte ${read}`,
        `到第 ${read} 字节为止，连续 ${rest.length} 字节没有换行`,
      );
    if (whole > 0) yield decoder.toUtf8(block.subarray(0, whole), read - block.length);
    told(read);
  }
  if (!opened) rest = rest.subarray(markLength(rest, encoding));
  if (rest.length > 0) yield decoder.toUtf8(rest, read - rest.length);
  decoder.end();
}

interface BlockDecoder {
  /** How many leading bytes of the block surely end with a whole character. */
  wholeCharacters(block: Buffer): number;
  /** UTF-8 of a block of whole characters that begins at byte `offset` of the file. */
  toUtf8(block: Buffer, offset: number): Buffer;
  /** Told that the file ended; refuses what only the whole file shows. */
  end(): void;
}

const marks: readonly (readonly [TextEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

function markLength(start: Buffer, encoding: TextEncoding): number {
  const found = marks.find(([, mark]) => mark.every((byte, i) => start[i] === byte));
  if (found === undefined) return 0;
  if (found[0] !== encoding)
    throw new ConnectorRefusal(
      'wrong-encoding',
      `declared ${encoding}, but byte 0 begins the byte order mark of ${found[0]}`,
      `声明为 ${encoding}，但文件以 ${found[0]} 的字节序标记开头`,
    );
  return found[1].length;
}

function decoderOf(encoding: TextEncoding): BlockDecoder {
  if (encoding === 'utf-8') return utf8;
  if (encoding === 'gb18030') return gb18030();
  if (encoding === 'big5') return big5;
  return utf16(encoding);
}

const utf8: BlockDecoder = {
  wholeCharacters(block) {
    let lead = block.length - 1;
    while (lead > block.length - 4 && lead > 0 && (block[lead] as number) >> 6 === 2) lead--;
    const first = block[lead] ?? 0;
    const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    return lead + length > block.length ? lead : block.length;
  },
  toUtf8(block, offset) {
    if (isUtf8(block)) return block;
    throw unreadable('utf-8', block, offset, decodes('gb18030', block) ? '; the file can be read as gb18030' : '');
  },
  end() {},
};

function gb18030(): BlockDecoder {
  const decoder = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true });
  let alsoUtf8 = true;
  let threeByte = 0;
  return {
    // A line feed is never part of a longer GB18030 character (trail bytes start at 0x30), any other place may be.
    wholeCharacters: (block) => block.lastIndexOf(10) + 1,
    toUtf8(block, offset) {
      alsoUtf8 &&= isUtf8(block);
      for (let i = 0; alsoUtf8 && threeByte < utf8Evidence && i < block.length; i++) if ((block[i] as number) >> 4 === 0xe) threeByte++;
      try {
        return Buffer.from(decoder.decode(block));
      } catch {
        throw unreadable('gb18030', block, offset, alsoUtf8 ? '; the file can be read as utf-8' : '');
      }
    },
    end() {
      if (alsoUtf8 && threeByte >= utf8Evidence)
        throw new ConnectorRefusal(
          'wrong-encoding',
          'declared gb18030, but the whole file is valid utf-8',
          '声明为 gb18030，但整个文件都是 utf-8',
        );
    },
  };
}

/** The decoder lets two bytes through that begin no character (ICU, windows-950): 0x80, and 0xff as U+F8F8. */
function strictBig5(block: Buffer, stream: boolean): string {
  const text = new TextDecoder('big5', { fatal: true, ignoreBOM: true }).decode(block, { stream });
  if (/[\u0080\uf8f8\ufffd]/u.test(text)) throw new TypeError('a byte that begins no character of Big5');
  return text;
}

const big5: BlockDecoder = {
  // No character of Big5 holds a line feed either: its trail bytes start at 0x40.
  wholeCharacters: (block) => block.lastIndexOf(10) + 1,
  toUtf8(block, offset) {
    try {
      return Buffer.from(strictBig5(block, false));
    } catch {
      throw unreadable('big5', block, offset, isUtf8(block) ? '; the file can be read as utf-8' : '');
    }
  },
  end() {},
};

function utf16(encoding: 'utf-16le' | 'utf-16be'): BlockDecoder {
  return {
    wholeCharacters(block) {
      const even = block.length - (block.length % 2);
      if (even < 2) return 0;
      const last = encoding === 'utf-16le' ? block.readUInt16LE(even - 2) : block.readUInt16BE(even - 2);
      return last >> 10 === 0x36 ? even - 2 : even;
    },
    toUtf8(block, offset) {
      const text = block.length % 2 === 0 ? (encoding === 'utf-16le' ? block : Buffer.from(block).swap16()).toString('utf16le') : null;
      if (text?.isWellFormed()) return Buffer.from(text);
      throw unreadable(encoding, block, offset, '');
    },
    end() {},
  };
}

/**
 * Whether so many lines with strange bytes are damage, and not a sign of another encoding: a hundredth of the lines, or up to three of a short file
 * that are a tenth of it at most.
 */
export const isDamage = (damaged: number, lines: number): boolean => damaged <= Math.max(lines / 100, Math.min(3, lines / 10));

/** So many strange bytes are no damage, whatever the size of the file; each costs a search. */
const mostStrange = 2000;

/** Reads what the encoding has, and NUL in the place of what it has not, as long as few lines are concerned. */
function lineByLine(encoding: TextEncoding): BlockDecoder {
  const decoder = decoderOf(encoding);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return decoder;
  let first: ConnectorRefusal | null = null;
  // Lines are counted from the first damage on: how many there were before follows from their length.
  let [bytes, counted, lines] = [0, 0, 0];
  let damaged = 0;
  let strange = 0;
  const count = (block: Buffer): void => {
    counted += block.length;
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) lines++;
  };
  return {
    wholeCharacters: (block) => decoder.wholeCharacters(block),
    toUtf8(block, offset) {
      bytes += block.length;
      try {
        if (first) count(block);
        return decoder.toUtf8(block, offset);
      } catch (error) {
        if (!(error instanceof ConnectorRefusal)) throw error;
        if (!first) count(block);
        first ??= error;
        const mended = Buffer.from(block);
        let line = -1;
        for (let good = readableLength(encoding, mended); good < mended.length; good = readableLength(encoding, mended)) {
          if (++strange > mostStrange) throw first;
          const start = good === 0 ? -1 : mended.lastIndexOf(10, good - 1);
          // Of a character that is begun and not ended the first byte goes: what follows is as good as it was.
          let at = good;
          while (good - at < 3 && at > start + 1 && !decodesWhole(encoding, mended.subarray(start + 1, at))) at--;
          mended[at] = 0;
          if (start !== line || damaged === 0) damaged++;
          line = start;
        }
        return decoder.toUtf8(mended, offset);
      }
    },
    end() {
      // The last line may have no line break.
      if (first && !isDamage(damaged, ((lines + 1) / counted) * bytes)) throw first;
      decoder.end();
    },
  };
}

const decodesWhole = (encoding: TextEncoding, block: Buffer): boolean => decodes(encoding, block, false);

function decodes(encoding: TextEncoding, block: Buffer, stream = true): boolean {
  try {
    if (encoding === 'big5') strictBig5(block, stream);
    else new TextDecoder(encoding, { fatal: true }).decode(block, { stream });
    return true;
  } catch {
    return false;
  }
}

/** How much of the block can be read: a prefix decodes as long as it ends before the first byte that cannot. */
function readableLength(encoding: TextEncoding, block: Buffer): number {
  if (decodesWhole(encoding, block)) return block.length;
  let good = 0;
  let bad = block.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(encoding, block.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function unreadable(encoding: TextEncoding, block: Buffer, offset: number, guess: string): ConnectorRefusal {
  const good = readableLength(encoding, block);
  return new ConnectorRefusal(
    'wrong-encoding',
    `read as ${encoding}, byte ${offset + good} of the file makes no character${guess}`,
    `按 ${encoding} 读，第 ${offset + good} 字节读不出来${guess === '' ? '' : `；文件可按 ${guess.split(' ').at(-1)} 读出`}`,
  );
}
