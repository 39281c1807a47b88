/** Keys of a grant: the secret is shown once and only its hash is kept. */
import { hash, randomBytes } from 'node:crypto';
import type { Db, Transaction } from '#kernel/db/pool';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import { type GrantState, standingOf } from './grants.ts';

/** A key without its secret. */
export interface Key {
  readonly id: string;
  readonly grant: string;
  readonly name: string;
  readonly madeBy: string;
  readonly madeAt: string;
}

/** A key as the gateway checks it. */
export interface KeyHash {
  readonly id: string;
  readonly grant: string;
  /** SHA-256 of the whole secret. */
  readonly hash: Buffer;
}

/** Enough for rotation with overlap on a handful of systems. */
const mostKeys = 20;

/** Shape of a secret: `cs_<key id>_<32 random bytes>`. */
export const secretPattern = /^cs_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** SHA-256 of a secret; it is 256 random bits, so a plain hash is as good as a slow one. */
export const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

const columns = 'id, grant_id as "grant", name, made_by as "madeBy", made_at::text as "madeAt"';

/** Makes a key; the secret is returned here and never again. @throws Refusal SHARE_GRANT_OVER, SHARE_KEYS_TOO_MANY */
export async function makeKey(
  kernel: Kernel,
  tx: Transaction,
  grant: GrantState,
  name: string,
  actor: string,
): Promise<Key & { readonly secret: string }> {
  const standing = standingOf(grant, kernel.clock.today());
  if (standing === 'revoked' || standing === 'expired')
    throw new Refusal('SHARE_GRANT_OVER', { grant: grant.id, date: (grant.revokedAt ?? grant.validTo).slice(0, 10) });
  await tx.run('select 1 from share.grant_state where id = $1 for update', [grant.id]);
  const count = (await tx.first<{ n: number }>('select count(*) as n from share.key where grant_id = $1', [grant.id]))?.n ?? 0;
  if (count >= mostKeys) throw new Refusal('SHARE_KEYS_TOO_MANY', { grant: grant.id, count });
  const id = randomBytes(8).toString('hex');
  const secret = `cs_${id}_${randomBytes(32).toString('base64url')}`;
  const key = await tx.first<Key>(
    `insert into share.key (id, grant_id, name, hash, made_by, made_at) values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
    [id, grant.id, name, hashOf(secret), actor, kernel.clock.now()],
  );
  await kernel.facts.publish(tx, { name: 'key-made', about: `grant:${grant.id}`, actor, body: { key: id, name } });
  return { ...(key as Key), secret };
}

/** Deletes a key; it is refused from the commit on, in every process. */
export async function deleteKey(kernel: Kernel, tx: Transaction, key: Key, actor: string): Promise<void> {
  if ((await tx.run('delete from share.key where id = $1', [key.id])) === 0) throw new Refusal('SHARE_KEY_UNKNOWN', { key: key.id });
  await raiseEpoch(tx);
  await kernel.facts.publish(tx, { name: 'key-deleted', about: `grant:${key.grant}`, actor, body: { key: key.id } });
}

/** Keys of a grant, oldest first. */
export const keysOf = (db: Db, grant: string): Promise<Key[]> =>
  db.rows<Key>(`select ${columns} from share.key where grant_id = $1 order by made_at, id`, [grant]);

/** One key, or undefined. */
export const keyById = (db: Db, id: string): Promise<Key | undefined> =>
  db.first<Key>(`select ${columns} from share.key where id = $1`, [id]);

/** What the gateway needs to check a secret. */
export const keyHash = (db: Db, id: string): Promise<KeyHash | undefined> =>
  db.first<KeyHash>('select id, grant_id as "grant", hash from share.key where id = $1', [id]);
