/** Well-typed trees of every node kind, biased towards operands that make a predicate go either way. */

import fc from 'fast-check';

import * as e from '#declare/expr/index';
import { anyDay, anyNumber, anyText, CHARACTERS, CHECKS, COLUMNS, LISTS, WEIGHTS } from './rows.ts';
import { LEAF_RATE, WEIGHTS_OF } from './weights.ts';

type Tree = fc.Arbitrary<e.Expr>;
type Make = (depth: number) => Tree;

/** What the tree's parameters stand for; trees are bound before they are asked. */
export const PARAMETERS: Readonly<Record<string, e.Expr>> = {
  wanted: e.text('张𠮷'),
  most: e.num('12.5'),
  since: e.date('2000-02-29'),
  strict: e.bool(true),
  moment: e.toInstant(e.text('1988-07-01T00:00:00')),
};
const PARAMETER: Readonly<Record<e.Type, string>> = { text: 'wanted', number: 'most', date: 'since', instant: 'moment', boolean: 'strict' };

const PATTERNS = [
  '[1-9][0-9]{16}[0-9X]',
  '[0-9]{4}-[0-9]{2}-[0-9]{2}',
  '[一-龥𠀀-𪛟]{1,4}',
  '.*',
  '.',
  '[^0-9]+',
  '(a|B|张)*.?',
  '[0-9]+(\\.[0-9]+)?',
  '[ -~]*',
  '34.{4}',
  '(19|20)[0-9]{2}.{0,10}',
  '[\\-a-z\\]\\\\\\^_]*',
  '[^a\n]{0,3}',
  '男|女|[0-9]{6}',
];

const literalPattern = fc.constantFrom(...CHARACTERS).map((char) => (/[!-/:-@[-`{-~]/u.test(char) ? `\\${char}` : char));
const atom = fc.oneof(
  literalPattern,
  fc.constantFrom('.', '[0-9]', '[^0-9]', '[A-Za-z]', '[一-龥]', '[𠀀-𪛟]', '[^张𠮷\\]]', '[\\-+ \u3000]', '[！-～]', '[^\n]'),
);
const quantified = fc.tuple(atom, fc.constantFrom('', '', '?', '*', '+', '{2}', '{1,3}', '{0,2}', '{2,}')).map((parts) => parts.join(''));
const branch = fc.array(quantified, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
/** Known patterns and any of the closed subset. */
const anyPattern = fc.oneof(
  fc.constantFrom(...PATTERNS),
  branch,
  fc.tuple(branch, branch, branch, fc.constantFrom('', '?', '{0,2}')).map(([a, b, c, times]) => `${a}|(${b}|${c})${times}.*`),
);

const SCHEMES: e.ChecksumScheme[] = [
  { alphabet: '0123456789', weights: WEIGHTS, modulus: 11, checkAlphabet: CHECKS },
  {
    alphabet: '0123456789ABCDEFGHJKLMNPQRTUWXY',
    weights: [1, 3, 9, 27, 19],
    modulus: 31,
    checkAlphabet: '0YXWUTRQPNMLKJHGFEDCBA987654321',
  },
  { alphabet: '0123456789', weights: [3, 7, 9, 10, 5], modulus: 10, checkAlphabet: '0123456789' },
];

const absent = fc.constantFrom<e.Absent>('holds', 'fails', 'unknown');
const columns = (type: e.Type): e.Expr[] => Object.entries(COLUMNS).flatMap(([name, own]) => (own === type ? [e.col(name, own)] : []));
const column = (type: e.Type): Tree => fc.constantFrom(...columns(type));

const LEAVES: Readonly<Record<e.Type, { weight: number; arbitrary: Tree }[]>> = {
  text: [
    { weight: 6, arbitrary: column('text') },
    { weight: 4, arbitrary: fc.constant(e.col('name')) },
    { weight: 2, arbitrary: anyText.map(e.text) },
    { weight: 1, arbitrary: fc.constant(e.param('wanted', 'text')) },
  ],
  number: [
    { weight: 5, arbitrary: column('number') },
    { weight: 1, arbitrary: anyNumber.map(e.num) },
    { weight: 1, arbitrary: fc.constant(e.param('most', 'number')) },
  ],
  date: [
    { weight: 5, arbitrary: column('date') },
    { weight: 3, arbitrary: anyDay.map(e.date) },
    { weight: 4, arbitrary: fc.constant(e.today) },
    { weight: 1, arbitrary: fc.constant(e.param(PARAMETER.date, 'date')) },
  ],
  instant: [
    { weight: 5, arbitrary: column('instant') },
    { weight: 1, arbitrary: fc.constant(e.param(PARAMETER.instant, 'instant')) },
  ],
  boolean: [
    { weight: 3, arbitrary: column('boolean') },
    { weight: 8, arbitrary: fc.boolean().map(e.bool) },
    { weight: 1, arbitrary: fc.constant(e.param('strict', 'boolean')) },
  ],
};

const memo = new Map<string, Tree>();

/** Trees of a type, about so deep. */
export function treeOf(type: e.Type, depth: number): Tree {
  const key = `${type}${depth}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  const inner =
    depth <= 0
      ? []
      : Object.entries(INNER[type]).map(([kind, make]) => ({ weight: WEIGHTS_OF[type][kind] as number, arbitrary: make(depth - 1) }));
  const total = inner.reduce((sum, { weight }) => sum + weight, 0);
  const leaves = LEAVES[type].map(({ weight, arbitrary }) => ({
    weight: depth <= 0 ? weight : Math.ceil((weight * total * LEAF_RATE[type]) / 1000),
    arbitrary,
  }));
  const made = fc.oneof(...leaves, ...inner);
  memo.set(key, made);
  return made;
}

/** Trees of every type. A quarter are shallow: in a deep tree much that is wrong below never reaches the top. */
export const anyTree = (depth: number): Tree => fc.oneof({ weight: 3, arbitrary: rooted(depth) }, { weight: 1, arbitrary: rooted(2) });

const rooted = (depth: number): Tree =>
  fc.oneof(
    { weight: 18, arbitrary: treeOf('boolean', depth) },
    { weight: 4, arbitrary: treeOf('number', depth) },
    { weight: 3, arbitrary: treeOf('text', depth) },
    { weight: 1, arbitrary: treeOf('date', depth) },
    { weight: 1, arbitrary: treeOf('instant', depth) },
    // What a tree says several times DuckDB is told to compute once.
    {
      weight: 1,
      arbitrary: treeOf('text', 2).map((t) => e.when(e.isBlank(t), e.padStart(t, 3, '0'), e.concat(t, e.slice(t, 2, 9)))),
    },
    { weight: 1, arbitrary: treeOf('number', 2).map((t) => e.when(e.gt(t, e.num(2)), e.plus(t, t), e.round(t, 1))) },
  );

const text: Make = (depth) => treeOf('text', depth);
const number: Make = (depth) => treeOf('number', depth);
const date: Make = (depth) => treeOf('date', depth);
const instant: Make = (depth) => treeOf('instant', depth);
const boolean: Make = (depth) => treeOf('boolean', depth);
/** Mostly the column that fits, sometimes dressed, sometimes any text. */
const likely =
  (name: keyof typeof COLUMNS): Make =>
  (depth) => {
    const plain = e.col(name);
    return fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom<e.Expr>(plain, e.trim(plain), e.upper(plain), e.coalesce(plain, e.text('')), e.halfWidth(e.trim(plain))),
      },
      { weight: 2, arbitrary: text(depth) },
    );
  };
const smallNumber: Make = (depth) =>
  fc.oneof(
    fc.integer({ min: -1, max: 3 }).map((n) => e.num(n)),
    fc.integer({ min: -1, max: 9 }).map((n) => e.num(n)),
    date(depth).map(e.month),
    text(depth).map(e.len),
    number(depth),
  );

const one =
  (operand: Make, build: (x: e.Expr) => e.Expr): Make =>
  (depth) =>
    operand(depth).map(build);
const two =
  (first: Make, second: Make, build: (x: e.Expr, y: e.Expr) => e.Expr): Make =>
  (depth) =>
    fc.tuple(first(depth), second(depth)).map(([x, y]) => build(x, y));
const several =
  (operand: Make, build: (...xs: [e.Expr, ...e.Expr[]]) => e.Expr): Make =>
  (depth) =>
    fc.array(operand(depth), { minLength: 1, maxLength: 4 }).map((xs) => build(...(xs as [e.Expr, ...e.Expr[]])));
const choice =
  (operand: Make): Make =>
  (depth) =>
    fc.tuple(boolean(depth), operand(depth), operand(depth)).map(([c, x, y]) => e.when(c, x, y));
const compared =
  (operand: Make, comparisons: readonly ((a: e.Expr, b: e.Expr, absent: e.Absent) => e.Expr)[]): Make =>
  (depth) =>
    fc.tuple(fc.constantFrom(...comparisons), operand(depth), operand(depth), absent).map(([compare, a, b, x]) => compare(a, b, x));

const ORDERED = [e.eq, e.ne, e.lt, e.le, e.gt, e.ge];
const any: Make = (depth) => fc.oneof(text(depth), number(depth), date(depth), instant(depth), boolean(depth));
const table = fc.uniqueArray(fc.tuple(fc.oneof(fc.constantFrom('男', '女', '349901', ''), anyText), anyText), {
  minLength: 1,
  maxLength: 4,
  selector: ([from]) => from,
});
const letters = fc.uniqueArray(fc.constantFrom(...'aBzZ019X张𠮷Ａ '), { minLength: 1, maxLength: 4 }).map((chars) => chars.join(''));

/** Per type: every node kind that gives it. */
const INNER: Readonly<Record<e.Type, Readonly<Record<string, Make>>>> = {
  boolean: {
    compareText: compared(text, ORDERED),
    compareNumber: compared(number, ORDERED),
    compareDate: compared(date, ORDERED),
    compareInstant: compared(instant, ORDERED),
    compareVerdict: compared(boolean, [e.eq, e.ne]),
    isAbsent: one(any, e.isAbsent),
    isBlank: one(text, e.isBlank),
    isIn: (depth) =>
      fc
        .tuple(likely('code')(depth), fc.array(fc.oneof(fc.constantFrom('男', '349901', ''), anyText), { maxLength: 3 }), absent)
        .map(([x, items, a]) => e.isIn(x, items, a)),
    inList: (depth) =>
      fc
        .tuple(likely('code')(depth), fc.constantFrom(LISTS[0], LISTS[0], LISTS[0], LISTS[1]), absent)
        .map(([x, id, a]) => e.inList(x, id, a)),
    inListAt: (depth) =>
      fc
        .tuple(likely('code')(depth), fc.constantFrom(LISTS[0], LISTS[0], LISTS[0], LISTS[1]), date(depth), absent)
        .map(([x, id, day, a]) => e.inListAt(x, id, day, a)),
    matches: (depth) => fc.tuple(text(depth), anyPattern, absent).map(([x, pattern, a]) => e.matches(x, pattern, a)),
    startsWith: (depth) =>
      fc
        .tuple(
          text(depth),
          fc.oneof(
            text(depth),
            fc.constantFrom('', '3', '34', '张', '𠮷').map((s) => e.text(s)),
          ),
          absent,
        )
        .map(([x, y, a]) => e.startsWith(x, y, a)),
    checksum: (depth) =>
      fc
        .tuple(
          fc.oneof(
            likely('id')(depth),
            fc.nat({ max: 30 }).map((n) => e.slice(e.col('id'), n % 13, 6)),
          ),
          fc.constantFrom(...SCHEMES),
          absent,
        )
        .map(([x, scheme, a]) => e.checksum(x, scheme, a)),
    all: several(boolean, e.all),
    any: several(boolean, e.any),
    not: one(boolean, e.not),
    decided: (depth) => fc.tuple(boolean(depth), fc.constantFrom<e.Verdict>('holds', 'fails')).map(([x, verdict]) => e.decided(x, verdict)),
    when: choice(boolean),
    coalesce: several(boolean, e.coalesce),
  },
  text: {
    concat: several(text, e.concat),
    slice: (depth) => fc.tuple(text(depth), smallNumber(depth), smallNumber(depth)).map(([x, from, length]) => e.slice(x, from, length)),
    upper: one(text, e.upper),
    lower: one(text, e.lower),
    trim: one(text, e.trim),
    halfWidth: one(text, e.halfWidth),
    replaceText: (depth) =>
      fc
        .tuple(
          text(depth),
          anyText.filter((s) => s !== ''),
          anyText,
        )
        .map(([x, from, to]) => e.replaceText(x, from, to)),
    translate: (depth) => fc.tuple(text(depth), letters, anyText).map(([x, from, to]) => e.translate(x, from, to)),
    repeatText: (depth) => fc.tuple(fc.constantFrom('*', '', '𠮷a'), smallNumber(depth)).map(([s, times]) => e.repeatText(s, times)),
    padStart: (depth) =>
      fc.tuple(text(depth), fc.nat({ max: 9 }), fc.constantFrom('0', '　', '𠮷')).map(([x, length, pad]) => e.padStart(x, length, pad)),
    mapText: (depth) => fc.tuple(likely('code')(depth), table).map(([x, entries]) => e.mapText(x, Object.fromEntries(entries))),
    lookup: (depth) =>
      fc.tuple(likely('code')(depth), fc.constantFrom('title' as const, 'code' as const)).map(([x, give]) => e.lookup(x, LISTS[0], give)),
    numberText: one(number, e.numberText),
    dateText: one(date, e.dateText),
    instantText: one(instant, e.instantText),
    when: choice(text),
    coalesce: several(text, e.coalesce),
  },
  number: {
    len: one(text, e.len),
    indexOf: (depth) =>
      fc
        .tuple(
          text(depth),
          fc.oneof(
            text(depth),
            fc.constantFrom('', 'a', '9', '𠮷').map((s) => e.text(s)),
          ),
        )
        .map(([x, y]) => e.indexOf(x, y)),
    plus: two(number, number, e.plus),
    minus: two(number, number, e.minus),
    times: two(number, number, e.times),
    div: two(number, number, e.div),
    mod: two(number, number, e.mod),
    round: (depth) => fc.tuple(number(depth), fc.nat({ max: 10 })).map(([x, scale]) => e.round(x, scale)),
    floor: one(number, e.floor),
    abs: one(number, e.abs),
    toNumber: one(likely('amountText'), e.toNumber),
    year: one(date, e.year),
    month: one(date, e.month),
    day: one(date, e.day),
    daysBetween: two(date, date, e.daysBetween),
    wholeYears: two(date, date, e.wholeYears),
    when: choice(number),
    coalesce: several(number, e.coalesce),
  },
  date: {
    instantDay: one(instant, e.instantDay),
    toDate: (depth) =>
      fc
        .tuple(
          fc.oneof(likely('dayText')(depth), fc.constant(e.slice(e.col('id'), 7, 8)), date(depth).map(e.dateText)),
          fc.constantFrom<e.DateFormat>('YYYY-MM-DD', 'YYYY-MM-DD', 'YYYYMMDD', 'YYYY/MM/DD', 'YYYY年MM月DD日'),
        )
        .map(([x, format]) => e.toDate(x, format)),
    dateOf: (depth) =>
      fc
        .tuple(
          fc.oneof(
            date(depth).map(e.year),
            fc.integer({ min: -1, max: 10000 }).map((n) => e.num(n)),
            number(depth),
          ),
          fc.oneof(
            fc.integer({ min: 0, max: 13 }).map((n) => e.num(n)),
            date(depth).map(e.month),
          ),
          fc.oneof(
            fc.integer({ min: 27, max: 32 }).map((n) => e.num(n)),
            date(depth).map(e.day),
          ),
        )
        .map(([y, m, d]) => e.dateOf(y, m, d)),
    addDays: (depth) =>
      fc
        .tuple(
          date(depth),
          fc.oneof(
            smallNumber(depth),
            fc.integer({ min: -4_000_000, max: 4_000_000 }).map((n) => e.num(n)),
          ),
        )
        .map(([d, n]) => e.addDays(d, n)),
    when: choice(date),
    coalesce: several(date, e.coalesce),
  },
  instant: {
    toInstant: one(
      (depth) =>
        fc.oneof({ weight: 4, arbitrary: likely('momentText')(depth) }, { weight: 1, arbitrary: instant(depth).map(e.instantText) }),
      e.toInstant,
    ),
    when: choice(instant),
    coalesce: several(instant, e.coalesce),
  },
};

/** Arithmetic over what is whole by its nature, compared with a constant: DuckDB computes it in integers. */
export const anyWholeVerdict: fc.Arbitrary<e.Expr> = fc
  .letrec<{ whole: e.Expr }>((tie) => ({
    whole: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom(e.len(e.col('name')), e.indexOf(e.col('id'), '1'), e.year(e.col('born', 'date')), e.day(e.col('seen', 'date'))),
      fc.constantFrom('0', '1', '-7', '11', '999999999').map((n) => e.num(n)),
      fc
        .tuple(fc.constantFrom(e.plus, e.minus, e.times, e.mod), tie('whole'), tie('whole'))
        .map(([operation, left, right]) => operation(left, right)),
    ),
  }))
  .whole.chain((tree) =>
    fc.constantFrom(e.eq(tree, e.num('4')), e.ge(tree, e.mod(tree, e.num('7'))), e.lt(e.slice(e.col('name'), tree, 2), e.text('b'))),
  );
