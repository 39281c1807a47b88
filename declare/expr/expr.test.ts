/** What trees mean, written out: types and their places, exact decimals, days, and the sentence. */

import { describe, expect, test } from 'vitest';

import * as e from './index.ts';

const env: e.Env = { today: '2026-11-24', codeList: () => [] };
const of = (expr: e.Expr, row: e.Row = {}): e.Result => e.evaluate(expr, row, env);
const place = (make: () => unknown): e.Place => {
  try {
    make();
  } catch (error) {
    if (error instanceof e.ExprError) return error.path;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('types', () => {
  test('an error names its place', () => {
    expect(place(() => e.typeOf(e.all(e.bool(true), e.eq(e.col('a'), e.num(1)))))).toEqual(['of', 1, 'right']);
    expect(place(() => e.typeOf(e.not(e.isBlank(e.col('missing'))), { a: 'text' }))).toEqual(['of', 'of']);
    expect(place(() => e.typeOf(e.lt(e.bool(true), e.bool(false))))).toEqual([]);
  });

  test('a column of another type is refused', () => {
    expect(() => e.typeOf(e.len(e.col('a')), { a: 'number' })).toThrow('expected text here, found number');
  });
});

describe('constants', () => {
  test.each([
    () => e.text('a\0'),
    () => e.text('\udc00'),
    () => e.num('1e3'),
    () => e.num('123456789012345678'),
    () => e.date('2023-02-29'),
    () => e.date('0000-01-01'),
    () => e.col(''),
  ])('%s is refused', (make) => {
    expect(make).toThrow(e.ExprError);
  });

  test('a number has one spelling', () => {
    expect([e.num('-0'), e.num('007.50'), e.num(0.1)].map(({ value }) => value)).toEqual(['0', '7.5', '0.1']);
  });
});

describe('numbers', () => {
  test('are exact and round half away from zero', () => {
    expect(of(e.plus(e.num('0.1'), e.num('0.2')))).toBe('0.3');
    expect(of(e.round(e.num('-2.5'), 0))).toBe('-3');
    expect(of(e.round(e.num('1.005'), 2))).toBe('1.01');
    expect(of(e.div(1, 3))).toBe('0.3333333333');
    expect(of(e.div(-2, 3))).toBe('-0.6666666667');
    expect(of(e.mod(-7, 3))).toBe('-1');
    expect(of(e.floor(e.num('-0.5')))).toBe('-1');
  });

  test('out of range or divided by zero they are absent', () => {
    expect(of(e.times(e.num('99999999999999999'), 2))).toBeNull();
    expect(of(e.div(1, 0))).toBeNull();
    expect(of(e.mod(1, 0))).toBeNull();
  });
});

describe('dates', () => {
  const years = (from: string, to: string): e.Result => of(e.wholeYears(e.date(from), e.date(to)));

  test('a leap-day child completes a common year on 1 March', () => {
    expect(years('2000-02-29', '2023-02-28')).toBe('22');
    expect(years('2000-02-29', '2023-03-01')).toBe('23');
    expect(years('2000-02-29', '2024-02-29')).toBe('24');
    expect(years('2024-01-02', '2024-01-01')).toBe('-1');
  });

  test('only existing days are read', () => {
    const read = (text: string, format?: e.DateFormat): e.Result => of(e.toDate(e.text(text), format));
    expect(read('2024-02-29')).toBe('2024-02-29');
    expect(read('20240229', 'YYYYMMDD')).toBe('2024-02-29');
    expect(read('2024年02月29日', 'YYYY年MM月DD日')).toBe('2024-02-29');
    expect(['2023-02-29', '1900-02-29', '2024-2-9', '2024-02-29\n', '0000-01-01', '２０２４-02-29'].map((text) => read(text))).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test('the calendar ends with 9999', () => {
    expect(of(e.addDays(e.date('9999-12-31'), 1))).toBeNull();
    expect(of(e.addDays(e.date('0001-01-01'), -1))).toBeNull();
    expect(of(e.addDays(e.date('2024-02-28'), 2))).toBe('2024-03-01');
    expect(of(e.dateOf(2100, 2, 29))).toBeNull();
  });
});

describe('text', () => {
  test('counts code points and orders by them', () => {
    expect(of(e.slice(e.text('𠮷a𠮷'), 2, 2))).toBe('a𠮷');
    expect(of(e.slice(e.text('abc'), 0, 2))).toBe('ab');
    expect(of(e.indexOf(e.text('𠮷a'), 'a'))).toBe('2');
    expect(of(e.lt(e.text('\ue000'), e.text('𠮷')))).toBe(true);
    expect(of(e.lt(e.text('a'), e.text('ab')))).toBe(true);
    expect(of(e.isAbsent(e.text('')))).toBe(false);
    expect(of(e.isBlank(e.text('')))).toBe(true);
    expect(of(e.trim(e.text('\u3000\t甲 \u00a0')))).toBe('甲');
    expect(of(e.halfWidth(e.text('Ａ１　～')))).toBe('A1 ~');
    expect(of(e.padStart(e.text('1234'), 3, '0'))).toBe('1234');
  });
});

describe('absence is decided, never inherited', () => {
  const missing = { a: null };
  test.each<[e.Absent, boolean | null]>([
    ['holds', true],
    ['fails', false],
    ['unknown', null],
  ])('%s', (absent, said) => {
    expect(of(e.eq(e.col('a'), e.text('x'), absent), missing)).toBe(said);
    expect(of(e.matches(e.col('a'), '.', absent), missing)).toBe(said);
    expect(of(e.inList(e.col('a'), 'any', absent), missing)).toBe(said);
  });

  test('Kleene', () => {
    const unknown = e.eq(e.col('a'), e.text('x'));
    expect(of(e.all(unknown, e.bool(false)), missing)).toBe(false);
    expect(of(e.all(unknown, e.bool(true)), missing)).toBeNull();
    expect(of(e.any(unknown, e.bool(true)), missing)).toBe(true);
    expect(of(e.not(unknown), missing)).toBeNull();
    expect(of(e.when(unknown, e.num(1), e.num(2)), missing)).toBe('2');
    expect(of(e.decided(unknown, 'holds'), missing)).toBe(true);
  });
});

test('a parameter must be bound before it is asked', () => {
  const rule = e.ge(e.value, e.param('least', 'text'));
  expect(e.paramsOf(rule)).toEqual(['least']);
  expect(() => of(rule, { value: 'b' })).toThrow('least');
  const bound = e.bind(rule, { value: e.upper(e.value), least: e.text('A') });
  expect(of(bound, { value: 'b' })).toBe(true);
  expect(e.columnsOf(bound)).toEqual(['value']);
});

test('a rule reads as a sentence', () => {
  const rule = e.all(
    e.not(e.isBlank(e.col('name'))),
    e.any(e.le(e.col('birth', 'date'), e.today, 'fails'), e.inListAt(e.col('region'), 'divisions', e.col('seen', 'date'))),
    e.ge(e.wholeYears(e.col('birth', 'date'), e.today), e.num(18)),
  );
  const names: e.Names = {
    columns: {
      name: { zh: '姓名', en: 'name' },
      birth: { zh: '出生日期', en: 'date of birth' },
      region: { zh: '区划' },
      seen: { zh: '登记日期', en: 'day of registration' },
    },
    codeLists: { divisions: { zh: '行政区划代码', en: 'Division codes' } },
  };
  expect(e.sentence(rule, names)).toEqual({
    zh: '姓名有值且不为空，且（出生日期不晚于当日（缺失时视为不符合），或者区划是《行政区划代码》中在登记日期有效的代码），且出生日期到当日的周年数不小于18',
    en: 'name is present and not empty, and (date of birth is not after today (fails when absent), or 区划 is a code of “Division codes” in force on day of registration), and the number of whole years from date of birth to today is at least 18',
  });
});

test('what a tree holds is written as it is, whatever it looks like', () => {
  expect(e.sentence(e.eq(e.text('{1}'), e.text('$& {0}')))).toEqual({ zh: '“{1}”等于“$& {0}”', en: '“{1}” equals “$& {0}”' });
});
