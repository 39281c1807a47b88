/**
 * Attempts at a password: one at a time for each name, so that guesses made together are counted as those made one after the other
 * (40 at once were all tried, the lock notwithstanding), and a name that nobody has is locked like one that somebody has.
 */
import { randomBytes } from 'node:crypto';
import { type Clock, instantWords } from '../clock.ts';
import type { Database } from '../db/pool.ts';
import { Refusal } from '../errors.ts';
import { limits } from './limits.ts';
import { hashPassword, isPassword } from './password.ts';
import { createTurns, type Turns } from './turns.ts';

/** What an attempt is judged by. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly roles: string[];
  readonly disabled: boolean;
}

interface Counted {
  readonly failures: number;
  readonly locked_until: Date | null;
}

export interface Attempts {
  /** The account whose password it is. @throws Refusal IDENTITY_WRONG, IDENTITY_LOCKED, IDENTITY_CROWDED */
  attempt(user: string, password: string): Promise<Account>;
}

/** Names of nobody whose failures are remembered. */
const mostStrangers = 10_000;

/** Attempts over the accounts of a database. */
export function createAttempts(db: Database, clock: Clock): Attempts {
  const decoy = hashPassword(randomBytes(12).toString('hex'));
  const strangers = new Map<string, Counted>();
  const turns = new Map<string, Turns>();

  const failed = async (user: string, stranger: Counted | undefined): Promise<void> => {
    const until = new Date(clock.now().getTime() + limits.lockMinutes * 60_000);
    if (!stranger)
      return void (await db.run(
        'update kernel.account set failures = failures + 1, locked_until = case when failures + 1 >= $2 then $3::timestamptz end where id = $1',
        [user, limits.failures, until],
      ));
    const failures = stranger.failures + 1;
    strangers.delete(user);
    strangers.set(user, { failures, locked_until: failures >= limits.failures ? until : null });
    const oldest = strangers.keys().next().value;
    if (strangers.size > mostStrangers && oldest !== undefined) strangers.delete(oldest);
  };
  const judge = async (user: string, password: string): Promise<Account> => {
    const account = await db.first<Account & Counted & { password: string }>(
      'select id, name, department, roles, password, failures, locked_until, disabled from kernel.account where id = $1',
      [user],
    );
    const stranger = account ? undefined : (strangers.get(user) ?? { failures: 0, locked_until: null });
    const now = clock.now();
    const locked = (account ?? stranger)?.locked_until;
    if (locked && locked > now) {
      // A lock that runs longer than locks do was made before the clock was set back.
      const until = new Date(Math.min(locked.getTime(), now.getTime() + limits.lockMinutes * 60_000));
      if (account && until < locked) await db.run('update kernel.account set locked_until = $2 where id = $1', [user, until]);
      throw new Refusal('IDENTITY_LOCKED', { until: instantWords(until) });
    }
    // An unknown name costs the same time as a known one, so that names cannot be found out by the clock.
    const right = await isPassword(password, account?.password ?? (await decoy));
    if (!account || !right || account.disabled) {
      await failed(user, stranger);
      throw new Refusal('IDENTITY_WRONG');
    }
    await db.run('update kernel.account set failures = 0, locked_until = null where id = $1', [user]);
    return account;
  };
  return {
    async attempt(user, password) {
      const own = turns.get(user) ?? createTurns(1, 50);
      turns.set(user, own);
      try {
        return await own.take(() => judge(user, password));
      } finally {
        if (own.isIdle()) turns.delete(user);
      }
    },
  };
}
