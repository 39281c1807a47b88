/** Work that is done a few at a time; who finds too many waiting is told to come back. */
import { Refusal } from '../errors.ts';
import './errors.ts';

export interface Turns {
  /** Does the work when its turn has come. @throws Refusal IDENTITY_CROWDED, else whatever the work threw */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** True while nothing is done and nobody waits. */
  isIdle(): boolean;
}

/** At most `atOnce` at a time, and at most `mostWaiting` behind them. */
export function createTurns(atOnce: number, mostWaiting: number): Turns {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return {
    isIdle: () => busy === 0,
    async take(work) {
      if (busy < atOnce) busy++;
      else {
        if (waiting.length >= mostWaiting) throw new Refusal('IDENTITY_CROWDED');
        await new Promise<void>((next) => waiting.push(next));
      }
      try {
        return await work();
      } finally {
        // The place goes to who waits longest; only where nobody does it becomes free.
        const next = waiting.shift();
        if (next) next();
        else busy--;
      }
    },
  };
}
