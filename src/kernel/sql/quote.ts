/** Writing names and constant text into SQL so that no engine can read them as anything else. */

import { ExprError } from '#declare/expr/index';

/** The engines that SQL is spelled for. */
export const ENGINES = ['duckdb', 'postgres', 'trino'] as const;
export type Engine = (typeof ENGINES)[number];

/** PostgreSQL cuts longer names silently. */
const LONGEST_POSTGRES_NAME = 63;

/**
 * A name, always in double quotes. Refused: the empty name, NUL, unpaired surrogates and, on PostgreSQL, more than 63 bytes of UTF-8.
 * DuckDB and Trino still fold case when they look a name up: two names that differ in case only are one name there.
 */
export function identifier(engine: Engine, name: string): string {
  if (name === '') throw new ExprError({ zh: '名称不能为空', en: 'a name must not be empty' });
  if (engine === 'postgres' && Buffer.byteLength(name) > LONGEST_POSTGRES_NAME)
    throw new ExprError({ zh: `名称“${name}”超过63字节`, en: `the name "${name}" is longer than 63 bytes` });
  return `"${storable(name).replaceAll('"', '""')}"`;
}

/**
 * Constant text. A quote is doubled; where PostgreSQL's reading of a backslash would depend on a setting, its E'' form is written.
 * Refused: NUL and unpaired surrogates.
 */
export function literal(engine: Engine, text: string): string {
  const quoted = `'${storable(text).replaceAll("'", "''")}'`;
  return engine === 'postgres' && text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

function storable(text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  throw new ExprError({ zh: '文本不得含空字符（U+0000）或不成对的代理项', en: 'text must not contain NUL or an unpaired surrogate' });
}
