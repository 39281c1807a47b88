/** What is in a column, for a person to look at: how much is absent, how much is distinct, the ends, the commonest values. */
import type { Snapshot } from '#kernel/documents/documents';
import { spell } from '#kernel/sql/spell';
import type { Kernel } from '#kernel/stage';
import { wordsOf } from './absent-words.ts';
import { filledSql, type Trial } from './sample.ts';

export interface Profile {
  readonly rows: number;
  /** Rows without a value: absent, nothing but blanks, or a word for no value. */
  readonly absent: number;
  /** Words for no value with their rows, the commonest first; a word that is a value of the column is none. */
  readonly words: readonly { readonly word: string; readonly count: number }[];
  readonly distinct: number;
  /** The least and the greatest value: by amount where every value is a number, else by text. */
  readonly least: string | null;
  readonly greatest: string | null;
  readonly longest: number;
  /** Values whose last digits a spreadsheet has lost: written with an exponent, or of more than 15 digits and nothing but zeros after the 15th. */
  readonly rounded: number;
  /** Values that say what o'clock it was, midnight apart. */
  readonly timed: number;
  /** Numbers that are no whole ones. */
  readonly fractions: number;
  /** Five digits, with or without a fraction, that a spreadsheet may have left of a day. */
  readonly serials: number;
  /** Errors of a formula where a value should be. */
  readonly errors: number;
  /** Values that hold one of an element of persons, alone or inside a longer text, by the element's id. */
  readonly held: Readonly<Record<string, number>>;
  readonly commonest: readonly { readonly value: string; readonly count: number }[];
  /** What stands behind the digits of values that begin as amounts do, the commonest first; '' of a bare number other than nought. */
  readonly units: readonly { readonly unit: string; readonly count: number }[];
  /** Numbers with commas between groups of three digits. */
  readonly grouped: number;
  /** Amounts in brackets, as accountants write what is below nought. */
  readonly bracketed: number;
}

/** A number as it is stored once it was typed into a cell that holds 15 digits. */
const lostDigits = '[1-9](\\.[0-9]+)?[eE]\\+?(1[1-9]|[2-9][0-9])|[1-9][0-9]{14}0{2,8}';
/** As some programs write it: 17 digits and zeros. One number in ten ends so by itself, therefore only most of a column say anything. */
const asDouble = '[1-9][0-9]{16}0{1,4}';

/** A time of day behind a day that is not midnight. */
const timeOfDay = '[0-9]{4}.*[0-9日号][ T]+(上午|下午)? ?([1-9]|[0-2][0-9]|0):[0-9]{2}(:[0-9]{2})?.*';
const midnight = '.*[ T](上午 ?12|0?0):00(:00)?([.,]0+)?(Z|[+]08:?(00)?)?';
/** Days since the end of 1899, of the years 1927 to 2064, with the part of the day. */
const serialDay = '[1-5][0-9]{4}([.][0-9]{1,15})?';
/** What a workbook writes for a formula that fails (ECMA-376 part 1, 18.18.11). */
export const formulaErrors = ['#DIV/0!', '#N/A', '#NAME?', '#NULL!', '#NUM!', '#REF!', '#VALUE!', '#ERROR'] as const;

/** An amount: sign or bracket, currency, digits, unit. What is behind the digits holds none, or it is a code or a date. */
const amount =
  '[-−–－+＋(（]?(人民币)?([¥￥]?) *[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)? *([^0-9０-９.．,，:：/()（）-]{0,8}[²2]?)[)）]?';
const nought = '[0０]+([.．][0０]+)?';
/** Values and units of a column that are told; more units are a mixture anyway. */
const toldValues = 5;
const toldUnits = 6;

/** Cells looked at by one statement, and columns: fewer statements are quicker, larger ones need more memory. */
const cellsAtOnce = 2_000_000;
const columnsAtOnce = 400;

/** Characters of a value that a person is shown. */
export const shownCharacters = 200;

/** Shorter values hold none of an element of persons. */
const shortestHolder = 11;

/** An element of which a longer text may hold a value, and whether it does. */
interface Inside {
  readonly id: string;
  readonly holds: (text: string) => string;
}

const insidesOf = (snapshot: Snapshot, today: string): readonly Inside[] =>
  snapshot.list('element').flatMap(({ id, inside }) =>
    inside
      ? [
          {
            id,
            holds: (text: string) => spell(inside, 'duckdb', { today, codeList: (list) => snapshot.codeList(list), column: () => text }),
          },
        ]
      : [],
  );

/** The profile of every column, in order. `progress` is told how many are done. */
export async function profileColumns(
  kernel: Kernel,
  snapshot: Snapshot,
  trial: Trial,
  signal: AbortSignal,
  progress: (done: number) => Promise<void>,
): Promise<Profile[]> {
  const insides = insidesOf(snapshot, trial.batch.day);
  const words = wordsOf(snapshot);
  const { columns, rowsData } = trial.batch;
  const profiles: Profile[] = [];
  const step = Math.max(1, Math.min(columnsAtOnce, Math.floor(cellsAtOnce / Math.max(1, rowsData))));
  for (let from = 0; from < columns.length; from += step) {
    const places = [...columns.keys()].slice(from, from + step);
    profiles.push(...(await profiled(kernel, { insides, words }, trial, places, signal)));
    await progress(profiles.length);
  }
  return profiles;
}

async function profiled(
  kernel: Kernel,
  { insides, words }: { readonly insides: readonly Inside[]; readonly words: readonly string[] },
  trial: Trial,
  places: readonly number[],
  signal: AbortSignal,
): Promise<Profile[]> {
  const pairs = places.map((i) => `{'place': ${i}, 'value': nullif(trim(c${i + 1}, ' \t\u3000\u00a0'), '')}`);
  const weighed = (name: string, holds: string): string => `coalesce(sum(n) filter (where ${holds}), 0)::VARCHAR as ${name}`;
  // Every value once, one column below the other: a statement that names 50 columns with all that is asked of them takes three seconds to plan.
  const each = `select unnest([${pairs.join(', ')}], recursive := true) from (${filledSql(trial, places)})`;
  const counts = [
    'sum(n)::VARCHAR as present',
    'count(*)::VARCHAR as different',
    weighed('numbers', 'number is not null'),
    'arg_min(value, number) as low',
    'arg_max(value, number) as high',
    `left(min(value), ${shownCharacters}) as least`,
    `left(max(value), ${shownCharacters}) as greatest`,
    'max(length(value))::INTEGER as longest',
    weighed('rounded', `regexp_full_match(value, '${lostDigits}')`),
    weighed('doubles', `regexp_full_match(value, '${asDouble}')`),
    weighed('timed', `contains(value, ':') and regexp_full_match(value, '${timeOfDay}') and not regexp_full_match(value, '${midnight}')`),
    weighed('fractions', 'isfinite(number) and number <> trunc(number)'),
    weighed('serials', `regexp_full_match(value, '${serialDay}')`),
    weighed('errors', `starts_with(value, '#') and value in (${formulaErrors.map((e) => `'${e}'`).join(', ')})`),
    weighed('grouped', `regexp_full_match(value, '[-+(（]?[¥￥]?[0-9]{1,3}([,，][0-9]{3})+([.][0-9]+)?[)）]?')`),
    weighed('bracketed', `regexp_full_match(value, '[(（][¥￥]?[0-9０-９,，.．]+%?[)）]')`),
    ...insides.map(({ holds }, n) => weighed(`held${n}`, `length(value) >= ${shortestHolder} and ${holds('value')}`)),
    // The least few of (-n, value): a rank over all values sorts them all and costs more than the rest together.
    `min({'less': -n, 'text': left(value, ${shownCharacters})}, ${toldValues}) as commonest`,
  ];
  const isWord = 'list_contains(string_split($2::VARCHAR, chr(10)), upper(value))';
  const rows = await kernel.warehouse.query<Counted>(
    `with counted as materialized (select place, value, count(*) as n from (${each}) where value is not null group by all),
       read as (select *, try_cast(value as DOUBLE) as number from counted where not ${isWord}),
       words as (select place, list({'word': value, 'count': n} order by n desc, value) as words from counted where ${isWord} group by place),
       amounts as (select place, n, regexp_extract(value, '^${amount}$', 4) as word, regexp_extract(value, '^${amount}$', 2) as sign from read
         where length(value) <= 40 and regexp_full_match(value, '${amount}') and not regexp_full_match(value, '${nought}')),
       written as (select place, case when word = '' and sign <> '' then '元' else trim(word) end as unit, sum(n)::BIGINT as n from amounts group by all),
       units as (select place, list({'unit': unit, 'count': n} order by n desc, unit) as units from written group by place)
     select place, units.units, words.words, told.* exclude (place) from (select place, ${counts.join(', ')} from read group by place) as told
       full join words using (place) left join units using (place)`,
    [trial.batch.path, words.join('\n')],
    { signal },
  );
  const found = new Map(rows.map((r) => [Number(r.place), r]));
  return places.map((i) => profileFrom(found.get(i), trial.batch.rowsData, insides));
}

/** What is counted of one column. */
interface Counted {
  readonly [name: string]: unknown;
  readonly place: number;
  readonly low: string | null;
  readonly high: string | null;
  readonly least: string | null;
  readonly greatest: string | null;
  readonly longest: number;
  readonly commonest: readonly { readonly text: string; readonly less: string }[];
  readonly units: readonly { readonly unit: string; readonly count: string }[] | null;
  readonly words: readonly { readonly word: string; readonly count: string }[] | null;
}

function profileFrom(found: Counted | undefined, rows: number, insides: readonly Inside[]): Profile {
  const count = (name: string): number => Number(found?.[name] ?? 0);
  const present = count('present');
  const numeric = present > 0 && count('numbers') === present;
  return {
    rows,
    absent: rows - present,
    words: (found?.words ?? []).map((w) => ({ word: w.word, count: Number(w.count) })),
    distinct: count('different'),
    least: (numeric ? found?.low : found?.least) ?? null,
    greatest: (numeric ? found?.high : found?.greatest) ?? null,
    longest: count('longest'),
    rounded: Math.max(count('rounded'), count('doubles') > 0.5 * present ? count('doubles') : 0),
    timed: count('timed'),
    fractions: count('fractions'),
    serials: count('serials'),
    errors: count('errors'),
    held: Object.fromEntries(insides.map(({ id }, n) => [id, count(`held${n}`)])),
    commonest: (found?.commonest ?? []).map((c) => ({ value: c.text, count: -Number(c.less) })),
    units: (found?.units ?? []).slice(0, toldUnits).map((u) => ({ unit: u.unit, count: Number(u.count) })),
    grouped: count('grouped'),
    bracketed: count('bracketed'),
  };
}
