/** A small seeded generator, so that one seed always makes the same city: sfc32 (Chris Doty-Humphrey) fed from a hash of seed and purpose. */

/** A stream of repeatable choices. Streams of different purposes do not disturb one another when one of them draws more often. */
export interface Random {
  /** A fraction in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** One of the items; the list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A shuffled copy. */
  shuffled<T>(items: readonly T[]): T[];
}

/** Opens the stream that belongs to a seed and a purpose. */
export function randomOf(seed: string | number, purpose: string): Random {
  let [a, b, c, d] = hash128(`${seed}\u0000${purpose}`);
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)] as T,
    chance: (probability) => next() < probability,
    shuffled: <T>(items: readonly T[]): T[] => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i);
        [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
      }
      return copy;
    },
  };
}

/** Four FNV-1a words with different offsets; quality is the generator's business, this only has to tell seeds apart. */
function hash128(text: string): [number, number, number, number] {
  const word = (offset: number): number => {
    let h = offset;
    for (const char of text) h = Math.imul(h ^ (char.codePointAt(0) as number), 16_777_619);
    h ^= h >>> 15;
    return Math.imul(h, 0x2c1b3c6d) | 0;
  };
  return [word(0x811c9dc5), word(0x01000193), word(0x9e3779b9), word(0x7f4a7c15)];
}
