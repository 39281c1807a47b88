/** Asking again what is refused for a while only: the platform is away or crowded, a store of it is, its disk is full. */
import { Refused } from './api.ts';

/** It is asked again so often while nobody answers, a second later each time. */
const attempts = 8;
/** While the platform's disk is full it is asked again so often, until there is room or the asker is stopped. */
const fullWaitMs = 5000;

/** Asks until it is answered. `held` hears of the refusal that is waited for, and null when it goes on. @throws Refused, or the signal's reason */
export async function persist<T>(ask: () => Promise<T>, held: (by: Refused | null) => void, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await ask();
      held(null);
      return answer;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status } = error.problem;
      const isFull = status === 507;
      if (!isFull && ((status !== 0 && status !== 503) || attempt >= attempts)) throw error;
      held(error);
      await delay(isFull ? fullWaitMs : attempt * 1000, signal);
    }
  }
}

/** Resolves after a while. @throws the signal's reason as soon as it is aborted */
const delay = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done, failed) => {
    const stop = () => {
      clearTimeout(timer);
      failed(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
