/** The small run of the schedules; `npm run late-rows` runs many. */
import { expect, test } from 'vitest';
import { trySchedules } from './late-rows.ts';

test('50 random schedules of writers and killed readings: every committed row is current exactly once', async () => {
  const report = await trySchedules({ schedules: 50, seed: 14 });
  expect(report.faults).toEqual([]);
  // The schedules are worth their name only where rows did come late and readings were killed.
  expect(report.late).toBeGreaterThan(20);
  expect(report.killed).toBeGreaterThan(10);
});
