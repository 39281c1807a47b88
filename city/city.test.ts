/** The city is the same for the same seed, its clean rows keep every check by an independent calculation, and each faulty row breaks exactly one. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type City,
  deliveryOf,
  departments,
  divisionOverlay,
  faultKinds,
  formKinds,
  generateCity,
  roundOf,
  type Settled,
  sourceOf,
  sources,
  trapKinds,
  truthAfter,
  winnersAfter,
} from './index.ts';
import { industries } from './industries.ts';

const small = generateCity({ seed: 7, scale: 0.02 });
const middle = generateCity({ seed: 'fresh', scale: 0.1 });

const digest = (city: City): string => {
  const hash = createHash('sha256');
  for (const d of city.deliveries.values()) hash.update(JSON.stringify([d.source, d.rows, d.faults, d.forms, d.traps]));
  return hash.update(JSON.stringify([roundOf(city, 1).rows, [...city.truth.people], [...city.truth.winners]])).digest('hex');
};

describe('a seed', () => {
  test('always makes the same city', () => {
    expect(digest(generateCity({ seed: 7, scale: 0.02 }))).toBe(digest(small));
  });
  test('of its own makes another city', () => {
    expect(digest(generateCity({ seed: 8, scale: 0.02 }))).not.toBe(digest(small));
  });
  test('keeps the layout of every source', () => {
    for (const d of small.deliveries.values()) expect(deliveryOf(middle, d.source).columns).toEqual(d.columns);
  });
});

// Every check below is calculated anew, from the standards, not with what made the city.

/** GB 11643 in its recursive form, ISO 7064 clause 8. */
const identityHolds = (id: string): boolean => {
  if (!/^\d{17}[\dX]$/.test(id)) return false;
  let p = 0;
  for (const c of id.slice(0, 17)) p = ((p + Number(c)) * 2) % 11;
  return '0123456789X'.charAt((12 - p) % 11) === id.charAt(17);
};

const creditHolds = (code: string): boolean => {
  const chars = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  if (!/^[1-9ANY][0-9A-Z]\d{6}[0-9A-HJ-NP-RT-UW-Y]{8}[0-9X][0-9A-HJ-NP-RT-UW-Y]$/.test(code)) return false;
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += chars.indexOf(code.charAt(i)) * (3 ** i % 31);
  const organisation = [3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * Number.parseInt(code.charAt(8 + i), 36), 0);
  const check = (11 - (organisation % 11)) % 11;
  const outer = (sum + chars.indexOf(code.charAt(17))) % 31;
  return outer === 0 && code.charAt(16) === (check === 10 ? 'X' : String(check));
};

const nations = new Set(Array.from({ length: 56 }, (_, i) => String(i + 1).padStart(2, '0')));
const inForce = (code: string, day: string): boolean =>
  divisionOverlay.items.some(
    (i) => i.code === code && (i.validFrom === null || i.validFrom <= day) && (i.validTo === null || day <= i.validTo),
  );

const narrow = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/^[\s\u3000]+|[\s\u3000]+$/g, '');
const standardIdentity = (text: string): string => {
  const id = narrow(text).toUpperCase();
  if (id.length !== 15) return id;
  const body = `${id.slice(0, 6)}19${id.slice(6)}`;
  return [...'0123456789X'].map((c) => body + c).find(identityHolds) as string;
};
const standardDate = (text: string): string => {
  const m = /^(\d{4})[/年-]?(\d{1,2})[/月-]?(\d{1,2})日?$/.exec(text) as RegExpExecArray;
  return [m[1], m[2]?.padStart(2, '0'), m[3]?.padStart(2, '0')].join('-');
};

/** What is wrong with a row, as column and kind; repeated rows are seen by the caller. */
function wrong(source: string, columns: readonly string[], cells: readonly (string | null)[]): string[] {
  const found: string[] = [];
  const described = sourceOf(source).columns;
  const cell = new Map(columns.map((name, i) => [name, cells[i] ?? null]));
  const label = columns.find((c) => ['小计', '合计', '总计'].includes(cell.get(c) ?? ''));
  if (label) return [`${label} total-row`];
  const of = (element: string): string | null => cell.get(described.find((c) => c.element === element)?.name ?? '') ?? null;
  const record = cell.get('gxsj')?.slice(0, 10) ?? '2024-12-31';
  for (const { name, element, required } of described) {
    if (!cell.has(name) || name === '所属区县') continue;
    const value = cell.get(name) ?? null;
    if (value === null) {
      if (required) found.push(`${name} null-required`);
      continue;
    }
    if (element === 'identity-number' && !identityHolds(standardIdentity(value))) found.push(`${name} check-digit`);
    if (element === 'credit-code' && !creditHolds(narrow(value))) found.push(`${name} check-digit`);
    if (element === 'division' && !inForce(value, record)) found.push(`${name} code-absent`);
    if (element === 'nation' && !nations.has(value)) found.push(`${name} code-absent`);
    if (element === 'industry' && !industries.includes(value)) found.push(`${name} code-absent`);
    if (element === 'phone') expect(value).toMatch(/^1[3-9]\d{9}$/);
    if (element === 'date') expect(Number.isNaN(Date.parse(standardDate(value)))).toBe(false);
    if (name === 'csrq' || name === '出生日期') {
      const id = of('identity-number');
      const born = id === null ? null : standardIdentity(id).slice(6, 14);
      if (born !== null && standardDate(value).replaceAll('-', '') !== born) found.push(`${name} day-month-swapped`);
    }
    if (element === 'sex' && of('identity-number') !== null)
      expect(Number(standardIdentity(of('identity-number') as string).charAt(16)) % 2 === 1).toBe(value === '1' || value === '男');
  }
  return found;
}

const deliveries = (city: City): Settled[] => [...city.deliveries.values(), roundOf(city, 1), roundOf(city, 2)];

describe.each([
  ['small', small],
  ['middle', middle],
])('the %s city', (_, city) => {
  test('has no fault but the planted ones, and one in each faulty row', () => {
    for (const d of deliveries(city)) {
      const planted = new Map(d.faults.map((f) => [f.row, f]));
      expect(planted.size).toBe(d.faults.length);
      d.rows.forEach((cells, i) => {
        const fault = planted.get(d.first + i);
        const expected = fault && fault.kind !== 'duplicate-row' ? [`${fault.column} ${fault.kind}`] : [];
        expect([d.source, d.first + i, ...wrong(d.source, d.columns, cells)]).toEqual([d.source, d.first + i, ...expected]);
      });
    }
  });

  test('repeats rows exactly where it says so and nowhere else', () => {
    for (const d of city.deliveries.values()) {
      const seen = new Map<string, number>();
      const repeated: [number, string][] = [];
      d.rows.forEach((cells, i) => {
        // The district is merged over its rows, so every row of a district has it.
        const text = JSON.stringify(d.source === 'market-enterprises' ? cells.slice(1) : cells);
        const before = seen.get(text);
        if (before !== undefined) repeated.push([d.first + i, String(before)]);
        else seen.set(text, d.first + i);
      });
      expect(d.faults.filter((f) => f.kind === 'duplicate-row').map((f) => [f.row, f.value])).toEqual(repeated);
    }
  });

  test('has at least three of everything', () => {
    const { faults, forms, traps } = city.truth;
    for (const kind of faultKinds) expect([kind, faults.filter((f) => f.kind === kind).length >= 3]).toEqual([kind, true]);
    for (const kind of formKinds) expect([kind, forms.filter((f) => f.kind === kind).length >= 3]).toEqual([kind, true]);
    for (const kind of trapKinds) expect([kind, traps.filter((f) => f.kind === kind).length >= 3]).toEqual([kind, true]);
  });

  test('says what each form means', () => {
    for (const f of city.truth.forms) {
      const value = f.value as string;
      if (f.kind === 'date-form') expect(standardDate(value)).toBe(f.expected);
      else if (f.kind === 'surrounding-blanks') expect(narrow(value)).toBe(f.expected);
      else if ((f.expected as string).startsWith('9') || f.column === '单位统一社会信用代码') expect(narrow(value)).toBe(f.expected);
      else expect(standardIdentity(value)).toBe(f.expected);
    }
  });

  test('points at the cells it speaks of', () => {
    for (const t of [...city.truth.faults, ...city.truth.forms, ...city.truth.traps]) {
      const d = deliveryOf(city, t.source);
      const cells = d.rows[t.row - d.first] as readonly (string | null)[];
      if (t.column !== null) expect(cells[d.columns.indexOf(t.column)]).toBe(t.value);
    }
  });

  test('uses no real division', () => {
    for (const p of city.people) expect(p.identity).toMatch(/^(3499|8[123]0000|9)/);
    for (const e of city.enterprises) expect(e.credit.slice(2, 6)).toBe('3499');
    for (const i of divisionOverlay.items) expect(i.code.slice(0, 4)).toBe('3499');
    for (const p of city.people) if (p.identity.startsWith('3499')) expect(inForce(p.identity.slice(0, 6), p.birth)).toBe(true);
  });

  test('knows whose every clean row is', () => {
    let rows = 0;
    for (const golden of city.truth.people.values())
      for (const { source, row } of golden.rows) {
        const d = deliveryOf(city, source);
        const column = sourceOf(source).columns.find((c) => c.key)?.name as string;
        expect(standardIdentity(d.rows[row - d.first]?.[d.columns.indexOf(column)] as string)).toBe(golden.key);
        rows++;
      }
    const all = [...city.deliveries.values()].filter((d) => d.source !== 'market-enterprises');
    expect(rows).toBe(all.reduce((n, d) => n + d.rows.length - d.faults.length, 0));
  });

  test('has homonyms who are two people, and disagreements between departments', () => {
    const twins = city.people.filter((p) => p.homonym === 'birth');
    for (const twin of twins)
      expect(city.people.some((p) => p !== twin && p.name === twin.name && p.birth === twin.birth && p.identity !== twin.identity)).toBe(
        true,
      );
    expect(twins.length).toBeGreaterThanOrEqual(3);
    const phones = (source: string, column: string): Map<string | null | undefined, string | null | undefined> => {
      const d = deliveryOf(city, source);
      return new Map(d.drafts.map((r) => [r.person, r.cells[d.columns.indexOf(column)]]));
    };
    const insured = phones('insured-persons', '手机号');
    expect(
      [...phones('health-records', '联系电话')].filter(([id, phone]) => phone && insured.get(id) && insured.get(id) !== phone).length,
    ).toBeGreaterThan(10);
  });
});

describe('the incremental source', () => {
  const read = (lastRound: number) => [small.residence.opening, ...Array.from({ length: lastRound }, (_, i) => roundOf(small, i + 1))];

  test('numbers and stamps rows without a gap, ever later', () => {
    let rid = 1;
    let before = '';
    for (const d of read(3)) {
      expect(d.first).toBe(rid);
      rid += d.rows.length;
      for (const cells of d.rows) {
        const stamp = cells[d.columns.indexOf('rksj')] as string;
        expect(stamp > before).toBe(true);
        before = stamp;
      }
    }
  });

  test('brings rows of one person out of order, a day apart, and names the one that wins', () => {
    const days = new Map<string, { day: string; rid: number; clean: boolean }[]>();
    for (const d of read(3))
      d.drafts.forEach((r, i) => {
        const updated = r.cells[d.columns.indexOf('gxsj')] ?? null;
        if (updated !== null)
          days.set(r.person as string, [
            ...(days.get(r.person as string) ?? []),
            { day: updated.slice(0, 10), rid: d.first + i, clean: r.fault === null },
          ]);
      });
    let disordered = 0;
    for (const [person, rows] of days) {
      const clean = rows.filter((r) => r.clean);
      expect(new Set(clean.map((r) => r.day)).size).toBe(clean.length);
      if (clean.length === 0) continue;
      const winner = clean.reduce((a, b) => (a.day > b.day ? a : b));
      expect(winnersAfter(small, 3).get(person)).toBe(winner.rid);
      if (winner.rid !== Math.max(...clean.map((r) => r.rid))) disordered++;
    }
    expect(disordered).toBeGreaterThanOrEqual(3);
  });

  test('has an older row than one already delivered in every round', () => {
    for (const round of [1, 2, 3])
      expect(roundOf(small, round).traps.filter((t) => t.kind === 'late-row').length).toBeGreaterThanOrEqual(3);
  });
});

test('departments carry provider codes that check, and every source has a department', () => {
  for (const d of departments) expect([d.id, creditHolds(d.code)]).toEqual([d.id, true]);
  expect(new Set(departments.map((d) => d.code)).size).toBe(departments.length);
  for (const s of sources) expect(departments.some((d) => d.id === s.department)).toBe(true);
});

test('truth grows with the rounds', () => {
  const after = truthAfter(small, 2);
  expect(truthAfter(small, 0)).toEqual(small.truth);
  expect(after.faults.length).toBe(small.truth.faults.length + roundOf(small, 1).faults.length + roundOf(small, 2).faults.length);
  expect([...after.winners]).toEqual([...winnersAfter(small, 2)]);
});

test('twenty fresh seeds make twenty cities', () => {
  for (let seed = 100; seed < 120; seed++) expect(generateCity({ seed, scale: 0.02 }).truth.faults.length).toBeGreaterThan(50);
});
