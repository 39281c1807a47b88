/** The table of the zone setting says what the clocks of this machine, of PostgreSQL and of DuckDB say, at every change and between. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instantWritten, parseInstant } from '#declare/expr/instant';
import { clockOf, offsetAt, SPANS, secondsOf, UNSURE_HOURS, WALL_SPANS } from '#declare/expr/zone';
import { zone } from '#kernel/clock';
import { openDuckdb, openPostgres, type RunningEngine } from './engines.ts';

let engines: RunningEngine[] = [];
beforeAll(async () => {
  engines = [await openDuckdb(), await openPostgres()];
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

const changes = SPANS.flatMap(({ from, to }) => (from === null ? [to] : [from, to])).map(secondsOf);
const instants = [...changes.flatMap((s) => [s - 1, s, s + 3 * 3600]), ...['1880-01-01', '1955-07-01', '2026-07-01'].map(secondsOf)];

test('the clocks of this machine', () => {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  expect(instants.map((s) => clockOf(s + offsetAt(s, SPANS)))).toEqual(instants.map((s) => shown.format(s * 1000)));
});

test('the hours in doubt are those that no instant shows, or two', () => {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const showing = (wall: number): number =>
    [28_800, 32_400].filter((offset) => shown.format((wall - offset) * 1000) === clockOf(wall)).length;
  const hours = UNSURE_HOURS.map(secondsOf);
  expect(hours.map((h) => showing(h + 1800)).sort()).toEqual([
    ...hours.slice(0, hours.length / 2).map(() => 0),
    ...hours.slice(0, hours.length / 2).map(() => 2),
  ]);
  expect(hours.flatMap((h) => [showing(h - 1), showing(h + 3600)])).toEqual(hours.flatMap(() => [1, 1]));
});

test('the clocks of the engines, told an instant or a wall clock', async () => {
  const walls = changes.flatMap((s) => [s + 25_200, s + 28_800, s + 30_600, s + 32_400, s + 36_000]);
  for (const { engine, ask } of engines) {
    const local = instants.map((s) => `cast(timezone('${zone}', timestamptz '${clockOf(s)}+00') as varchar)`);
    expect((await ask(`select ${local.join(', ')}`))[0], engine).toEqual(instants.map((s) => clockOf(s + offsetAt(s, SPANS))));
    if (engine === 'duckdb') continue;
    const told = walls.map((s) => `cast(timezone('UTC', timezone('${zone}', timestamp '${clockOf(s)}')) as varchar)`);
    // Local mean time is beyond the question: its last minutes came twice, and engines choose either.
    const sure = walls.map((s, i) => [i, s] as const).filter(([, s]) => s > secondsOf('1901-01-01 00:05:43'));
    const answers = (await ask(`select ${told.join(', ')}`))[0] ?? [];
    expect(sure.map(([i]) => answers[i])).toEqual(sure.map(([, s]) => clockOf(s - offsetAt(s, WALL_SPANS))));
  }
});

test('what is written is read again, whatever the offset', () => {
  for (const [written, local] of [
    ['1988-07-01T00:00:00', '1988-07-01T00:00:00+09:00'],
    ['1942-07-01T00:00:00', '1942-07-01T00:00:00+09:00'],
    ['1900-06-01T00:00:00', '1900-06-01T00:00:00+08:05:43'],
    ['2026-04-30T16:00:00.5Z', '2026-05-01T00:00:00.5+08:00'],
    ['2026-05-01T08:00:00-05:30', '2026-05-01T21:30:00+08:00'],
  ] as const) {
    const instant = parseInstant(written) as string;
    expect(instantWritten(instant)).toBe(local);
    expect(parseInstant(local)).toBe(instant);
  }
});
