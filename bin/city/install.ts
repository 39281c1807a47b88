/** The first accounts of an installation: its three administrators, made once while nobody is there; everybody else comes through the API. */
import { createHmac } from 'node:crypto';
import { department } from '#city/index';
import type { Kernel } from '#kernel/stage';
import { whileAway } from '../patience.ts';
import { administratorAccounts } from './accounts.ts';

/** The password of a demonstration account: derived from this installation's key, so that it can be printed again and is nobody else's. */
export function passwordOf(key: Buffer, account: string): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const bytes = createHmac('sha256', key).update(`account ${account}`).digest();
  const text = [...bytes.subarray(0, 12)].map((b) => letters[b % letters.length]).join('');
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

/** Makes the three administrators when nobody is there yet; true when it did. */
export async function install(kernel: Kernel, key: Buffer): Promise<boolean> {
  if (!(await kernel.identity.isEmpty())) return false;
  const bureau = department('data-bureau');
  await kernel.db.transaction(async (tx) => {
    await kernel.identity.addDepartment(tx, {
      id: bureau.id,
      title: bureau.title.zh,
      titleEn: bureau.title.en,
      code: bureau.code,
      level: 3,
      area: '349900',
    });
    for (const a of administratorAccounts) {
      await kernel.identity.addUser(tx, { id: a.id, name: a.name, department: a.department, password: passwordOf(key, a.id) });
      await kernel.identity.setRoles(tx, a.id, a.roles);
      await kernel.facts.publish(tx, {
        name: 'account-created',
        about: `account:${a.id}`,
        actor: 'installation',
        body: { name: a.name, department: a.department },
      });
    }
  });
  return true;
}

const installation = 'installation:demonstration';

/** Whether the invented city stands: from then on it is people's, and no start makes anything of it again. */
export const isCityMade = async (kernel: Kernel): Promise<boolean> =>
  (await kernel.facts.timeline(installation, 1, undefined, ['demonstration-made'])).length > 0;

/** Writes down that it stands. */
export const noteCityMade = (kernel: Kernel): Promise<void> =>
  whileAway(() =>
    kernel.db.transaction((tx) =>
      kernel.facts.publish(tx, { name: 'demonstration-made', about: installation, actor: 'installation', body: {} }),
    ),
  );
