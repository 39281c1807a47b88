/** Waiting out a database server that is being started again. */
import { isRefusal } from '#kernel/errors';
import { isStoreAway } from '#kernel/stores';

const patienceMs = 60_000;

/** Does repeatable work again while the server is away, for a minute at most. */
export async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  for (const began = performance.now(); ; await new Promise((r) => setTimeout(r, 250))) {
    try {
      return await work();
    } catch (error) {
      const away = isStoreAway(error) || (isRefusal(error) && isStoreAway(error.cause));
      if (!away || performance.now() - began > patienceMs) throw error;
    }
  }
}
