/** Ids that carry the node that issued them: a county sub-centre is a node of its own, and codes of two nodes never meet. */
import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Spells a number in base 32, padded to a width. */
const base32 = (value: number, width: number): string => {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / 32)) text = alphabet[rest % 32] + text;
  return text;
};

// Random bytes are fetched by the thousand: fetching ten costs as much.
const drawn = Buffer.alloc(4096);
let used = drawn.length;

/** Characters of 5 random bits each. */
function random(width: number): string {
  if (used + width > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  let text = '';
  for (const end = used + width; used < end; used++) text += alphabet[(drawn[used] as number) % 32];
  return text;
}

/**
 * A fresh id `<kind>-<node>-<time><random>`: 9 characters of milliseconds and 10 of randomness (50 bits), so that ids sort by age
 * and two nodes or two processes do not collide. It fits `idSchema`.
 */
export const newId = (kind: string, node: string, now: Date): string => `${kind}-${node}-${base32(now.getTime(), 9)}${random(10)}`;
