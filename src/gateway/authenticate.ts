/** Authenticate: whose key a call carries. */
import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '#kernel/errors';
import { hashOf, type KeyHash, secretPattern } from '#share';
import type { Memory } from './memory.ts';

/** The key behind an Authorization header. @throws Refusal GATEWAY_KEY_UNKNOWN, which does not say what is wrong with it */
export async function authenticate(memory: Memory, authorization: string | undefined): Promise<KeyHash> {
  const secret = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
  const id = secretPattern.exec(secret)?.[1];
  const key = id === undefined ? undefined : await memory.key(id);
  if (!key || !timingSafeEqual(hashOf(secret), key.hash)) throw new Refusal('GATEWAY_KEY_UNKNOWN');
  return key;
}
