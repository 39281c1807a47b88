/** Waiting out a database server that is being started again. */
import { isAway } from '#kernel/db/pool';
import { isRefusal } from '#kernel/errors';

const patienceMs = 60_000;

/** Does repeatable work again while the server is away, for a minute at most. */
export async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  for (const began = Date.now(); ; await new Promise((r) => setTimeout(r, 250))) {
    try {
      return await work();
    } catch (error) {
      const away = isAway(error) || (isRefusal(error) && (error.code === 'DATABASE_AWAY' || isAway(error.cause)));
      if (!away || Date.now() - began > patienceMs) throw error;
    }
  }
}
