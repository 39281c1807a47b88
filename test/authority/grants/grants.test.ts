/** A sample of `npm run authority:grants`. */
import { expect, test } from 'vitest';
import { agree, describe } from './agree.ts';

const cases = Number(process.env['CHENGSHU_GRANTS'] ?? 10_000);
const seed = Number(process.env['CHENGSHU_SEED'] ?? Math.floor(Math.random() * 1_000_000));

test(`random grants × calls end as the slow reading says, and planted faults are seen (seed ${seed})`, { timeout: 120_000 }, async () => {
  const report = await agree({ cases, seed, perWorld: 500, plant: 20 });
  const told = describe(report);
  expect(report.disagreements, told).toEqual([]);
  expect(report.unseen, told).toEqual([]);
  expect(report.cases).toBe(cases);
  expect(report.door).toBeGreaterThan(cases / 50);
  // Every clause and every kind of answer is met often.
  expect(report.endings.size, told).toBe(15);
  for (const [name, n] of report.endings) expect(n, `${name}\n${told}`).toBeGreaterThan(cases / 400);
  const answers = [...report.endings].filter(([name]) => name.startsWith('answer')).reduce((sum, [, n]) => sum + n, 0);
  expect(answers, told).toBeGreaterThan(cases / 4);
});
