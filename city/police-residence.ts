/**
 * 公安 changes of residence (居住变更信息, table ldrk_bgxx), delivered incrementally. `gxsj` says when the change happened at the police
 * station, `rksj` when it reached this table: rows come late, so a cursor over `gxsj` would lose them. Only `rid` (and with it `rksj`)
 * grows; among rows of one person the greatest `gxsj` wins. Rows of one person always differ by a whole day of `gxsj`.
 */
import { addressIn, phoneNumber } from './addresses.ts';
import { addDays, dayNumber, dayText, instantText } from './calendar.ts';
import { at, type Draft, type DraftRow, draftRow, type Settled, settle } from './draft.ts';
import { absentCodes, identityChecks, nulls, plantFaults } from './faults.ts';
import { identityWays, writeOtherwise } from './forms.ts';
import { absentDivisions, placeNow, places } from './overlay.ts';
import type { Person } from './people.ts';
import { type Random, randomOf } from './random.ts';

/** Columns of ldrk_bgxx after its primary key `rid`. */
export const residenceColumns = ['gmsfhm', 'xm', 'lxdh', 'jzdz', 'xzqh', 'gxsj', 'rksj'] as const;

/** What later rounds need to know of the first delivery. */
export interface ResidenceBook {
  readonly source: string;
  readonly seed: string;
  /** The first delivery; row numbers are `rid` from 1. */
  readonly opening: Settled;
  /** People who may change residence; those for faulty rows are kept apart, so that no person has a faulty row beside a right one. */
  readonly movers: readonly Person[];
  readonly kept: readonly Person[];
  /** People with exactly one row in the first delivery and the day of it: a later round brings an older row of theirs. */
  readonly singles: readonly { readonly person: Person; readonly day: string }[];
  /** Rows of every further round. */
  readonly roundSize: number;
}

const firstChange = dayNumber('2019-01-01');
const lastChange = dayNumber('2024-12-20');
const openingDay = '2025-01-01';
const firstRoundDay = '2025-07-01';

/** The first delivery: a fifth of the people with one to three changes each, a tenth of the repeated ones arriving late. */
export function policeResidence(source: string, seed: string, people: readonly Person[]): ResidenceBook {
  const random = randomOf(seed, 'police-residence');
  const kept = people.filter((_, i) => i % 29 === 3);
  const movers = people.filter((_, i) => i % 29 !== 3);
  const draft: Draft = { source, columns: residenceColumns, rows: [] };
  const arrivals: { row: DraftRow; arrives: string }[] = [];
  const singles: { person: Person; day: string }[] = [];
  for (const person of movers) {
    // A permit holder is known to the police by residence only.
    if (person.nation !== null && !random.chance(0.2)) continue;
    const count = random.chance(0.7) ? 1 : random.int(2, 3);
    const days = distinctDays(random, person, count);
    if (count === 1) singles.push({ person, day: days[0] as string });
    const last = days.at(-1) as string;
    days.forEach((day, i) => {
      const row = change(random, person, day);
      const late = i < count - 1 && random.chance(0.3);
      if (late) row.traps.push({ kind: 'late-row', column: 'gxsj', value: row.cells[at(draft, 'gxsj')] ?? null, expected: null });
      arrivals.push({ row, arrives: late ? `${addDays(last, random.int(1, 6))} 9` : `${day} 1` });
    });
  }
  for (const person of random.shuffled(kept).slice(0, Math.max(10, Math.round(people.length * 0.002)))) {
    const day = distinctDays(random, person, 1)[0] as string;
    arrivals.push({ row: change(random, person, day), arrives: `${day} 1` });
  }
  const keptNumbers = new Set<string | null>(kept.map((p) => p.identity));
  const toSpoil: Draft = { ...draft, rows: arrivals.filter((a) => keptNumbers.has(a.row.person)).map((a) => a.row) };
  plantFaults(toSpoil, random, [
    identityChecks(draft, random, 0.3, 3, 'gmsfhm'),
    nulls(draft, 0.3, 3, ['xm', 'gxsj', 'xzqh']),
    absentCodes(draft, 0.3, 3, 'xzqh', absentDivisions),
  ]);
  draft.rows = arrivals.sort((a, b) => (a.arrives < b.arrives ? -1 : a.arrives > b.arrives ? 1 : 0)).map((a) => a.row);
  writeOtherwise(draft, random, identityWays(random, 'gmsfhm', false));
  stampArrival(draft, openingDay);
  return { source, seed, opening: settle(draft, 1), movers, kept, singles, roundSize: Math.max(20, Math.round(people.length * 0.02)) };
}

/**
 * Round `round` (1, 2, …) of the incremental source: new changes, one row in ten late (older than the row of that person already
 * delivered), and one row of each fault. The same round is always the same.
 */
export function policeRound(book: ResidenceBook, round: number): Settled {
  const random = randomOf(book.seed, `police-residence round ${round}`);
  const draft: Draft = { source: book.source, columns: residenceColumns, rows: [] };
  const day = addDays(firstRoundDay, round - 1);
  const late = Math.max(3, Math.round(book.roundSize / 10));
  const lateRows = Array.from({ length: late }, (_, i) => {
    const { person, day: known } = book.singles[((round - 1) * late + i) % book.singles.length] as ResidenceBook['singles'][number];
    // One more day back each round keeps the days of one person apart when a later round comes to the same person again.
    const row = change(random, person, addDays(known, -1 - round));
    row.traps.push({ kind: 'late-row', column: 'gxsj', value: row.cells[at(draft, 'gxsj')] ?? null, expected: null });
    return row;
  });
  const spoiled = random
    .shuffled(book.kept)
    .slice(0, 3)
    .map((p) => change(random, p, day));
  plantFaults({ ...draft, rows: spoiled }, random, [
    identityChecks(draft, random, 0, 1, 'gmsfhm'),
    nulls(draft, 0, 1, ['xm']),
    absentCodes(draft, 0, 1, 'xzqh', absentDivisions),
  ]);
  const movers = pickDistinct(random, book.movers, book.roundSize - late - spoiled.length);
  draft.rows = random.shuffled([...movers.map((p) => change(random, p, day)), ...lateRows, ...spoiled]);
  stampArrival(draft, addDays(day, 1));
  return settle(draft, book.opening.rows.length + 1 + (round - 1) * book.roundSize);
}

/** Of the deliveries up to and including `lastRound` (0: the first only): identity number → `rid` of the row that must win. */
export function policeWinners(book: ResidenceBook, lastRound: number): ReadonlyMap<string, number> {
  const best = new Map<string, { rid: number; updated: string }>();
  const updated = at(book.opening, 'gxsj');
  for (const part of [book.opening, ...Array.from({ length: lastRound }, (_, i) => policeRound(book, i + 1))])
    part.drafts.forEach((row, i) => {
      if (row.fault || row.person === null) return;
      const stamp = row.cells[updated] as string;
      const known = best.get(row.person);
      if (!known || known.updated < stamp) best.set(row.person, { rid: part.first + i, updated: stamp });
    });
  return new Map([...best].map(([identity, { rid }]) => [identity, rid]));
}

function change(random: Random, person: Person, day: string): DraftRow {
  const place = random.chance(0.5) ? person.living : random.pick(places);
  const phone = random.chance(0.1) ? phoneNumber(random) : person.phone;
  const updated = instantText(day, random.int(28_800, 64_800));
  return draftRow([person.identity, person.name, phone, addressIn(random, place), placeNow(place).code, updated, null], {
    person: person.identity,
  });
}

/** Every row of a delivery has its own second of arrival, in the order of `rid`. */
function stampArrival(draft: Draft, from: string): void {
  const index = at(draft, 'rksj');
  draft.rows.forEach((row, i) => {
    row.cells[index] = instantText(addDays(from, Math.floor(i / 86_400)), i % 86_400);
  });
}

/** Days of changes, in order; the first year of life is left free, because later rounds go back some days from here. */
function distinctDays(random: Random, person: Person, count: number): string[] {
  const days = new Set<string>();
  const from = Math.max(firstChange, dayNumber(person.birth) + 366);
  while (days.size < count) days.add(dayText(random.int(from, lastChange)));
  return [...days].sort();
}

function pickDistinct<T>(random: Random, items: readonly T[], count: number): T[] {
  const picked = new Set<T>();
  while (picked.size < Math.min(count, items.length)) picked.add(random.pick(items));
  return [...picked];
}
