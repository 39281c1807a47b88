/** Groups of columns that may identify a row together, and which of them still may after a look at the first rows. */
import type { Kernel } from '#kernel/stage';
import type { KeyClass } from './key-classes.ts';
import { asWritten } from './key-judge.ts';
import type { Profile } from './profile.ts';
import { filledSql, type Trial } from './sample.ts';

/** A column as the search of keys sees it. */
export interface KeyColumn {
  readonly column: string;
  readonly class: KeyClass;
  /** Whether its values count 1, 2, 3 …, under any name of the column. */
  readonly isCounted: boolean;
  /** Whether it is an amount by its values, in any class: an age, a score. */
  readonly isAmount: boolean;
  /** Distinct values in the whole table, reckoned where the profile has seen a part of it. */
  readonly distinct: number;
  readonly profile: Profile;
}

/** Distinct values of the whole table: what hardly repeats in a part of it goes on so. */
export const distinctOf = ({ distinct, rows, absent }: Profile, all: number): number =>
  distinct < 0.1 * (rows - absent) ? distinct : Math.round((distinct * all) / Math.max(1, rows));

/** No key that is searched for has more columns. */
const widest = 4;
/** Columns that groups are made of, at most: 10 give 375 groups of two to four. */
const mostMembers = 10;

/** Distinct values of all of them together, at most: fewer than there are rows tell no rows apart. */
const cellsOf = (combo: readonly KeyColumn[]): number => combo.reduce((n, c) => n * c.distinct, 1);

/** The narrower first, of those the one with fewer cells: what tells rows apart with few possibilities does so by meaning. */
const byCells = (a: readonly KeyColumn[], b: readonly KeyColumn[]): number => a.length - b.length || cellsOf(a) - cellsOf(b);

/** The groups of two to four of these columns that have enough values, in the order in which they are worth a look. */
export function combosOf(columns: readonly KeyColumn[], rows: number): KeyColumn[][] {
  const members = [...columns].sort((a, b) => b.distinct - a.distinct).slice(0, mostMembers);
  const inTableOrder = columns.filter((c) => members.includes(c));
  const groups: KeyColumn[][] = [[]];
  for (const c of inTableOrder) groups.push(...groups.filter((g) => g.length < widest).map((g) => [...g, c]));
  return groups.filter((g) => g.length > 1 && cellsOf(g) >= rows).sort(byCells);
}

/** Pairs and triples of one of these columns with one or two others. */
export function combosWith(firsts: readonly KeyColumn[], others: readonly KeyColumn[], rows: number): KeyColumn[][] {
  const beside = [...others].sort((a, b) => b.distinct - a.distinct).slice(0, mostMembers);
  const groups = firsts
    .slice(0, mostMembers)
    .flatMap((first) =>
      beside
        .filter((c) => c !== first)
        .flatMap((second, i, all) => [[first, second], ...all.slice(i + 1).map((third) => [first, second, third])]),
    );
  return groups.filter((g) => cellsOf(g) >= rows).sort(byCells);
}

/** Rows that groups are first tried on, and groups tried by one statement. */
const firstRows = 20_000;
const atOnce = 40;

/** The groups that tell the first rows apart. */
export async function survivors(
  kernel: Kernel,
  trial: Trial,
  combos: readonly (readonly KeyColumn[])[],
  signal: AbortSignal,
): Promise<(readonly KeyColumn[])[]> {
  const left: (readonly KeyColumn[])[] = [];
  for (let from = 0; from < combos.length; from += atOnce) {
    const some = combos.slice(from, from + atOnce);
    const names = [...new Set(some.flatMap((combo) => combo.map((c) => c.column)))];
    const places = names.map((name) => trial.batch.columns.indexOf(name));
    const values = names.map((name, i) => `${asWritten(name, `c${(places[i] as number) + 1}`)} as v${i}`);
    const counts = some.map((combo, n) => {
      const cells = combo.map((c) => `v${names.indexOf(c.column)}`);
      const present = cells.map((c) => `${c} is not null`).join(' and ');
      return `count(*) filter (where ${present}) - count(distinct hash(${cells.join(', ')})) filter (where ${present}) as k${n}`;
    });
    const [found] = await kernel.warehouse.query<Record<string, string>>(
      `select ${counts.join(', ')} from (select ${values.join(', ')} from (${filledSql(trial, places)}) limit ${firstRows})`,
      [trial.batch.path],
      { signal },
    );
    left.push(...some.filter((_, n) => Number(found?.[`k${n}`] ?? 1) === 0));
  }
  return left;
}
