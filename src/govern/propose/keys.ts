/** Which columns could identify a row, the best first, and which of them are proposed. */
import type { Kernel } from '#kernel/stage';
import type { KeyClass } from './key-classes.ts';
import { combosOf, combosWith, type KeyColumn, survivors } from './key-combos.ts';
import { type CellOf, judgeKey, type KeyCandidate, reckonKey, searchedRows, withoutRepeats } from './key-judge.ts';
import type { Trial } from './sample.ts';

/** The keys found: the candidates, the best first, and the proposed one. It has no column where nothing identifies a row. */
export interface FoundKeys {
  readonly keys: readonly KeyCandidate[];
  readonly key: readonly string[];
}

/** A column that so many rows repeat or lack is still nearly unique; where more do, it says what a row is about. */
const nearly = 0.2;
/** Rows that lack a key which is unique otherwise, at most. */
const lacking = 0.02;

/** What speaks for each class where it identifies every row by itself. The number of a person goes before what differs perhaps by chance, and after what the row is about. */
const alone: Readonly<Record<KeyClass, number>> = {
  record: 10,
  code: 9,
  person: 7,
  dimension: 6,
  name: 6,
  human: 2.5,
  period: 1.5,
  line: 1.2,
  other: 1,
  told: 0,
  measure: 0,
  none: 0,
};
/** And where it nearly does: after pairs and more that do. */
const almost: Partial<Record<KeyClass, number>> = { record: 4.5, code: 4, person: 3 };
const [together, withCode, withName, whoAndWhen] = [8, 5, 2, 1.7];

/** A key with what speaks for it. */
interface Worth {
  readonly found: KeyCandidate;
  readonly worth: number;
}

/**
 * Candidates over the rows without exact repeats. In this order: a code of the record or of its thing; columns that together identify what a row
 * is about (place and year); the number of the person it is about; one column of it; a nearly unique code; persons' names; numbers of lines. Amounts and
 * remarks differ by chance: they are shown, and never proposed. `governed`: the values as they will be governed; profiles may have seen a part of the rows.
 */
export async function findKeys(
  kernel: Kernel,
  whole: Trial,
  columns: readonly KeyColumn[],
  governed: CellOf,
  signal: AbortSignal,
  mostRows = searchedRows,
): Promise<FoundKeys> {
  return withoutRepeats(kernel, whole, signal, async (trial) => {
    const rows = trial.batch.rowsData;
    const reckon = (names: readonly string[]): Promise<KeyCandidate> => reckonKey(kernel, trial, names, mostRows, signal);
    const isSound = (k: KeyCandidate): boolean => k.repeated === 0 && k.absent <= lacking * rows;
    const isNearly = (k: KeyCandidate): boolean => k.repeated + k.absent <= nearly * rows;
    const about = columns.filter((c) => c.class !== 'none' && c.profile.distinct > (rows === 1 ? 0 : 1));
    const classOf = (column: string): KeyClass => columns.find((c) => c.column === column)?.class ?? 'none';
    const found: Worth[] = [];
    const isBehindAmounts = (column: string): boolean => {
      const amount = columns.findIndex((c) => c.class === 'measure');
      return amount >= 0 && amount < columns.findIndex((c) => c.column === column);
    };

    const differing = about
      .filter(
        ({ profile }) => profile.distinct >= (1 - nearly) * (profile.rows - profile.absent) && profile.absent <= nearly * profile.rows,
      )
      .sort((a, b) => alone[b.class] - alone[a.class] || Number(a.isCounted) - Number(b.isCounted));
    const sound = new Set<string>();
    for (const { column, class: kind, isCounted } of differing.slice(0, mostSingles)) {
      const judged = await reckon([column]);
      // A record that is numbered 1, 2, 3 … goes after a code that says more; a code behind amounts is of something beside, and goes after a name.
      const less = kind === 'record' && isCounted ? 1.5 : kind === 'code' && isBehindAmounts(column) ? alone.code - alone.name + 0.1 : 0;
      const worth = isSound(judged) ? alone[kind] - less : isNearly(judged) ? (almost[kind] ?? 0) : 0;
      if (isSound(judged)) sound.add(column);
      found.push({ found: judged, worth });
    }
    const best = (): number => Math.max(0, ...found.map((f) => f.worth));
    const others = about.filter((c) => !sound.has(c.column) && c.profile.absent < 0.05 * c.profile.rows);

    const search = async (combos: readonly (readonly KeyColumn[])[], worthOf: (combo: readonly KeyColumn[]) => number): Promise<void> => {
      const wanted = combos.filter((combo) => worthOf(combo) > 0);
      let left = fewKeys;
      for (const combo of (await survivors(kernel, trial, wanted, signal)).slice(0, mostCombos)) {
        const names = combo.map((c) => c.column);
        if (found.some((f) => f.worth > 0 && f.found.columns.length > 1 && f.found.columns.every((c) => names.includes(c)))) continue;
        const judged = await reckon(names);
        if (!isSound(judged)) continue;
        found.push({ found: judged, worth: worthOf(combo) });
        if (--left === 0) return;
      }
    };
    // A year that all rows of this delivery have is another one in the next.
    const withOwnPeriods = async (found: KeyCandidate): Promise<KeyCandidate> => {
      if (!found.columns.some((c) => classOf(c) === 'period')) return found;
      const same = columns.filter((c) => c.class === 'period' && c.profile.distinct === 1 && c.profile.absent === 0 && rows > 1);
      const own = same.map((c) => c.column).filter((c) => !found.columns.includes(c));
      return own.length === 0 ? found : judgeKey(kernel, trial, [...own, ...found.columns], governed, signal);
    };
    const subjects = others.filter((c) => ['record', 'code', 'dimension', 'period'].includes(c.class));
    if (best() < together && rows > 1)
      await search(combosOf(subjects, rows), (combo) =>
        isGrid(combo, rows) ? together : combo.some((c) => isMostlyDifferent(c) && c.class in almost) ? withCode : 0,
      );
    if (best() <= withName && rows > 1)
      await search(
        combosWith(
          others.filter((c) => c.class === 'name' || c.class === 'human'),
          // Two persons of one name and age are two persons.
          subjects.filter((c) => !c.isAmount),
          rows,
        ),
        () => withName,
      );
    if (best() <= whoAndWhen && rows > 1) {
      // A day that is met once needs a name beside it only where the table has numbers of persons or things: then it is met once by chance.
      const who = others.filter((c) => c.class in almost || ['other', 'human', 'name', 'dimension'].includes(c.class));
      const when = about.filter((c) => c.class === 'period' && (!sound.has(c.column) || who.some((w) => w.class in almost)));
      await search(
        combosWith(who, when, rows).filter((combo) => combo.length === 2),
        () => whoAndWhen,
      );
    }

    // The search goes by the written values. The offered keys are counted by the values that will be governed.
    const sorted = [...found].sort(
      (a, b) => b.worth - a.worth || a.found.columns.length - b.found.columns.length || a.found.absent - b.found.absent,
    );
    const offered: Worth[] = [];
    for (const { found: k, worth } of sorted.slice(0, fewKeys + 2)) {
      const judged = await judgeKey(kernel, trial, k.columns, governed, signal);
      const kept = isSound(judged) || (k.columns.length === 1 && isNearly(judged) && (almost[classOf(k.columns[0] as string)] ?? 0) > 0);
      const less = isSound(judged) ? worth : Math.min(worth, almost[classOf(k.columns[0] as string)] ?? 0);
      offered.push({ found: judged, worth: kept ? less : 0 });
    }
    offered.sort((a, b) => b.worth - a.worth || a.found.repeated + a.found.absent - b.found.repeated - b.found.absent);
    const first = offered[0];
    if (!first || first.worth === 0) return { keys: offered.map((o) => o.found), key: [] };
    const whole = await withOwnPeriods(first.found);
    return { keys: whole === first.found ? offered.map((o) => o.found) : [whole, ...offered.map((o) => o.found)], key: whole.columns };
  });
}

/** Keys that are offered of a search, columns tried alone, and groups of columns counted over all rows, at most. */
const fewKeys = 3;
const mostSingles = 8;
const mostCombos = 24;

const isMostlyDifferent = (c: KeyColumn): boolean => c.profile.distinct >= 0.5 * (c.profile.rows - c.profile.absent);

/**
 * Whether it is no chance that these columns together tell all rows apart: rows put by chance into the cells of their values would meet several
 * times (n(n-1)/2 pairs of rows over that many cells), or every cell has its row.
 */
function isGrid(combo: readonly KeyColumn[], rows: number): boolean {
  const cells = combo.reduce((n, c) => n * c.distinct, 1);
  if (cells === rows) return true;
  // Scores and ages alone are not what a row is about.
  if (combo.every((c) => c.isAmount)) return false;
  const meetings = (rows * (rows - 1)) / 2 / cells;
  return meetings >= (rows >= 0.5 * cells ? 3 : 6);
}
