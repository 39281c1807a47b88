/** Rows with everything that separates engines: nulls, empty texts, four-byte and full-width characters, odd days, extreme numbers. */

import fc from 'fast-check';

import type { CodeListItem, Env, Type } from '#declare/expr/index';

export const COLUMNS = {
  name: 'text',
  id: 'text',
  code: 'text',
  amountText: 'text',
  dayText: 'text',
  amount: 'number',
  count: 'number',
  born: 'date',
  seen: 'date',
  momentText: 'text',
  at: 'instant',
  flag: 'boolean',
} as const satisfies Record<string, Type>;

/** A row as it is stored: numbers as decimal text. */
export type TestRow = { readonly [C in keyof typeof COLUMNS]: ((typeof COLUMNS)[C] extends 'boolean' ? boolean : string) | null };

export const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
export const CHECKS = '10X98765432';

/** Characters on which engines have been seen to differ. */
export const CHARACTERS = [
  ...'aBzZ019X-.\'"\\%_$/;',
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\u3000',
  'Ａ',
  '１',
  '～',
  '张',
  '三',
  '年',
  '𠮷',
  '𠀀',
  '😀',
  'é',
  '\u0301',
  'ß',
  'İ',
  '\ufeff',
  '\u202e',
  '\ue000',
  '\ufffd',
];
export const anyText = fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 7 }).map((chars) => chars.join(''));

export const DAYS = [
  '0001-01-01',
  '0099-12-31',
  '0400-02-29',
  '1900-02-28',
  '1999-12-31',
  '2000-02-29',
  '2023-02-28',
  '2023-03-01',
  '2024-02-28',
  '2024-02-29',
  '2024-03-01',
  '2026-11-24',
  '9999-12-31',
];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '3',
  '7',
  '10',
  '0.5',
  '-0.5',
  '1.5',
  '2.5',
  '-2.5',
  '0.0000000001',
  '-0.0000000001',
  '0.00000000005',
  '12.345',
  '100',
  '1000000',
  '99999999999999999',
  '-99999999999999999.9999999999',
  '99999999999999999.9999999999',
  '316227766.0168379332',
  '50000000000000000',
].filter((n) => !n.endsWith('00005'));

const day = fc.oneof(
  fc.constantFrom(...DAYS),
  fc.date({ min: new Date('1940-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
);
export const anyNumber = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer({ min: -40, max: 2500 }).map(String),
  fc
    .tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 9999 }))
    .map(([whole, part]) => `${whole}.${part}`.replace(/0+$/u, ''))
    .filter((n) => !n.startsWith('-0')),
);
/** Kept numbers that computing rounds, or loses to its own range. */
const FINER = [
  '0.00000000005',
  '-0.00000000005',
  '0.0000000000000001',
  '-12.3456789012345678',
  '123456789012345678',
  '-9999999999999999999999.9999999999999999',
  '99999999999999999.99999999995',
];
const keptNumber = fc.oneof({ weight: 4, arbitrary: anyNumber }, { weight: 1, arbitrary: fc.constantFrom(...FINER) });
export const anyDay = day;

/** Wall clocks about which zones, engines and calendars have been seen to differ. */
const WALLS = [
  '0001-01-01T00:00:00',
  '1900-12-31T23:54:16',
  '1900-12-31T23:54:17',
  '1901-01-01T00:00:00',
  '1942-07-01T12:00:00',
  '1986-05-04T01:59:59.999999',
  '1986-05-04T02:30:00',
  '1986-09-14T01:30:00',
  '1988-07-01T00:00:00',
  '1991-09-15T01:00:00',
  '2024-02-29T23:59:59.999999',
  '2026-05-01T08:00:00',
  '2026-05-01T08:00:00.5',
  '9999-12-31T23:59:59.999999',
];
const time = fc
  .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }), fc.nat({ max: 59 }), fc.constantFrom('', '', '.5', '.000001', '.120'))
  .map(([h, m, s, fraction]) => `${[h, m, s].map((n) => String(n).padStart(2, '0')).join(':')}${fraction}`);
const wall = fc.oneof(
  fc.constantFrom(...WALLS),
  fc.tuple(day, time).map(([d, t]) => `${d}T${t}`),
);
const offset = fc.constantFrom('Z', '+08:00', '+08:00', '+09:00', '-05:30', '+08:05:43', '+15:59:59', '-15:59');
/** Instants as toInstant reads them, and texts that it does not. */
const momentText = fc.oneof(
  { weight: 3, arbitrary: wall },
  { weight: 4, arbitrary: fc.tuple(wall, offset).map(([w, o]) => w + o) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '2026-05-01 08:00:00',
      '2026-05-01T24:00:00',
      '2026-05-01T08:00:60',
      '2026-05-01T08:00',
      '2023-02-29T08:00:00',
      '2026-05-01T08:00:00.1234567',
      '2026-05-01T08:00:00+16:00',
      '2026-05-01T08:00:00+08',
      '2026-05-01T08:00:00z',
      '2026-05-01T08:00:00 Z',
      '2026-05-01T08:00:00Z\n',
      '0001-01-01T00:00:00+09:00',
      '9999-12-31T23:59:59-00:01',
    ),
  },
);
export const anyInstant = fc
  .tuple(wall, fc.constantFrom('+08:00', '+08:05', 'Z', '-03:00'))
  .map(([w, o]) => w.replace(/^0001/, '0002').replace(/^9999/, '9998') + o);

const identity = fc
  .tuple(fc.constantFrom('349901', '349902', '349999'), day, fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 7 }))
  .map(([division, born, serial, fault]) => {
    const body = `${division}${born.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
    const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body[i]), 0);
    const whole = body + CHECKS[sum % 11];
    return [whole, whole, whole, `${body}x`, `${body}0`, body, ` ${whole}`, `${whole.slice(0, 17)}\n`][fault] as string;
  });

const CODES = ['340000', '349901', '349902', '110105', '男', '女'];
const items: CodeListItem[] = [
  { code: '340000', title: { zh: '甲省' }, validFrom: null, validTo: null },
  { code: '349901', title: { zh: '东区' }, validFrom: '1999-12-31', validTo: null },
  { code: '349901', title: { zh: '旧东区' }, validFrom: null, validTo: '1980-01-01' },
  { code: '349902', title: { zh: '男' }, validFrom: '2000-02-29', validTo: '2024-02-29' },
  { code: '110105', title: { zh: "带'引号\\的𠮷" }, validFrom: null, validTo: '2023-02-28' },
  { code: '男', title: { zh: '349902' }, validFrom: null, validTo: null },
];

/** Codes that patterns would read otherwise, and as many as are asked for by one pattern. */
const signs: CodeListItem[] = ['.', '.*', '\\', '(', '[a]', '$', '^', '|', '/', "'", '张三', 'B', '0', '', '𠮷', '9X'].map((code) => ({
  code,
  title: { zh: code },
  validFrom: null,
  validTo: null,
}));

export const LISTS = ['divisions', 'signs', 'nothing'] as const;
export const env: Env = { today: '2026-11-24', codeList: (id) => (id === 'divisions' ? items : id === 'signs' ? signs : []) };

const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 12, nil: null });

export const anyRow: fc.Arbitrary<TestRow> = fc.record({
  name: nullable(anyText),
  id: nullable(fc.oneof({ weight: 5, arbitrary: identity }, { weight: 1, arbitrary: anyText })),
  code: nullable(
    fc.oneof(
      fc.constantFrom(...CODES, '', 'a'),
      identity.map((id) => id.slice(0, 6)),
    ),
  ),
  amountText: nullable(
    fc.oneof(
      { weight: 3, arbitrary: anyNumber },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          ' 12',
          '１２',
          '1e3',
          '+5',
          '007.50',
          '-0',
          '.5',
          '1.',
          '1\n',
          '123456789012345678',
          '0.12345678901',
          '-00.0',
          'NaN',
          '1,000',
        ),
      },
    ),
  ),
  dayText: nullable(
    fc.oneof(
      { weight: 3, arbitrary: day },
      { weight: 1, arbitrary: day.map((d) => d.replaceAll('-', '')) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '',
          '2023-02-29',
          '1900-02-29',
          '2024-2-9',
          '2024-02-29 ',
          '2024-02-29\n',
          '0000-01-01',
          '2024-13-01',
          '2024/02/29',
          '2024年02月29日',
          '20240230',
          '２０２４-02-29',
          '10000-01-01',
        ),
      },
    ),
  ),
  amount: nullable(keptNumber),
  count: nullable(fc.integer({ min: -3, max: 12 }).map(String)),
  born: nullable(day),
  seen: nullable(day),
  momentText: nullable(momentText),
  at: nullable(anyInstant),
  flag: nullable(fc.boolean()),
});
