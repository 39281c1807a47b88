/** Parts that several trees share: taken out and put back they give the same trees. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { all, bind, concat, type Expr, eq, le, matches, not, slice, toDate, today, value } from '#declare/expr/index';
import { anyTree } from '#test/expr/arbitrary';
import { COLUMNS } from '#test/expr/rows';
import { SharedParts } from './shared-parts.ts';

test('a dear part of two trees becomes a column, a cheap one and one of a single tree stay', () => {
  const birth = toDate(slice(value, 7, 8), 'YYYYMMDD');
  const long = matches(value, '[0-9]{18}');
  const layer = new SharedParts('_p');
  const { trees, parts } = layer.taken([le(birth, today), all(not(eq(birth, today)), long)], { value: 'text' }, () => 'spelled', []);
  expect(parts).toEqual([{ expr: birth, column: '_p1' }]);
  expect(trees.map((t) => JSON.stringify(t).includes('toDate'))).toEqual([false, false]);
  expect(layer.layers()).toEqual(['select *, spelled as _p1 from step']);
  expect(new SharedParts('_q').taken([le(birth, today)], { value: 'text' }, () => '', [{ expr: birth, column: 't1' }]).parts).toEqual([]);
});

test('what is taken out, put back, gives the trees', () => {
  fc.assert(
    fc.property(anyTree(4), anyTree(4), (one, other) => {
      const roots: Expr[] = [one, other, concat(slice(value, 1, 2), 'x')];
      const { trees, parts } = new SharedParts('_p').taken([...roots, one], { ...COLUMNS, value: 'text' }, () => '', []);
      const back = Object.fromEntries(parts.map((p) => [p.column, p.expr]));
      expect(trees.map((t) => bind(t, back))).toEqual([...roots, one]);
    }),
  );
});
