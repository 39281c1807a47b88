/** Texts of legacy workbooks in code pages of their time. The library knows few of them and gives a whole file up for one byte that it does not know. */
import { createRequire } from 'node:module';

/** The tables that the library reads by, as far as they are used here; no types come with them. */
const tables = createRequire(import.meta.url)('xlsx/dist/cpexcel.js') as {
  utils: { decode: (page: number, data: string | number[] | Buffer) => string | string[] };
};

/** Code pages (numbers of Windows; 10000 and above are those of the Macintosh) as the platform's decoder calls them. */
const encodings: Readonly<Record<number, string>> = {
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  10001: 'shift_jis',
  10002: 'big5',
  10003: 'euc-kr',
  10007: 'x-mac-cyrillic',
  10008: 'gbk',
  20936: 'gbk',
  52936: 'gbk',
  54936: 'gb18030',
  65001: 'utf-8',
};

/** What stands for bytes that no table reads. In a cell it is NUL, so that the row is refused as one of a wrong encoding and no other. */
const unread = '\0';

/**
 * Makes the library read what it can: a text that its own table of the code page refuses is read by the platform's decoder. A number format is
 * read byte by byte, so that characters of two bytes are lost in it; `lost` is told then.
 */
export function readOldCodePages(lost: () => void): void {
  const own = tables.utils.decode;
  tables.utils.decode = (page, data) => {
    const known = readBy(own, page, data);
    if (known !== null) return known;
    // A single byte is of a number format, given with a zero behind it.
    if (Array.isArray(data)) {
      lost();
      return '\ufffd';
    }
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    const encoding = encodings[page];
    if (encoding === undefined) return bytes.toString('latin1').replace(/[\x80-\xff]/g, unread);
    return new TextDecoder(encoding).decode(bytes).replaceAll('\ufffd', unread);
  };
}

/** What the library's own table makes of a text; null where it gives up or puts a replacement character. */
function readBy(own: typeof tables.utils.decode, page: number, data: string | number[] | Buffer): string | string[] | null {
  try {
    const read = own(page, data);
    // Some tables hold the replacement character with its bytes exchanged; Unicode may hold either by itself.
    return page === 1200 || page === 1201 || !(read.includes('\ufffd') || read.includes('\ufdff')) ? read : null;
  } catch {
    return null;
  }
}
