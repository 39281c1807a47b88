/**
 * How Trino (476 and later) spells each node. Numbers are kept as decimal(38,16) and computed as decimal(27,10). The text is produced, not executed, where no Trino runs.
 * Trino reads an operand once with a lambda over an array of one, its only way to give an expression a name.
 */

import { DATE_MARKS, dayPattern, LAST_DAY } from '#declare/expr/day';
import { KEPT_PRECISION, KEPT_SCALE, NUMBER_GRAMMAR, PRECISION, SCALE } from '#declare/expr/decimal';
import { type Expr, spellPattern } from '#declare/expr/index';
import { FIRST_WALL, LAST_WALL, OFFSET_GRAMMAR, WALL_GRAMMAR } from '#declare/expr/instant';
import { LONGEST, MOST_REPEATS, WHITE_SPACE } from '#declare/expr/words';
import { STANDARD_OFFSET } from '#declare/expr/zone';
import { checkCharacterPattern, weightedSum } from './checksum.ts';
import type { ColumnTypes, Spelling, Spellings } from './spelling.ts';
import { constantWhole, kept, withAbsent } from './spelling.ts';
import { STANDARD } from './standard.ts';
import { inListAt } from './validity.ts';
import { firstOffset, offsetByUtc, offsetByWall, offsetTextByUtc } from './zone.ts';

export const TRINO_TYPES: ColumnTypes = {
  text: 'varchar',
  number: `decimal(${KEPT_PRECISION},${KEPT_SCALE})`,
  date: 'date',
  instant: 'timestamp(6) with time zone',
  boolean: 'boolean',
};

const NUMBER = `decimal(${PRECISION},${SCALE})`;
const number = (sql: string): string => `cast(${sql} as ${NUMBER})`;
const bounded = (sql: string): string => `try_cast(${sql} as ${NUMBER})`;
const DECIMALS = '\\.0{10}';
const EPOCH = "date '0001-01-01'";
/** JONI's $ also matches before a final line break. */
const anchored = (pattern: string): string => `\\A${pattern}\\z`;
const named = (operands: readonly string[], body: string): string =>
  `element_at(transform(array[row(${operands.join(', ')})], v -> ${body}), 1)`;

export const TRINO: Spellings = {
  ...STANDARD,
  column: (e, s) => (e.type === 'number' ? bounded(s.column(e.name)) : s.column(e.name)),
  text: (e, s) => `cast(${s.text(e.value)} as varchar)`,
  number: (e) => number(`decimal '${e.value}'`),

  inListAt: (e, s) => inListAt(e, s),
  matches: (e, s) => withAbsent(`regexp_like(${s.of(e.of)}, ${s.text(spellPattern(e.pattern, 'trino'))})`, e.absent),
  checksum: (e, s) => {
    const value = (position: number): string => `(strpos(${s.text(e.alphabet)}, substr(v[1], ${position}, 1)) - 1)`;
    const fits = `substr(${s.text(e.checkAlphabet)}, mod(${weightedSum(e, value)}, ${e.modulus}) + 1, 1) = substr(v[1], -1)`;
    const body = `case regexp_like(v[1], ${s.text(checkCharacterPattern(e, 'trino'))}) when true then ${fits} when false then false end`;
    return withAbsent(named([s.of(e.of)], body), e.absent);
  },

  slice: (e, s) => `substr(${s.of(e.of)}, ${whole(e.from, 1, LONGEST, s)}, ${whole(e.length, 0, LONGEST, s)})`,
  len: (e, s) => number(`length(${s.of(e.of)})`),
  trim: (e, s) => `trim(both ${s.text(WHITE_SPACE)} from ${s.of(e.of)})`,
  indexOf: (e, s) => number(`strpos(${s.of(e.of)}, ${s.of(e.part)})`),
  // repeat() makes arrays of at most 10,000; rpad fills the empty text instead.
  repeatText: (e, s) => {
    const times = whole(e.times, 0, MOST_REPEATS, s);
    return e.text === '' ? `substr('', ${times} + 1)` : `rpad('', ${[...e.text].length} * ${times}, ${s.text(e.text)})`;
  },
  padStart: (e, s) => `lpad(${s.of(e.of)}, greatest(${e.length}, length(${s.of(e.of)})), ${s.text(e.pad)})`,

  plus: (e, s) => bounded(`${s.of(e.left)} + ${s.of(e.right)}`),
  minus: (e, s) => bounded(`${s.of(e.left)} - ${s.of(e.right)}`),
  times: (e, s) => `try(cast(${s.of(e.left)} * ${s.of(e.right)} as ${NUMBER}))`,
  // The scale of Trino's own / changed between versions: an exact division of units with one digit more, which the cast then rounds.
  div: (e, s) => {
    const quotient = '(v[1] - mod(v[1], nullif(v[2], 0))) / nullif(v[2], 0)';
    const operands = [`${units(s.of(e.left))} * decimal '100000000000'`, units(s.of(e.right))];
    return named(operands, `try(cast(cast(${quotient} as decimal(38,0)) * decimal '0.00000000001' as ${NUMBER}))`);
  },
  mod: (e, s) => number(`mod(${s.of(e.left)}, nullif(${s.of(e.right)}, 0))`),
  round: (e, s) => bounded(`round(${s.of(e.of)}, ${e.scale})`),
  floor: (e, s) => bounded(`floor(${s.of(e.of)})`),
  abs: (e, s) => `abs(${s.of(e.of)})`,
  toNumber: (e, s) => bounded(`regexp_extract(${s.of(e.of)}, ${s.text(anchored(NUMBER_GRAMMAR))})`),
  numberText: (e, s) => `regexp_replace(cast(${kept(e.of, s)} as varchar), '\\.?0+\\z', '')`,

  toDate: (e, s) => {
    const found = `regexp_extract(${s.of(e.of)}, ${s.text(anchored(dayPattern(DATE_MARKS[e.format])))})`;
    if (e.format === 'YYYY-MM-DD') return `try_cast(${found} as date)`;
    return `try_cast(regexp_replace(${found}, '\\A([0-9]{4})[^0-9]?([0-9]{2})[^0-9]?([0-9]{2}).?\\z', '$1-$2-$3') as date)`;
  },
  dateOf: (e, s) => {
    const part = (expr: Expr, lead: number): string => `cast(${s.of(expr)} + decimal '${lead}' as varchar)`;
    const written = `${part(e.year, 10000)} || '-' || ${part(e.month, 100)} || '-' || ${part(e.day, 100)}`;
    const found = `regexp_extract(${written}, ${s.text(anchored(dayPattern([`${DECIMALS}-`, `${DECIMALS}-`, DECIMALS], '1')))})`;
    return `try_cast(regexp_replace(${found}, '\\A1([0-9]{4})[.]0+-1([0-9]{2})[.]0+-1([0-9]{2})[.]0+\\z', '$1-$2-$3') as date)`;
  },
  year: (e, s) => number(`year(${s.of(e.of)})`),
  month: (e, s) => number(`month(${s.of(e.of)})`),
  day: (e, s) => number(`day(${s.of(e.of)})`),
  dateText: (e, s) => `cast(${s.of(e.of)} as varchar)`,
  addDays: (e, s) => {
    const days = `cast(date_diff('day', ${EPOCH}, ${s.of(e.of)}) as ${NUMBER}) + floor(${s.of(e.days)})`;
    return `date_add('day', cast(element_at(filter(array[${days}], d -> d between 0 and ${LAST_DAY}), 1) as bigint), ${EPOCH})`;
  },
  daysBetween: (e, s) => number(`date_diff('day', ${s.of(e.from)}, ${s.of(e.to)})`),
  wholeYears: (e, s) => number(`floor((${compact(s.of(e.to))} - ${compact(s.of(e.from))}) / 1e4)`),

  toInstant: (e, s) => {
    const text = `regexp_extract(${s.of(e.of)}, ${s.text(anchored(`${WALL_GRAMMAR}(?:${OFFSET_GRAMMAR})?`))})`;
    const wall = `regexp_extract(v[1], '\\A.{19}(?:[.][0-9]+)?')`;
    const parsed = named([text], `row(try_cast(replace(${wall}, 'T', ' ') as timestamp(6)), substr(v[1], length(${wall}) + 1))`);
    const part = (from: number): string => `try_cast('0' || substr(v[1][2], ${from}, 2) as bigint)`;
    const written = `(case when starts_with(v[1][2], '-') then -1 else 1 end) * (${part(2)} * 3600 + ${part(5)} * 60 + ${part(8)})`;
    const seconds = `case v[1][2] when '' then ${offsetByWall('v[1][1]')} when 'Z' then 0 else ${written} end`;
    const inYears = `v[1] >= timestamp '${FIRST_WALL}' - interval '${firstOffset}' second and v[1] < timestamp '${LAST_WALL}' - interval '${STANDARD_OFFSET - 1}' second`;
    const utc = named([parsed], `date_add('second', -(${seconds}), v[1][1])`);
    return named([utc], `case when ${inYears} then with_timezone(v[1], 'UTC') end`);
  },
  instantText: (e, s) =>
    named(
      [utcOf(s.of(e.of))],
      `regexp_replace(replace(cast(${localOf('v[1]')} as varchar), ' ', 'T'), '\\.?0+\\z', '') || ${offsetTextByUtc('v[1]')}`,
    ),
  instantDay: (e, s) => named([utcOf(s.of(e.of))], `cast(${localOf('v[1]')} as date)`),
};

/** UTC as a timestamp without zone. */
const utcOf = (instant: string): string => `cast(${instant} at time zone 'UTC' as timestamp(6))`;
const localOf = (utc: string): string => `date_add('second', ${offsetByUtc(utc)}, ${utc})`;

function whole(expr: Expr, least: number, most: number, s: Spelling): string {
  const constant = constantWhole(expr, least, most);
  if (constant !== undefined) return constant;
  return `try_cast(greatest(floor(${s.of(expr)}), ${least}) as ${most === LONGEST ? 'integer' : 'smallint'})`;
}

function units(sql: string): string {
  return `cast(${sql} * decimal '10000000000' as decimal(27,0))`;
}

function compact(date: string): string {
  return `cast(replace(cast(${date} as varchar), '-', '') as integer)`;
}
