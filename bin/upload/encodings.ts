/** Encodings of text files as people call them on the command line. */
import type { TextEncoding } from '#declare';
import { Refusal } from '#kernel/errors';
import './errors.ts';

const encodings: Readonly<Record<string, TextEncoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  gb18030: 'gb18030',
  big5: 'big5',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
};

/** The encoding of this name. @throws Refusal UPLOAD_ENCODING_UNKNOWN */
export function encodingNamed(name: string): TextEncoding {
  const found = encodings[name.toLowerCase()];
  if (!found) throw new Refusal('UPLOAD_ENCODING_UNKNOWN', { encoding: name, known: Object.keys(encodings).join(', ') });
  return found;
}
