/** How PostgreSQL (15 and later) spells each node. PostgreSQL has no cast that fails softly: every cast here sees only what was let through. */

import { DATE_MARKS, dayPattern, LAST_DAY } from '#declare/expr/day';
import { KEPT_PRECISION, KEPT_SCALE, NUMBER_GRAMMAR, PRECISION, SCALE } from '#declare/expr/decimal';
import { type Expr, type NodeOf, spellPattern, typeOf } from '#declare/expr/index';
import { FIRST_WALL, LAST_WALL, OFFSET_GRAMMAR, WALL_GRAMMAR } from '#declare/expr/instant';
import { LONGEST, MOST_REPEATS, WHITE_SPACE } from '#declare/expr/words';
import { STANDARD_OFFSET } from '#declare/expr/zone';
import { checkCharacterPattern, isDigits, weightedSum } from './checksum.ts';
import type { ColumnTypes, Spelling, Spellings } from './spelling.ts';
import { constantWhole, kept, withAbsent } from './spelling.ts';
import { comparison, entries, STANDARD } from './standard.ts';
import { inListAt } from './validity.ts';
import { firstOffset, offsetByUtc, offsetByWall, offsetTextByUtc } from './zone.ts';

export const POSTGRES_TYPES: ColumnTypes = {
  text: 'text',
  number: `numeric(${KEPT_PRECISION},${KEPT_SCALE})`,
  date: 'date',
  instant: 'timestamptz',
  boolean: 'boolean',
};

const LIMIT = `1${'0'.repeat(PRECISION - SCALE)}`;
const EPOCH = "date '0001-01-01'";

/** Null when the value left the range. least() skips nulls, so null leaves by the upper bound, and so does NaN. */
const within = (sql: string, below: string, above: string): string =>
  `nullif(nullif(greatest(least(${sql}, ${above}), ${below}), ${above}), ${below})`;
const bounded = (sql: string): string => within(sql, `-${LIMIT}`, LIMIT);
const number = (sql: string): string => `cast(${sql} as numeric)`;

export const POSTGRES: Spellings = {
  ...STANDARD,
  column: (e, s) => (e.type === 'number' ? bounded(`round(${s.column(e.name)}, ${SCALE})`) : s.column(e.name)),
  text: (e, s) => `cast(${s.text(e.value)} as text)`,
  number: (e) => `numeric '${e.value}'`,

  // Equality is the same under every deterministic collation, and an index of the column's own collation stays usable.
  compare: (e, s) => {
    const collated = e.op !== 'eq' && e.op !== 'ne' && typeOf(e.left) === 'text' ? ' collate "C"' : '';
    return comparison(e, kept(e.left, s) + collated, kept(e.right, s));
  },
  inListAt: (e, s) => inListAt(e, s),
  matches: (e, s) => withAbsent(`(${s.of(e.of)} ~ ${s.text(spellPattern(e.pattern, 'postgres'))})`, e.absent),
  checksum: (e, s) => {
    if (e.of.kind === 'column') return checkCharacter(e, s.of(e.of), s);
    return `(select ${checkCharacter(e, '"·"."t"', s)} from (select ${s.of(e.of)} as "t" offset 0) as "·")`;
  },

  slice: (e, s) => `substr(${s.of(e.of)}, ${whole(e.from, 1, LONGEST, s)}, ${whole(e.length, 0, LONGEST, s)})`,
  len: (e, s) => number(`length(${s.of(e.of)})`),
  trim: (e, s) => `btrim(${s.of(e.of)}, ${s.text(WHITE_SPACE)})`,
  indexOf: (e, s) => number(`strpos(${s.of(e.of)}, ${s.of(e.part)})`),
  repeatText: (e, s) => `repeat(${s.text(e.text)}, ${whole(e.times, 0, MOST_REPEATS, s)})`,
  padStart: (e, s) => `lpad(${s.of(e.of)}, greatest(${e.length}, length(${s.of(e.of)})), ${s.text(e.pad)})`,

  // A jsonb constant is searched by halves; a CASE of 3,500 branches took 2.4 s for 100,000 rows (tried).
  mapText: (e, s) => table(s.of(e.of), e.entries, s),
  lookup: (e, s) => table(s.of(e.of), entries(s.env.codeList(e.list), e.give), s),

  plus: (e, s) => bounded(`${s.of(e.left)} + ${s.of(e.right)}`),
  minus: (e, s) => bounded(`${s.of(e.left)} - ${s.of(e.right)}`),
  times: (e, s) => bounded(`round(${s.of(e.left)} * ${s.of(e.right)}, ${SCALE})`),
  // div() cuts towards zero; one digit more than the scale then decides the rounding. The scale PostgreSQL's own / gives depends on its operands.
  div: (e, s) => bounded(`round(div(${s.of(e.left)} * 100000000000, nullif(${s.of(e.right)}, 0)) * 0.00000000001, ${SCALE})`),
  mod: (e, s) => `mod(${s.of(e.left)}, nullif(${s.of(e.right)}, 0))`,
  round: (e, s) => bounded(`round(${s.of(e.of)}, ${e.scale})`),
  floor: (e, s) => bounded(`floor(${s.of(e.of)})`),
  abs: (e, s) => `abs(${s.of(e.of)})`,
  toNumber: (e, s) => number(`substring(${s.of(e.of)} from ${s.text(`^${NUMBER_GRAMMAR}$`)})`),
  numberText: (e, s) => `cast(trim_scale(${kept(e.of, s)}) as text)`,

  toDate: (e, s) => {
    const found = `substring(${s.of(e.of)} from ${s.text(`^${dayPattern(DATE_MARKS[e.format])}$`)})`;
    if (e.format === 'YYYY-MM-DD') return `cast(${found} as date)`;
    return `cast(regexp_replace(${found}, '^([0-9]{4})[^0-9]?([0-9]{2})[^0-9]?([0-9]{2}).?$', ${s.text('\\1-\\2-\\3')}) as date)`;
  },
  // A leading 1 keeps the zeros of each part; the pattern lets only existing days through.
  dateOf: (e, s) => {
    const part = (expr: Expr, lead: number): string => `cast(trim_scale(${s.of(expr)} + ${lead}) as text)`;
    const written = `${part(e.year, 10000)} || '-' || ${part(e.month, 100)} || '-' || ${part(e.day, 100)}`;
    const found = `substring(${written} from ${s.text(`^${dayPattern(['-', '-', ''], '1')}$`)})`;
    return `cast(regexp_replace(${found}, '^1([0-9]{4})-1([0-9]{2})-1([0-9]{2})$', ${s.text('\\1-\\2-\\3')}) as date)`;
  },
  year: (e, s) => number(`extract(year from ${s.of(e.of)})`),
  month: (e, s) => number(`extract(month from ${s.of(e.of)})`),
  day: (e, s) => number(`extract(day from ${s.of(e.of)})`),
  dateText: (e, s) => `to_char(${s.of(e.of)}, 'YYYY-MM-DD')`,
  addDays: (e, s) =>
    `(${EPOCH} + cast(${within(`(${s.of(e.of)} - ${EPOCH}) + floor(${s.of(e.days)})`, '-1', String(LAST_DAY + 1))} as integer))`,
  daysBetween: (e, s) => number(`${s.of(e.to)} - ${s.of(e.from)}`),
  wholeYears: (e, s) => `floor((${compact(s.of(e.to))} - ${compact(s.of(e.from))}) / 10000.0)`,

  // The zone of the session has no say: every step is over UTC or a wall clock without zone, by the zone setting's own table.
  toInstant: (e, s) => {
    const text = `substring(${s.of(e.of)} from ${s.text(`^${WALL_GRAMMAR}(?:${OFFSET_GRAMMAR})?$`)})`;
    const wall = `substring(${T} from ${s.text('^.{19}(?:[.][0-9]+)?')})`;
    const part = (from: number): string => `cast('0' || substr("·"."o", ${from}, 2) as integer)`;
    const written = `(case when starts_with("·"."o", '-') then -1 else 1 end) * (${part(2)} * 3600 + ${part(5)} * 60 + ${part(8)})`;
    const seconds = `case "·"."o" when '' then ${offsetByWall('"·"."w"')} when 'Z' then 0 else ${written} end`;
    const parsed = `select cast(${wall} as timestamp) as "w", substr(${T}, length(${wall}) + 1) as "o" from (select ${text} as "t" offset 0) as "·" offset 0`;
    const utc = `select "·"."w" - (${seconds}) * interval '1 second' as "u" from (${parsed}) as "·" offset 0`;
    const inYears = `"·"."u" >= timestamp '${FIRST_WALL}' - interval '${firstOffset} seconds' and "·"."u" < timestamp '${LAST_WALL}' - interval '${STANDARD_OFFSET - 1} seconds'`;
    return `(select case when ${inYears} then "·"."u" at time zone 'UTC' end from (${utc}) as "·")`;
  },
  instantText: (e, s) =>
    withUtc(s.of(e.of), `rtrim(rtrim(to_char(${localOf(T)}, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || ${offsetTextByUtc(T)}`),
  instantDay: (e, s) => withUtc(s.of(e.of), `cast(${localOf(T)} as date)`),
};

/** A value that a subselect holds. */
const T = '"·"."t"';
/** Something about an instant that stands as UTC in `T`. */
const withUtc = (instant: string, about: string): string =>
  `(select ${about} from (select ${instant} at time zone 'UTC' as "t" offset 0) as "·")`;
const localOf = (utc: string): string => `(${utc} + ${offsetByUtc(utc)} * interval '1 second')`;

/** A position or count as integer, cut down, no lower than the least, null above the most; null itself leaves above. */
function whole(expr: Expr, least: number, most: number, s: Spelling): string {
  const constant = constantWhole(expr, least, most);
  if (constant !== undefined) return constant;
  return `cast(nullif(greatest(least(floor(${s.of(expr)}), ${most + 1}), ${least}), ${most + 1}) as integer)`;
}

function compact(date: string): string {
  return `cast(to_char(${date}, 'YYYYMMDD') as integer)`;
}

function checkCharacter(e: NodeOf<'checksum'>, t: string, s: Spelling): string {
  const value = (position: number): string =>
    isDigits(e) ? `(ascii(substr(${t}, ${position}, 1)) - 48)` : `(strpos(${s.text(e.alphabet)}, substr(${t}, ${position}, 1)) - 1)`;
  const fits = `substr(${s.text(e.checkAlphabet)}, (${weightedSum(e, value)}) % ${e.modulus} + 1, 1) = right(${t}, 1)`;
  const sql = `(case ${t} ~ ${s.text(checkCharacterPattern(e, 'postgres'))} when true then ${fits} when false then false end)`;
  return withAbsent(sql, e.absent);
}

function table(operand: string, pairs: readonly (readonly [string, string])[], s: Spelling): string {
  return `(cast(${s.text(JSON.stringify(Object.fromEntries(pairs)))} as jsonb) ->> ${operand})`;
}
