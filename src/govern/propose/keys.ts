/** Which columns could identify a row, each with the rows that it fails to tell apart. */
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import type { Profile } from './profile.ts';
import { filledSql, type Trial } from './sample.ts';

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

/** How well some columns identify the rows, counted over all of them. */
export async function judgeKey(kernel: Kernel, trial: Trial, columns: readonly string[], signal?: AbortSignal): Promise<KeyCandidate> {
  const cells = columns.map((c) => `nullif(trim(c${trial.batch.columns.indexOf(c) + 1}, ' \t\u3000\u00a0'), '')`);
  const [counts] = await kernel.warehouse.query<{ absent: string; present: string; different: string }>(
    `select count(*) filter (where ${cells.map((c) => `${c} is null`).join(' or ')}) as absent,
       count(*) filter (where ${cells.map((c) => `${c} is not null`).join(' and ')}) as present,
       count(distinct ${cells.length === 1 ? cells[0] : `md5_number(${contentSql(cells)})`})
         filter (where ${cells.map((c) => `${c} is not null`).join(' and ')}) as different
     from (${filledSql(trial)})`,
    [trial.batch.path],
    { signal },
  );
  const repeated = Number(counts?.present ?? 0) - Number(counts?.different ?? 0);
  const examples =
    repeated === 0
      ? []
      : await kernel.warehouse.query<{ found: (string | null)[]; n: string }>(
          `select [${cells.join(', ')}] as found, count(*) as n from (${filledSql(trial)}) where ${cells.map((c) => `${c} is not null`).join(' and ')}
           group by 1 having count(*) > 1 order by 2 desc, 1 limit 5`,
          [trial.batch.path],
          { signal },
        );
  return {
    columns,
    absent: Number(counts?.absent ?? 0),
    repeated,
    examples: examples.map((e) => ({ values: e.found, rows: Number(e.n) })),
  };
}

/**
 * Candidates, the best first: single columns that nearly always differ, then pairs and more of those that differ most; last resort every column.
 * `rank` says how good an identifier a column is by what it means (greater is better); a running number only identifies a line of the file.
 */
export async function findKeys(
  kernel: Kernel,
  trial: Trial,
  profiles: readonly Profile[],
  rank: (column: string) => number,
  signal: AbortSignal,
): Promise<KeyCandidate[]> {
  const { columns } = trial.batch;
  const rows = trial.batch.rowsData;
  const about = columns
    .map((column, i) => ({ column, profile: profiles[i] as Profile, rank: rank(column) }))
    .filter(({ profile, rank }) => (profile.distinct > 1 || (rows === 1 && profile.distinct === 1)) && rank > 0)
    .sort((a, b) => b.rank - a.rank || b.profile.distinct - a.profile.distinct);
  const judged: KeyCandidate[] = [];
  for (const { column } of about.filter(({ profile }) => profile.distinct >= 0.9 * rows * (profile.exact ? 1 : 0.95)).slice(0, 6))
    judged.push(await judgeKey(kernel, trial, [column], signal));
  const ranks = (k: KeyCandidate): number => Math.min(...k.columns.map(rank));
  const good = (k: KeyCandidate): boolean => k.repeated + k.absent <= faultsAllowed(ranks(k)) * rows;
  if (!judged.some(good) && rows > 1) {
    // One column more at a time, always the one that tells the most rows apart.
    let group: string[] = [];
    for (let width = 1; width <= widest; width++) {
      let best: KeyCandidate | undefined;
      const others = about.filter(({ column, profile }) => !group.includes(column) && profile.absent < 0.05 * rows);
      const tried = [...others].sort((a, b) => b.profile.distinct - a.profile.distinct).slice(0, 8);
      for (const { column } of tried) {
        const found = await judgeKey(kernel, trial, [...group, column], signal);
        if (!best || found.repeated + found.absent < best.repeated + best.absent) best = found;
      }
      if (!best) break;
      group = [...best.columns];
      if (width > 1) judged.push(best);
      if (best.repeated + best.absent === 0) break;
    }
  }
  const sorted = judged.sort(
    (a, b) =>
      Number(good(b)) - Number(good(a)) ||
      ranks(b) - ranks(a) ||
      a.columns.length - b.columns.length ||
      a.repeated + a.absent - b.repeated - b.absent,
  );
  return sorted.some(good) ? sorted.slice(0, 5) : [await judgeKey(kernel, trial, columns, signal), ...sorted.slice(0, 4)];
}
