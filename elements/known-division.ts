/** When six digits have ever been a division code; shared by the numbers that carry one. */
import { all, any, concat, type Expr, inList, slice, startsWith, text } from '#declare/expr/index';

/**
 * Whether the six digits stand in the division list, in force or not, with every overlay. A code ending in 01 under a known
 * prefecture passes too: 市辖区, the placeholder for a whole city, was issued as a division in the 1980s.
 */
export function knownDivision(six: Expr): Expr {
  const placeholder = all(startsWith(slice(six, 5, 2), '01'), inList(concat(slice(six, 1, 4), text('00')), 'division'));
  return any(inList(six, 'division', 'holds'), placeholder);
}
