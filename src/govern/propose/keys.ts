/** Which columns could identify a row, each with the rows that it fails to tell apart. */
import { governedType } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import { planField } from '../plan.ts';
import { governedText } from '../scan.ts';
import type { Profile } from './profile.ts';
import { shownCharacters } from './profile.ts';
import { filledSql, type Trial } from './sample.ts';

/** The value that a column is told apart by, from its cell. */
export type CellOf = (column: string, cell: string) => string;

/** As it is written, without the blanks around it: cheap enough to search by. */
const asWritten: CellOf = (_, cell) => `nullif(trim(${cell}, ' \t\u3000\u00a0'), '')`;

/** As it will be governed as an element: 0001 and 1 are one number, 340104000000 and 340104 one division. */
export const asGoverned =
  (snapshot: Snapshot, trial: Trial, elementOf: (column: string) => string | undefined): CellOf =>
  (column, cell) => {
    const means = snapshot.find('element', elementOf(column) ?? '');
    if (!means) return asWritten(column, cell);
    const seen = { name: 'value', title: { zh: column }, type: governedType(means), element: means.id, sensitivity: means.sensitivity };
    const env = { today: trial.batch.day, codeList: (id: string) => snapshot.codeList(id) };
    return governedText(planField(snapshot, seen, column, means), cell, env);
  };

export interface KeyCandidate {
  readonly columns: readonly string[];
  /** Rows that lack a value of it. */
  readonly absent: number;
  /** Rows beyond the first of each value: what a key would have to turn away. */
  readonly repeated: number;
  /** A few values that several rows have. */
  readonly examples: readonly { readonly values: readonly (string | null)[]; readonly rows: number }[];
}

/** Columns whose faults are no more than this share of the rows are a key with faults, not no key: the surer by what they mean, the more. */
const faultsAllowed = (rank: number): number => (rank >= 4 ? 0.1 : rank >= 3 ? 0.05 : 0.02);

/** No key has more columns than this. */
const widest = 4;

/** Rows that repeats are searched by, about; of a larger table one value in so many is taken, with all the rows that have it. */
const searchedRows = 2_000_000;

/** How well some columns identify the rows, by what is written in them: counted, or reckoned from a part of the values of a large table. */
async function reckonKey(
  kernel: Kernel,
  trial: Trial,
  columns: readonly string[],
  mostRows: number,
  signal: AbortSignal,
): Promise<KeyCandidate> {
  const every = Math.floor(trial.batch.rowsData / mostRows);
  if (every <= 1) return judgeKey(kernel, trial, columns, asWritten, signal);
  const places = columns.map((c) => trial.batch.columns.indexOf(c));
  const cells = columns.map((c, i) => asWritten(c, `c${(places[i] as number) + 1}`));
  const [counts] = await kernel.warehouse.query<{ absent: string; repeated: string }>(
    `select count(*) filter (where absent) as absent, count(*) filter (where picked) - count(distinct h) filter (where picked) as repeated
     from (select h, absent, not absent and h % ${every} = 0 as picked
       from (select hash(${cells.join(', ')}) as h, ${cells.map((c) => `${c} is null`).join(' or ')} as absent from (${filledSql(trial, places)})))`,
    [trial.batch.path],
    { signal },
  );
  return { columns, absent: Number(counts?.absent ?? 0), repeated: every * Number(counts?.repeated ?? 0), examples: [] };
}

/** How well some columns identify the rows, counted over all of them. */
export async function judgeKey(
  kernel: Kernel,
  trial: Trial,
  columns: readonly string[],
  cellOf: CellOf,
  signal?: AbortSignal,
): Promise<KeyCandidate> {
  const places = columns.map((c) => trial.batch.columns.indexOf(c));
  const values = columns.map((c, i) => `${cellOf(c, `c${(places[i] as number) + 1}`)} as v${i}`);
  const cells = columns.map((_, i) => `v${i}`);
  const rows = `(select ${values.join(', ')} from (${filledSql(trial, places)}))`;
  const present = cells.map((c) => `${c} is not null`).join(' and ');
  const [counts] = await kernel.warehouse.query<{ rows: string; present: string; different: string }>(
    `select count(*) as rows, count(*) filter (where ${present}) as present,
       count(distinct ${cells.length === 1 ? cells[0] : `md5_number(${contentSql(cells)})`}) filter (where ${present}) as different from ${rows}`,
    [trial.batch.path],
    { signal },
  );
  const repeated = Number(counts?.present ?? 0) - Number(counts?.different ?? 0);
  const examples =
    repeated === 0
      ? []
      : await kernel.warehouse.query<{ found: (string | null)[]; n: string }>(
          `select [${cells.map((c) => `left(${c}, ${shownCharacters})`).join(', ')}] as found, n from (select ${cells.join(', ')}, count(*) as n from ${rows}
           where ${present} group by all having count(*) > 1 order by n desc, ${cells.join(', ')} limit 5)`,
          [trial.batch.path],
          { signal },
        );
  return {
    columns,
    absent: Number(counts?.rows ?? 0) - Number(counts?.present ?? 0),
    repeated,
    examples: examples.map((e) => ({ values: e.found, rows: Number(e.n) })),
  };
}

/** From this rank on a column is an identifier by what it means or is called. */
const identifying = 3;
/** Up to this rank a column is a measure: that no two of its values are equal is chance. */
export const measuring = 0.3;
/** An identifier that so many rows repeat or lack is one with faults; where more do, it says what the row is about. */
const nearlyUnique = 0.2;
/** Columns that differ in so many rows are looked at. */
const different = 0.9;

/**
 * Candidates, the best first: single columns that nearly always differ, then pairs and more of those that differ most; last resort all columns that
 * are filled. `rank` says how good an identifier a column is by what it means (greater is better); a running number only identifies a line of the
 * file, a measure is shown and never goes first. `governed`: the values as they will be governed. The profiles may have seen only a part of the rows.
 */
export async function findKeys(
  kernel: Kernel,
  trial: Trial,
  profiles: readonly Profile[],
  rank: (column: string) => number,
  governed: CellOf,
  signal: AbortSignal,
  mostRows = searchedRows,
): Promise<KeyCandidate[]> {
  const { columns } = trial.batch;
  const rows = trial.batch.rowsData;
  const all = columns.map((column, i) => ({ column, profile: profiles[i] as Profile, rank: rank(column) }));
  const about = all
    .filter(({ profile, rank }) => (profile.distinct > 1 || (rows === 1 && profile.distinct === 1)) && rank > 0)
    .sort((a, b) => b.rank - a.rank || b.profile.distinct - a.profile.distinct);
  const judged: KeyCandidate[] = [];
  const differs = ({ profile, rank }: (typeof about)[number]): boolean =>
    profile.distinct >= (rank >= identifying ? 1 - nearlyUnique : different) * profile.rows;
  for (const { column } of about.filter(differs).slice(0, 6)) judged.push(await reckonKey(kernel, trial, [column], mostRows, signal));
  const ranks = (k: KeyCandidate): number => Math.min(...k.columns.map(rank));
  const faults = (k: KeyCandidate): number => k.repeated + k.absent;
  const good = (k: KeyCandidate): boolean => faults(k) <= faultsAllowed(ranks(k)) * rows;
  /** How far it may go before others: 4 an identifier or a name, 3 an identifier with faults, 2 what tells rows apart, 1 what does so by a day or a number of the line, 0 what is none. */
  const level = (k: KeyCandidate): number => {
    const best = Math.max(...k.columns.map(rank));
    if (ranks(k) <= measuring) return 0;
    if (good(k) && (k.columns.length === 1 ? best >= 2 : best >= identifying)) return 4;
    if (k.columns.length === 1 && best >= identifying && faults(k) <= nearlyUnique * rows) return 3;
    if (!good(k)) return 0;
    return best >= 1 ? 2 : 1;
  };
  if (!judged.some((k) => level(k) >= 2) && rows > 1) {
    // One column more at a time, always the one that tells the most rows apart.
    let group: string[] = [];
    for (let width = 1; width <= widest; width++) {
      let best: KeyCandidate | undefined;
      const others = about.filter((a) => !group.includes(a.column) && a.rank > measuring && a.profile.absent < 0.05 * a.profile.rows);
      const tried = [...others].sort((a, b) => b.profile.distinct - a.profile.distinct).slice(0, 8);
      for (const { column } of tried) {
        const found = await reckonKey(kernel, trial, [...group, column], mostRows, signal);
        if (!best || faults(found) < faults(best)) best = found;
      }
      if (!best) break;
      group = [...best.columns];
      if (width > 1) judged.push(best);
      if (faults(best) === 0) break;
    }
  }
  const byWorth = (found: readonly KeyCandidate[]): KeyCandidate[] =>
    [...found].sort(
      (a, b) =>
        level(b) - level(a) ||
        Number(good(b)) - Number(good(a)) ||
        ranks(b) - ranks(a) ||
        a.columns.length - b.columns.length ||
        faults(a) - faults(b),
    );
  // The search goes by what is written; what is offered is counted by what will be governed.
  const offered: KeyCandidate[] = [];
  for (const { columns } of byWorth(judged).slice(0, 5)) offered.push(await judgeKey(kernel, trial, columns, governed, signal));
  const sorted = byWorth(offered);
  if (sorted.some((k) => level(k) > 0)) return sorted;
  // Where nothing identifies a row all that is filled does, as far as anything can. A column without values tells nothing apart.
  const filled = all.filter(({ profile, rank }) => profile.absent === 0 && rank > 0).map((a) => a.column);
  const held = all.filter(({ profile, rank }) => profile.absent < profile.rows && rank > 0).map((a) => a.column);
  const whole = await judgeKey(kernel, trial, held.length > 0 ? held : columns, asWritten, signal);
  const ofFilled = filled.length > 0 && filled.length < held.length ? await judgeKey(kernel, trial, filled, asWritten, signal) : null;
  const last = ofFilled && ofFilled.repeated <= faultsAllowed(0) * rows ? ofFilled : whole;
  return [last, ...sorted.slice(0, 4)];
}
