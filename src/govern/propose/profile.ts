/** What is in a column, for a person to look at: how much is absent, how much is distinct, the ends, the commonest values. */
import type { Snapshot } from '#kernel/documents/documents';
import { spell } from '#kernel/sql/spell';
import type { Kernel } from '#kernel/stage';
import { filledSql, type Trial } from './sample.ts';

export interface Profile {
  readonly rows: number;
  /** Rows without a value: absent or nothing but blanks. */
  readonly absent: number;
  readonly distinct: number;
  /** False where counting exactly would cost too much: then `distinct` is within some 5%. */
  readonly exact: boolean;
  /** The least and the greatest value: by amount where every value is a number, else by text. */
  readonly least: string | null;
  readonly greatest: string | null;
  readonly longest: number;
  /** Values whose last digits a spreadsheet has lost: written with an exponent, or of more than 15 digits and nothing but zeros after the 15th. */
  readonly rounded: number;
  /** Values that say what o'clock it was, midnight apart. */
  readonly timed: number;
  /** Errors of a formula where a value should be. */
  readonly errors: number;
  /** Values that hold one of an element of persons, alone or inside a longer text, by the element's id. */
  readonly held: Readonly<Record<string, number>>;
  readonly commonest: readonly { readonly value: string; readonly count: number }[];
  /** What stands behind the digits of values that begin as amounts do, the commonest first; '' of a bare number other than nought. */
  readonly units: readonly { readonly unit: string; readonly count: number }[];
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
/** What a workbook writes for a formula that fails (ECMA-376 part 1, 18.18.11). */
export const formulaErrors = ['#DIV/0!', '#N/A', '#NAME?', '#NULL!', '#NUM!', '#REF!', '#VALUE!', '#ERROR'] as const;

/** An amount: sign or bracket, currency, digits, unit. What is behind the digits holds none, or it is a code or a date. */
const amount =
  '[-−–－+＋(（]?(人民币)?([¥￥]?) *[0-9０-９][0-9０-９,，]*([.．][0-9０-９]+)? *([^0-9０-９.．,，:：/()（）-]{0,8}[²2]?)[)）]?';
const nought = '[0０]+([.．][0０]+)?';
/** Units of a column that are told; more are a mixture anyway. */
const toldUnits = 6;

/** Up to this many rows distinct values are counted exactly. */
const exactRows = 1_000_000;

/** Cells looked at by one statement, and columns: fewer statements are quicker, larger ones need more memory. */
const cellsAtOnce = 2_000_000;
const columnsAtOnce = 50;

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

type Counted = Readonly<Record<string, string | number | null>>;

/** The profile of every column, in order. `progress` is told how many are done. */
export async function profileColumns(
  kernel: Kernel,
  snapshot: Snapshot,
  trial: Trial,
  signal: AbortSignal,
  progress: (done: number) => Promise<void>,
): Promise<Profile[]> {
  const insides = insidesOf(snapshot, trial.batch.day);
  const { columns, rowsData } = trial.batch;
  const profiles: Profile[] = [];
  const step = Math.max(1, Math.min(columnsAtOnce, Math.floor(cellsAtOnce / Math.max(1, rowsData))));
  for (let from = 0; from < columns.length; from += step) {
    const places = [...columns.keys()].slice(from, from + step);
    profiles.push(...(await profiled(kernel, insides, trial, places, signal)));
    await progress(profiles.length);
  }
  return profiles;
}

async function profiled(
  kernel: Kernel,
  insides: readonly Inside[],
  trial: Trial,
  places: readonly number[],
  signal: AbortSignal,
): Promise<Profile[]> {
  const exact = trial.batch.rowsData <= exactRows;
  const cells = places.map((i) => `nullif(trim(c${i + 1}, ' \t\u3000\u00a0'), '') as v${i}`);
  const values = `select ${cells.join(', ')} from (${filledSql(trial, places)})`;
  const counts = places.flatMap((i) => [
    `count(v${i}) as present${i}`,
    `${exact ? `count(distinct v${i})` : `approx_count_distinct(v${i})`} as different${i}`,
    `count(try_cast(v${i} as DOUBLE)) as numbers${i}`,
    `arg_min(v${i}, try_cast(v${i} as DOUBLE)) as low${i}`,
    `arg_max(v${i}, try_cast(v${i} as DOUBLE)) as high${i}`,
    `left(min(v${i}), ${shownCharacters}) as least${i}`,
    `left(max(v${i}), ${shownCharacters}) as greatest${i}`,
    `max(length(v${i}))::INTEGER as longest${i}`,
    `count(*) filter (where regexp_full_match(v${i}, '${lostDigits}')) as rounded${i}`,
    `count(*) filter (where regexp_full_match(v${i}, '${asDouble}')) as doubles${i}`,
    `count(*) filter (where contains(v${i}, ':') and regexp_full_match(v${i}, '${timeOfDay}') and not regexp_full_match(v${i}, '${midnight}')) as timed${i}`,
    `count(*) filter (where starts_with(v${i}, '#') and v${i} in (${formulaErrors.map((e) => `'${e}'`).join(', ')})) as errors${i}`,
    `count(*) filter (where regexp_full_match(v${i}, '[(（][¥￥]?[0-9０-９,，.．]+%?[)）]')) as bracketed${i}`,
    ...insides.map(({ holds }, n) => `count(*) filter (where length(v${i}) >= ${shortestHolder} and ${holds(`v${i}`)}) as held${n}_${i}`),
  ]);
  const [found = {}] = await kernel.warehouse.query<Counted>(
    `with s as (${values}) select count(*) as n, ${counts.join(', ')} from s`,
    [trial.batch.path],
    { signal },
  );
  const pairs = places.map((i) => `{'place': ${i}, 'value': v${i}}`);
  const commonest = await kernel.warehouse.query<{ place: number; what: 'value' | 'unit'; text: string; count: string }>(
    `with s as (${values}), each as (select unnest([${pairs.join(', ')}], recursive := true) from s),
       counted as materialized (select place, value, count(*) as count from each where value is not null group by all),
       amounts as (select place, count, regexp_extract(value, '^${amount}$', 4) as word, regexp_extract(value, '^${amount}$', 2) as sign from counted
         where length(value) <= 40 and regexp_full_match(value, '${amount}') and not regexp_full_match(value, '${nought}'))
     select place, 'value' as what, left(value, ${shownCharacters}) as text, count from counted
       qualify row_number() over (partition by place order by count desc, value) <= 5
     union all
     select place, 'unit', text, count from (select place, case when word = '' and sign <> '' then '元' else trim(word) end as text, sum(count)::BIGINT as count from amounts group by all)
       qualify row_number() over (partition by place order by count desc, text) <= ${toldUnits}
     order by place, what, count desc, text`,
    [trial.batch.path],
    { signal },
  );
  const byPlace = Map.groupBy(commonest, (c) => `${c.place} ${c.what}`);
  const told = (i: number, what: 'value' | 'unit') => byPlace.get(`${i} ${what}`) ?? [];
  return places.map((i): Profile => {
    const text = (name: string): string | null => (found[`${name}${i}`] ?? null) as string | null;
    const count = (name: string): number => Number(found[`${name}${i}`] ?? 0);
    const [rows, present] = [Number(found['n'] ?? 0), count('present')];
    const numeric = present > 0 && count('numbers') === present;
    return {
      rows,
      absent: rows - present,
      distinct: count('different'),
      exact,
      least: text(numeric ? 'low' : 'least'),
      greatest: text(numeric ? 'high' : 'greatest'),
      longest: count('longest'),
      rounded: Math.max(count('rounded'), count('doubles') > 0.5 * present ? count('doubles') : 0),
      timed: count('timed'),
      errors: count('errors'),
      held: Object.fromEntries(insides.map(({ id }, n) => [id, count(`held${n}_`)])),
      commonest: told(i, 'value').map((c) => ({ value: c.text, count: Number(c.count) })),
      units: told(i, 'unit').map((c) => ({ unit: c.text, count: Number(c.count) })),
      bracketed: count('bracketed'),
    };
  });
}
