/** The platform seal of a grant: proof that this installation made it. It is no signature: only the installation itself can check it. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Db, Transaction } from '#kernel/db/pool';
import { isRefusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';

/** What is stored beside a grant. */
export interface Seal {
  /** Hex HMAC-SHA256 of the grant's digest under the installation's own key. */
  readonly platform: string;
}

/** A dot keeps the name out of reach of the ids that people give. */
const keyName = 'share.platform-seal';

/** Seals the digest of a grant; the first grant ever makes the key. */
export async function sealGrant(kernel: Kernel, tx: Transaction, digest: string): Promise<Seal> {
  await tx.run('select pg_advisory_xact_lock(8714102)');
  try {
    return { platform: mac(await sealKey(kernel, tx), digest) };
  } catch (error) {
    if (!isRefusal(error) || error.code !== 'SECRET_MISSING') throw error;
    const key = randomBytes(32).toString('hex');
    await kernel.secrets.set(tx, keyName, key, 'machine', kernel.clock.now());
    return { platform: mac(key, digest) };
  }
}

/** Whether this installation sealed exactly this grant. */
export async function sealHolds(kernel: Kernel, db: Db, seal: Seal, digest: string): Promise<boolean> {
  const [wanted, got] = [Buffer.from(mac(await sealKey(kernel, db), digest), 'hex'), Buffer.from(seal.platform, 'hex')];
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

const sealKey = (kernel: Kernel, db: Db): Promise<string> => kernel.secrets.reveal(db, `secret:${keyName}`);
const mac = (key: string, digest: string): string => createHmac('sha256', Buffer.from(key, 'hex')).update(`grant ${digest}`).digest('hex');
