/** JSON bodies: what cannot be stored as it is, or is nested beyond all need, is turned away before a schema or a table sees it. */
import { isUtf8 } from 'node:buffer';
import { defineErrors, Refusal } from '../errors.ts';

defineErrors({
  TEXT_HAS_NUL: {
    status: 400,
    zh: '内容里有空字符（NUL）',
    en: 'The text holds a NUL character',
    hint: { zh: '请去掉它后重新提交。', en: 'Remove it and submit again.' },
  },
  TEXT_NOT_UNICODE: {
    status: 400,
    zh: '内容里有不成字符的部分：不是 UTF-8 的字节，或不成对的代理项',
    en: 'The text holds what is no character: bytes that are not UTF-8, or half of a surrogate pair',
    hint: { zh: '请以 UTF-8 编码重新提交。', en: 'Encode it as UTF-8 and submit again.' },
  },
  BODY_TOO_DEEP: {
    status: 400,
    zh: '内容嵌套超过 {levels} 层',
    en: 'The body is nested deeper than {levels} levels',
    hint: { zh: '请减少嵌套后重新提交。', en: 'Nest it less and submit again.' },
  },
});

/** The deepest document of our own has 36 levels; what PostgreSQL and JavaScript can hold is some thousands. */
const deepest = 200;

/** A body's text. @throws Refusal TEXT_NOT_UNICODE, BODY_TOO_DEEP */
export function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Refusal('TEXT_NOT_UNICODE');
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) quoted = !quoted;
    else if (quoted) i += Number(byte === backslash);
    else if (byte === brace || byte === bracket) depth++;
    else if (byte === brace + 2 || byte === bracket + 2) depth--;
    if (depth > deepest) throw new Refusal('BODY_TOO_DEEP', { levels: deepest });
  }
  return bytes.toString('utf8');
}

const [quote, backslash, bracket, brace] = [34, 92, 91, 123];

/**
 * Holds every text of a parsed body against what PostgreSQL can store. `text` is what it was parsed from: where it has no escape that could
 * be one of those, nothing is looked at. @throws Refusal TEXT_HAS_NUL, TEXT_NOT_UNICODE
 */
export function demandStorable(value: unknown, text: string): void {
  if (/\\u(?:0000|[dD][89a-fA-F])|\0/.test(text)) demandTexts(value);
}

function demandTexts(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new Refusal('TEXT_HAS_NUL');
    if (!value.isWellFormed()) throw new Refusal('TEXT_NOT_UNICODE');
  } else if (typeof value === 'object' && value !== null)
    for (const part of Object.entries(value)) for (const side of part) demandTexts(side);
}
