/** Reading an instant from the standard text of an element: also of a day alone, and of decimals finer than are kept. */

import { text } from './constant.ts';
import { toInstant } from './instant.ts';
import { when } from './logic.ts';
import { minus } from './number.ts';
import { matches } from './predicate.ts';
import type { Expr } from './tree.ts';
import { concat, len, slice } from './words.ts';

/** A day without a time. */
export const BARE_DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const OFFSET = '[+\\-][0-9]{2}:[0-9]{2}';
/** Decimals beyond the microsecond. */
export const FINER = `${BARE_DAY}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{7,12}(Z|${OFFSET}(:[0-9]{2})?)?`;

/** The instant in a standard text. A day alone is its first moment in the zone setting; decimals are cut at the microsecond, never rounded. */
export function instantRead(of: Expr): Expr {
  const last = (n: number): Expr => slice(of, minus(len(of), n - 1), n);
  const offset = when(
    matches(of, `.*${OFFSET}:[0-9]{2}`),
    last(9),
    when(matches(of, `.*${OFFSET}`), last(6), when(matches(of, '.*Z'), text('Z'), text(''))),
  );
  return toInstant(when(matches(of, BARE_DAY), concat(of, 'T00:00:00'), when(matches(of, FINER), concat(slice(of, 1, 26), offset), of)));
}
