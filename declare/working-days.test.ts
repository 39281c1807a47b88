/** Counting working days: against the arrangement of 2026, and as a law that holds for any days. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendars } from '#elements/index';
import { calendar } from './calendar.ts';
import { workingDays } from './working-days.ts';

const china = workingDays(calendars);
const ms = 86_400_000;
const first = Date.parse('2025-01-01T00:00:00Z');
/** Any day of the two years that are known. */
const anyDay = fc.integer({ min: 0, max: 729 }).map((n) => new Date(first + n * ms).toISOString().slice(0, 10));

describe('the arrangement of 2026', () => {
  test('knows days off within the week and weekend days that are worked', () => {
    expect(china.isWorked('2026-10-01')).toBe(false);
    expect(china.isWorked('2026-10-10')).toBe(true); // A Saturday worked for the National Day.
    expect(china.isWorked('2026-10-11')).toBe(false); // A Sunday as any other.
    expect(china.isWorked('2026-11-26')).toBe(true);
  });

  test('the day of beginning does not count, and the last day is a working day', () => {
    expect(china.after('2026-11-24', 3)).toBe('2026-11-27');
    expect(china.after('2026-09-30', 1)).toBe('2026-10-08');
    // 8, 9, 10 (a Saturday that is worked), 12, 13 October.
    expect(china.after('2026-10-01', 5)).toBe('2026-10-13');
    expect(china.after('2026-02-13', 2)).toBe('2026-02-24'); // Saturday 14 is worked, then nine days off.
  });

  test('days that are left and days that are over are one count with a sign', () => {
    expect(china.between('2026-11-24', '2026-11-27')).toBe(3);
    expect(china.between('2026-11-27', '2026-11-27')).toBe(0);
    expect(china.between('2026-11-30', '2026-11-27')).toBe(-1);
  });

  test('has as many working days in a year as the arrangement leaves', () => {
    expect(china.between('2025-12-31', '2026-12-31')).toBe(248);
    expect(china.between('2024-12-31', '2025-01-01')).toBe(0);
    expect(china.between('2024-12-31', '2025-12-31')).toBe(248);
  });
});

describe('a year without an arrangement', () => {
  test('is not guessed', () => {
    expect(china.lastYear).toBe(2026);
    expect(china.isWorked('2027-01-04')).toBeUndefined();
    expect(china.after('2026-12-25', 10)).toBeUndefined();
    expect(china.between('2026-12-25', '2027-01-08')).toBeUndefined();
    expect(china.after('2026-12-25', 4)).toBe('2026-12-31');
  });

  test('is known once some calendar arranges it', () => {
    const next = calendar({
      id: 'next',
      title: { zh: '下一年' },
      years: [{ year: 2027, basis: '通知', days: [{ day: '2027-01-01', title: { zh: '元旦' }, works: false }] }],
    });
    const both = workingDays([...calendars, next]);
    expect(both.after('2026-12-25', 5)).toBe('2027-01-04');
    expect(both.lastYear).toBe(2027);
  });

  test('nothing at all is known without a calendar', () => {
    expect(workingDays([]).isWorked('2026-11-26')).toBeUndefined();
    expect(workingDays([]).lastYear).toBeUndefined();
  });
});

describe('for any days', () => {
  test('counting forth and counting between agree', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (start, count) => {
        const end = china.after(start, count);
        if (end === undefined) return;
        expect(china.between(start, end)).toBe(count);
        expect(china.isWorked(end)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a longer way is the sum of its parts, and backwards it is the same with the other sign', () => {
    fc.assert(
      fc.property(anyDay, anyDay, anyDay, (...days) => {
        const [a = '', b = '', c = ''] = days.toSorted();
        expect(china.between(a, c)).toBe((china.between(a, b) ?? Number.NaN) + (china.between(b, c) ?? Number.NaN));
        expect(china.between(c, a)).toBe(-(china.between(a, c) ?? Number.NaN) || 0);
      }),
      { numRuns: 80 },
    );
  });

  test('one more day of limit never ends earlier, nor does a later beginning', () => {
    fc.assert(
      fc.property(anyDay, anyDay, fc.integer({ min: 1, max: 40 }), (x, y, count) => {
        const [early = '', late = ''] = [x, y].toSorted();
        const [a, b, more] = [china.after(early, count), china.after(late, count), china.after(early, count + 1)];
        if (a !== undefined && b !== undefined) expect(a <= b).toBe(true);
        if (a !== undefined && more !== undefined) expect(a < more).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
