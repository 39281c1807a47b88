/** The parts of an .xlsx file (ECMA-376 part 2, Open Packaging Conventions) and the guards against a hostile archive. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ConnectorRefusal } from '#declare/connector';

/** What an archive may ask for. Real workbooks stay far below; a zip bomb does not. */
export const workbookLimits = {
  entries: 10_000,
  /** All parts together, unpacked: 2 GiB. */
  unpacked: 2 * 1024 ** 3,
  /** Parts read whole into memory (shared strings), unpacked: 512 MiB. */
  strings: 512 * 1024 ** 2,
  /** Unpacked to packed size of a part of more than 16 MiB. */
  ratio: 250,
  ratioFrom: 16 * 1024 ** 2,
} as const;

/** Handlers for one part, called in document order. Names come without their namespace prefix. */
export interface PartHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>, selfClosing: boolean): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** A workbook opened for reading. Parts are found by name inside the archive; no path of the archive ever reaches the file system. */
export interface Workbook {
  has(part: string): boolean;
  /** Unpacked bytes of a part. */
  size(part: string): number;
  /** Parses a part piece by piece: after each yielded piece the handlers have been called for it; the number is the bytes done. */
  parse(part: string, handlers: PartHandlers): AsyncGenerator<number>;
  /** The XML of a part as it stands, piece by piece; what a part says at its end can be looked for without parsing all of it. */
  text(part: string): AsyncGenerator<string>;
  close(): void;
}

/**
 * Opens a workbook after looking at what it is. Refuses: `encrypted` (a password-protected workbook), `not-a-workbook` (no zip archive, the
 * binary .xls format, an archive with two parts of one name), `too-large` (see `workbookLimits`).
 */
export async function openWorkbook(path: string): Promise<Workbook> {
  await lookAtStart(path);
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }).catch((cause: Error) => {
    throw new ConnectorRefusal(
      'not-a-workbook',
      `the zip archive cannot be opened: ${cause.message}`,
      '压缩包打不开：文件损坏、没有传完整，或者不是 XLSX',
    );
  });
  try {
    const entries = await entriesOf(zip);
    return {
      has: (part) => entries.has(part.toLowerCase()),
      size: (part) => entries.get(part.toLowerCase())?.uncompressedSize ?? 0,
      parse: (part, handlers) => parse(zip, entries.get(part.toLowerCase()), part, handlers),
      text: (part) => textOf(zip, entries.get(part.toLowerCase()), part),
      close: () => zip.close(),
    };
  } catch (cause) {
    zip.close();
    throw cause;
  }
}

/** Parses a small part to its end. */
export async function parseWhole(workbook: Workbook, part: string, handlers: PartHandlers): Promise<void> {
  for await (const _ of workbook.parse(part, handlers));
}

async function lookAtStart(path: string): Promise<void> {
  const start = await startOf(path, 8);
  if (isCompound(start)) {
    if (await isEncryptedWorkbook(path))
      throw new ConnectorRefusal('encrypted', 'the workbook is protected by a password', '工作簿设有打开密码');
    throw new ConnectorRefusal(
      'not-a-workbook',
      'the file is a binary .xls workbook; save it as .xlsx',
      '这是旧版 .xls 工作簿，请另存为 .xlsx',
    );
  }
  if (start.toString('latin1', 0, 2) !== 'PK')
    throw new ConnectorRefusal('not-a-workbook', 'the file is no zip archive', '文件不是 zip 压缩包');
}

/** The first bytes of a file. */
export async function startOf(path: string, length: number): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** True for a compound file (MS-CFB): a legacy workbook, or the envelope of an encrypted one. */
export const isCompound = (start: Buffer): boolean =>
  start.subarray(0, 8).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]));

/** True for a compound file that wraps an encrypted workbook (MS-OFFCRYPTO 2.3.4.4). */
export const isEncryptedWorkbook = (path: string): Promise<boolean> => holds(path, Buffer.from('EncryptedPackage', 'utf16le'));

async function holds(path: string, mark: Buffer): Promise<boolean> {
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const window = Buffer.concat([tail, chunk]);
    if (window.includes(mark)) return true;
    tail = window.subarray(Math.max(0, window.length - mark.length));
  }
  return false;
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > workbookLimits.entries)
    throw new ConnectorRefusal('too-large', `the archive has ${zip.entryCount} parts`, `压缩包里有 ${zip.entryCount} 个部件`);
  let unpacked = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName.toLowerCase().replace(/^\//, '');
      if (entry.isEncrypted()) throw new ConnectorRefusal('encrypted', 'the zip archive is protected by a password', '压缩包设有密码');
      if (entries.has(name))
        throw new ConnectorRefusal('not-a-workbook', `the archive has two parts ${name}`, `压缩包里有两个同名部件 ${name}`);
      unpacked += entry.uncompressedSize;
      if (unpacked > workbookLimits.unpacked)
        throw new ConnectorRefusal(
          'too-large',
          `the archive unpacks to more than ${workbookLimits.unpacked} bytes`,
          `压缩包展开后超过 ${workbookLimits.unpacked} 字节`,
        );
      if (entry.uncompressedSize > workbookLimits.ratioFrom && entry.uncompressedSize > entry.compressedSize * workbookLimits.ratio) {
        throw new ConnectorRefusal(
          'too-large',
          `part ${name} unpacks to more than ${workbookLimits.ratio} times its size`,
          `部件 ${name} 展开后超过其大小的 ${workbookLimits.ratio} 倍`,
        );
      }
      entries.set(name, entry);
    }
  } catch (cause) {
    throw broken('the archive', cause);
  }
  return entries;
}

async function* parse(zip: ZipFile, entry: Entry | undefined, part: string, handlers: PartHandlers): AsyncGenerator<number> {
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('doctype', () => {
    throw new Error('a document type declaration has no place in a workbook');
  });
  parser.on('opentag', (tag: SaxesTagPlain) => handlers.open(local(tag.name), tag.attributes, tag.isSelfClosing));
  if (handlers.close !== undefined) {
    const close = handlers.close.bind(handlers);
    parser.on('closetag', (tag: SaxesTagPlain) => close(local(tag.name)));
  }
  if (handlers.text !== undefined) {
    const text = handlers.text.bind(handlers);
    parser.on('text', text);
    parser.on('cdata', text);
  }
  let done = 0;
  try {
    for await (const { text, bytes } of decoded(zip, entry, part)) {
      parser.write(text);
      done += bytes;
      yield done;
    }
    parser.close();
    yield done;
  } catch (cause) {
    throw broken(`part ${part}`, cause);
  }
}

async function* textOf(zip: ZipFile, entry: Entry | undefined, part: string): AsyncGenerator<string> {
  try {
    for await (const { text } of decoded(zip, entry, part)) yield text;
  } catch (cause) {
    throw broken(`part ${part}`, cause);
  }
}

async function* decoded(zip: ZipFile, entry: Entry | undefined, part: string): AsyncGenerator<{ text: string; bytes: number }> {
  if (entry === undefined) throw new ConnectorRefusal('not-a-workbook', `the archive has no part ${part}`, `压缩包里没有部件 ${part}`);
  const stream = await zip.openReadStreamPromise(entry);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(xmlEncoding(chunk), { fatal: true });
    yield { text: decoder.decode(chunk, { stream: true }), bytes: chunk.length };
  }
  yield { text: decoder?.decode() ?? '', bytes: 0 };
}

/** XML is UTF-8 or UTF-16 (XML 1.0 appendix F); workbooks use no other encoding. */
function xmlEncoding(start: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const first = start.length < 2 ? 0 : start.readUInt16BE(0);
  if (first === 0xfffe || first === 0x3c00) return 'utf-16le';
  return first === 0xfeff || first === 0x003c ? 'utf-16be' : 'utf-8';
}

const local = (name: string): string => {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
};

function broken(what: string, cause: unknown): unknown {
  if (cause instanceof ConnectorRefusal || !(cause instanceof Error)) return cause;
  // A programming mistake of ours is not the file's fault; the decoder's TypeError carries a code.
  if ((cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError) && !('code' in cause)) return cause;
  return new ConnectorRefusal('not-a-workbook', `${what} cannot be read: ${cause.message}`, `${what} 读不出来（${cause.message}）`);
}
