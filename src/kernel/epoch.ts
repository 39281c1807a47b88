/** The authorisation epoch: every record of the log tells its writer which one it is, and a raised one makes every process authorise anew. */
import type { Db } from './db/pool.ts';

/** Makes every process authorise anew before its next answer; it holds from the commit on. */
export const raiseEpoch = async (tx: Db): Promise<void> => void (await tx.run('update kernel.epoch set value = value + 1'));
