/**
 * Numbers that are whole by their nature, as integers: DECIMAL(27,10) costs three times as much to compare and ten times as much to add up, and a
 * check character of fifteen digits is a hundred such additions.
 */
import type { Expr } from '#declare/expr/index';
import { LONGEST } from '#declare/expr/words';
import type { Spelling } from './spelling.ts';

/** An integer of DuckDB. */
export interface Whole {
  readonly sql: string;
  /** Its largest absolute value. */
  readonly most: number;
}

/** Beyond this a result is left to the decimals, which say when it leaves their range. */
const MOST = 1e15;
const SIGNS = { plus: '+', minus: '-', times: '*' } as const;

/** The number as an integer; undefined for what may have a fraction or grow too large. */
export function wholeOf(e: Expr, s: Spelling): Whole | undefined {
  switch (e.kind) {
    case 'len':
      return { sql: `length(${s.of(e.of)})`, most: LONGEST };
    case 'indexOf':
      return { sql: `instr(${s.of(e.of)}, ${s.of(e.part)})`, most: LONGEST };
    case 'year':
    case 'month':
    case 'day':
      return { sql: `${e.kind}(${s.of(e.of)})`, most: 9999 };
    case 'number':
      return /^-?[0-9]{1,9}$/.test(e.value) ? { sql: e.value, most: Math.abs(Number(e.value)) } : undefined;
    case 'plus':
    case 'minus':
    case 'times':
    case 'mod': {
      // Two constants are 32-bit integers to DuckDB, and may not fit one.
      if (e.left.kind === 'number' && e.right.kind === 'number') return undefined;
      const left = wholeOf(e.left, s);
      const right = left && wholeOf(e.right, s);
      if (!right) return undefined;
      if (e.kind === 'mod') return { sql: `(${left.sql} % ${right.sql})`, most: left.most };
      const most = e.kind === 'times' ? left.most * right.most : left.most + right.most;
      return most <= MOST ? { sql: `(${left.sql} ${SIGNS[e.kind]} ${right.sql})`, most } : undefined;
    }
  }
  return undefined;
}
