/** How DuckDB 1.5 spells each node. Numbers are kept as DECIMAL(38,16) and computed as DECIMAL(27,10). */

import { DATE_MARKS, dayPattern, LAST_DAY } from '#declare/expr/day';
import { KEPT_PRECISION, KEPT_SCALE, NUMBER_GRAMMAR, PRECISION, SCALE } from '#declare/expr/decimal';
import type { Expr } from '#declare/expr/index';
import { lengthsOf, spellPattern } from '#declare/expr/index';
import { OFFSET_GRAMMAR, WALL_GRAMMAR } from '#declare/expr/instant';
import { LONGEST, MOST_REPEATS, WHITE_SPACE } from '#declare/expr/words';
import { characters, isDigits } from './checksum.ts';
import { dayOf, instantOf, utcOf, writtenOf } from './duckdb-instant.ts';
import { inDuckdbList, inDuckdbListAt } from './duckdb-list.ts';
import { isReference, once } from './duckdb-once.ts';
import { wholeOf } from './duckdb-whole.ts';
import { textSql } from './kept.ts';
import type { ColumnTypes, Spelling, Spellings } from './spelling.ts';
import { constantWhole, kept, withAbsent } from './spelling.ts';
import { ASCII, comparison, entries, LARGE, SMALL, STANDARD, WIDE } from './standard.ts';
import { offsetByWall } from './zone.ts';

export const DUCKDB_TYPES: ColumnTypes = {
  text: 'VARCHAR',
  number: `DECIMAL(${KEPT_PRECISION},${KEPT_SCALE})`,
  date: 'DATE',
  instant: 'TIMESTAMP WITH TIME ZONE',
  boolean: 'BOOLEAN',
};

const NUMBER = `DECIMAL(${PRECISION},${SCALE})`;
const number = (sql: string): string => `cast(${sql} as ${NUMBER})`;
/**
 * Null when the result left the range; rounds half away from zero. Not try_cast: DuckDB 1.5 rewrites `try_cast(x as t) = constant` to
 * `x = constant` where the types convert both ways, and then an x out of range is unequal instead of null.
 */
const bounded = (sql: string): string => `try(cast(${sql} as ${NUMBER}))`;
/** All ten decimals are always there, so that rtrim meets the point before any digit of the whole part. */
const DECIMALS = '\\.0{10}';
const EPOCH = "date '0001-01-01'";

export const DUCKDB: Spellings = {
  ...STANDARD,
  column: (e, s) => (e.type === 'number' ? `try_cast(${s.column(e.name)} as ${NUMBER})` : s.column(e.name)),
  number: (e) => number(`'${e.value}'`),

  compare: (e, s) => {
    const [left, right] = [wholeOf(e.left, s), wholeOf(e.right, s)];
    return left && right ? comparison(e, left.sql, right.sql) : STANDARD.compare(e, s);
  },
  mapText: (e, s) => table(e.of, e.entries, s),
  lookup: (e, s) => table(e.of, entries(s.env.codeList(e.list), e.give), s),
  inList: inDuckdbList,
  inListAt: inDuckdbListAt,
  // What is blank begins with a blank: its end need not be asked, nor need it be trimmed.
  isBlank: (e, s) =>
    e.of.kind === 'trim'
      ? once(
          s.of(e.of.of),
          s,
          (t) =>
            `(case when ${t} is null then true when ${blankAtItsStart(t)} then trim(${t}, ${s.text(WHITE_SPACE)}) = '' else false end)`,
        )
      : STANDARD.isBlank(e, s),
  matches: (e, s) => withAbsent(fullMatch(s.of(e.of), e.pattern, s), e.absent),
  // The fastest spelling measured: split, cast the list, one dot product (`npm run bench:checksum`). The case guards the casts, which see
  // fitting rows only; GLOB asks the shape in 45 ms of 370 per 2 M rows, the regular expression in 75, and substring cuts faster than left.
  checksum: (e, s) => {
    const t = s.of(e.of);
    const length = e.weights.length;
    const chars = `string_split(substring(${t}, 1, ${length}), '')`;
    const values = isDigits(e) ? `cast(${chars} as INTEGER[])` : `list_transform(${chars}, lambda c: instr(${s.text(e.alphabet)}, c) - 1)`;
    const sum = `cast(list_dot_product(${values}, [${e.weights.join(', ')}]) as BIGINT)`;
    const fits = `${sum} % ${e.modulus} = instr(${s.text(e.checkAlphabet)}, substring(${t}, ${length + 1})) - 1`;
    const shape = s.text(`${characters(e.alphabet).repeat(length)}${characters(e.checkAlphabet)}`);
    return withAbsent(`(case ${t} glob ${shape} when true then ${fits} when false then false end)`, e.absent);
  },

  slice: (e, s) => `substring(${s.of(e.of)}, ${whole(e.from, 1, LONGEST, s)}, ${whole(e.length, 0, LONGEST, s)})`,
  len: (e, s) => number(`length(${s.of(e.of)})`),
  // Replacing characters is dear and seldom has anything to do: tests that cost a tenth ask first.
  trim: (e, s) => once(s.of(e.of), s, (t) => `(case when ${blankAtAnEnd(t, s)} then trim(${t}, ${s.text(WHITE_SPACE)}) else ${t} end)`),
  upper: (e, s) => once(s.of(e.of), s, (t) => `(case when ${isAscii(t)} then upper(${t}) else ${translated(t, SMALL, LARGE, s)} end)`),
  lower: (e, s) => once(s.of(e.of), s, (t) => `(case when ${isAscii(t)} then lower(${t}) else ${translated(t, LARGE, SMALL, s)} end)`),
  halfWidth: (e, s) =>
    once(s.of(e.of), s, (t) => `(case when ${isAscii(t)} then ${t} else ${translated(t, `${WIDE}\u3000`, `${ASCII} `, s)} end)`),
  translate: (e, s) => once(s.of(e.of), s, (t) => translated(t, e.from, e.to, s)),
  indexOf: (e, s) => number(`instr(${s.of(e.of)}, ${s.of(e.part)})`),
  repeatText: (e, s) => `repeat(${s.text(e.text)}, ${whole(e.times, 0, MOST_REPEATS, s)})`,
  padStart: (e, s) => once(s.of(e.of), s, (t) => `lpad(${t}, cast(greatest(${e.length}, length(${t})) as INTEGER), ${s.text(e.pad)})`),

  plus: (e, s) => wholeNumber(e, s) ?? bounded(`${s.flat.of(e.left)} + ${s.flat.of(e.right)}`),
  minus: (e, s) => wholeNumber(e, s) ?? bounded(`${s.flat.of(e.left)} - ${s.flat.of(e.right)}`),
  // round() first: it brings the scale from 20 to 10 three times faster than the cast alone.
  times: (e, s) => wholeNumber(e, s) ?? bounded(`round(${s.flat.of(e.left)} * ${s.flat.of(e.right)}, ${SCALE})`),
  // Whole-number division of the units with one digit more, cut towards zero; that digit then decides the rounding. x // 0 is null.
  div: (e, s) =>
    bounded(
      `round(cast(${units(s.flat.of(e.left))} * 100000000000 // ${units(s.flat.of(e.right))} as DECIMAL(38,0)) * 0.00000000001, ${SCALE})`,
    ),
  mod: (e, s) => wholeNumber(e, s) ?? `(${s.of(e.left)} % ${s.of(e.right)})`,
  round: (e, s) => bounded(`round(${s.flat.of(e.of)}, ${e.scale})`),
  floor: (e, s) => bounded(`floor(${s.flat.of(e.of)})`),
  abs: (e, s) => `abs(${s.of(e.of)})`,
  // Reading text as a DECIMAL wider than 18 digits costs 12 µs a value, as a HUGEINT of its units 0.2; short ones fit a narrow DECIMAL, 0.1.
  // try_cast: within a lambda over filtered rows DuckDB 1.5 casts an absent text as '' (tried: 12 columns of text beside 8 of amounts).
  toNumber: (e, s) =>
    once(`nullif(regexp_extract(${s.of(e.of)}, ${s.text(`^${NUMBER_GRAMMAR}$`)}), '')`, s, (t) => {
      const inUnits = `cast(split_part(${t}, '.', 1) || rpad(split_part(${t}, '.', 2), ${SCALE}, '0') as HUGEINT)`;
      return `(case when strlen(${t}) <= 9 then ${number(`try_cast(${t} as DECIMAL(18,9))`)} else ${number(`cast(${inUnits} as DECIMAL(38,0)) * 0.0000000001`)} end)`;
    }),
  numberText: (e, s) => textSql('number', kept(e.of, s)),

  // The pattern lets only existing days through; reading them by their format then takes two thirds of the time of rewriting them to be cast.
  toDate: (e, s) =>
    once(s.of(e.of), s, (t) => {
      const [beforeMonth, beforeDay, end] = DATE_MARKS[e.format];
      const read =
        e.format === 'YYYY-MM-DD' ? `try_cast(${t} as DATE)` : `try_strptime(${t}, ${s.text(`%Y${beforeMonth}%m${beforeDay}%d${end}`)})`;
      return `cast((case when regexp_full_match(${t}, ${s.text(dayPattern(DATE_MARKS[e.format]))}) then ${read} end) as DATE)`;
    }),
  // A leading 1 keeps the zeros of each part; the pattern lets only existing days through.
  dateOf: (e, s) => {
    const written = `cast(${s.of(e.year)} + 10000 as VARCHAR) || '-' || cast(${s.of(e.month)} + 100 as VARCHAR) || '-' || cast(${s.of(e.day)} + 100 as VARCHAR)`;
    const found = `regexp_extract(${written}, ${s.text(`^${dayPattern([`${DECIMALS}-`, `${DECIMALS}-`, DECIMALS], '1')}$`)})`;
    return `try_cast(regexp_replace(${found}, '^1([0-9]{4})[.]0+-1([0-9]{2})[.]0+-1([0-9]{2})[.]0+$', '\\1-\\2-\\3') as DATE)`;
  },
  year: (e, s) => number(`year(${s.of(e.of)})`),
  month: (e, s) => number(`month(${s.of(e.of)})`),
  day: (e, s) => number(`day(${s.of(e.of)})`),
  dateText: (e, s) => `cast(${s.of(e.of)} as VARCHAR)`,
  // DuckDB's own dates reach further than year 9999; a filtered list of one is its only way to say "or null" once.
  addDays: (e, s) =>
    `(${EPOCH} + cast(list_filter([(${s.of(e.of)} - ${EPOCH}) + floor(${s.of(e.days)})], lambda d: d between 0 and ${LAST_DAY})[1] as INTEGER))`,
  daysBetween: (e, s) => number(`${s.of(e.to)} - ${s.of(e.from)}`),
  wholeYears: (e, s) => number(`floor((${compact(s.of(e.to))} - ${compact(s.of(e.from))}) / 10000)`),

  // The zone of the session has no say: an instant is counted in microseconds of UTC, and its wall clock by the zone setting's own table.
  toInstant: (e, s) =>
    once(`nullif(regexp_extract(${s.of(e.of)}, ${s.text(`^${WALL_GRAMMAR}(?:${OFFSET_GRAMMAR})?$`)}), '')`, s, (t) =>
      once(`regexp_extract(${t}, '^.{19}(?:[.][0-9]+)?')`, s, (wall) =>
        once(`try_cast(${wall} as TIMESTAMP)`, s, (clock) =>
          once(`substring(${t}, length(${wall}) + 1)`, s, (offset) => {
            const part = (from: number): string => `try_cast('0' || substring(${offset}, ${from}, 2) as INTEGER)`;
            const written = `(case when starts_with(${offset}, '-') then -1 else 1 end) * (${part(2)} * 3600 + ${part(5)} * 60 + ${part(8)})`;
            const seconds = `case ${offset} when '' then ${offsetByWall(clock)} when 'Z' then 0 else ${written} end`;
            return once(`${clock} - to_seconds(${seconds})`, s, instantOf);
          }),
        ),
      ),
    ),
  instantText: (e, s) => once(utcOf(s.of(e.of)), s, writtenOf),
  instantDay: (e, s) => once(utcOf(s.of(e.of)), s, dayOf),
};

const wholeNumber = (e: Expr, s: Spelling): string | undefined => {
  const found = wholeOf(e, s);
  return found && number(found.sql);
};

/** Counting characters takes a tenth of the time of matching them, and most texts that do not match have another length. */
function fullMatch(t: string, pattern: string, s: Spelling): string {
  const matched = `regexp_full_match(${t}, ${s.text(spellPattern(pattern, 'duckdb'))})`;
  const { least, most } = lengthsOf(pattern);
  if (most === null || !isReference(t)) return matched;
  const other = least === most ? `<> ${least}` : `not between ${least} and ${most}`;
  return `(case when length(${t}) ${other} then false else ${matched} end)`;
}

const isAscii = (t: string): string => `strlen(${t}) = length(${t})`;

/** By the number of the first character, 0 where there is none; not by `in`, of which DuckDB makes a join. Some others are below 33 too. */
function blankAtItsStart(t: string): string {
  const wide = [...WHITE_SPACE].map((c) => c.codePointAt(0) as number).filter((point) => point > 32);
  return [`ascii(${t}) <= 32`, ...wide.map((point) => `ascii(${t}) = ${point}`)].join(' or ');
}

/** Among the characters that are none of the blanks, those below 33 cost only a needless trim. */
const blankAtAnEnd = (t: string, s: Spelling): string =>
  [blankAtItsStart(t), ...[...WHITE_SPACE].map((c) => `suffix(${t}, ${s.text(c)})`)].join(' or ');

/** `translate` builds its table anew for every value (2.5 µs for the full-width forms): only where there is a character to replace. */
function translated(t: string, from: string, to: string, s: Spelling): string {
  const all = [...new Set(from)];
  const hex = (c: string): string => `\\x{${c.codePointAt(0)?.toString(16)}}`;
  const some =
    all.length <= 4
      ? all.map((c) => `contains(${t}, ${s.text(c)})`).join(' or ')
      : `regexp_matches(${t}, ${s.text(`[${all.map(hex).join('')}]`)})`;
  return `(case when ${some} then translate(${t}, ${s.text(from)}, ${s.text(to)}) else ${t} end)`;
}

/** A position or count as INTEGER, cut down, no lower than the least, null above the most (a power of two less one). */
function whole(expr: Expr, least: number, most: number, s: Spelling): string {
  const constant = constantWhole(expr, least, most);
  if (constant !== undefined) return constant;
  const type = most === LONGEST ? 'INTEGER' : 'SMALLINT';
  // greatest() skips nulls, so null must first become too large.
  return `try_cast(greatest(coalesce(${wholeOf(expr, s)?.sql ?? `floor(${s.of(expr)})`}, ${LONGEST + 1}), ${least}) as ${type})`;
}

function units(sql: string): string {
  return `cast(${sql} * 10000000000 as HUGEINT)`;
}

function compact(date: string): string {
  return `cast(strftime(${date}, '%Y%m%d') as INTEGER)`;
}

/**
 * The operand stands once: DuckDB compares the operand of a simple case anew for every branch, which made 40,000 foreign values of a list of
 * 120 take 6.4 s where this takes 0.03.
 */
function table(of: Expr, pairs: readonly (readonly [string, string])[], s: Spelling): string {
  if (pairs.length === 0) return `(case when ${s.of(of)} is null then ${s.of(of)} end)`;
  const list = (side: 0 | 1): string => `[${pairs.map((pair) => s.text(pair[side])).join(', ')}]`;
  return `(${list(1)})[list_position(${list(0)}, ${s.of(of)})]`;
}
