/** Password hashes: memory-hard, and few at a time. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createTurns } from './turns.ts';

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
// 32 MiB and about 60 ms a guess on the reference box.
const cost = { N: 32768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

// Each hash holds one of the four threads that also compute the handshake of a new connection to PostgreSQL: 40 sign-ins at once, and
// everybody's requests were refused because none came about.
const turns = createTurns(2, 200);
const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  turns.take(() => scryptAsync(password.normalize('NFC'), salt, 32, cost));

/** @throws Refusal IDENTITY_CROWDED */
export async function hashPassword(password: string, salt: Buffer = randomBytes(16)): Promise<string> {
  return `scrypt$${salt.toString('base64url')}$${(await derive(password, salt)).toString('base64url')}`;
}

/** @throws Refusal IDENTITY_CROWDED */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, salt = '', wanted = ''] = stored.split('$');
  const got = await derive(password, Buffer.from(salt, 'base64url'));
  const want = Buffer.from(wanted, 'base64url');
  return got.length === want.length && timingSafeEqual(got, want);
}
