/** Makes the invented city through the API that people use: every step looks whether it is done already, so that a killed start goes on. */
import {
  appendPoliceChanges,
  type City,
  cityCode,
  cityFileBytes,
  createPoliceDatabase,
  departments,
  divisionOverlay,
  generateCity,
  type PoliceDatabase,
  sources,
} from '#city/index';
import type { Config } from '#kernel/config';
import { isRefusal, Refusal } from '#kernel/errors';
import { type Client, signIn } from '../client.ts';
import { follow, settled } from '../commands.ts';
import { whileAway } from '../patience.ts';
import { say, show } from '../say.ts';
import { codeModels } from '../stages.ts';
import type { Stack } from '../up.ts';
import { administratorAccounts, businessAccounts, stewardOf } from './accounts.ts';
import { addDays } from './days.ts';
import { bindingDocument, employmentService, entryDocument, mountDocument, sourceDocument, waitingRequest } from './documents.ts';
import { passwordOf } from './install.ts';

/** Prints who can sign in. */
export function printAccounts(key: Buffer): void {
  const accounts = [...businessAccounts, ...administratorAccounts];
  const width = Math.max(...accounts.map((a) => a.id.length));
  console.log('  账号 · account        口令 · password');
  for (const a of accounts) console.log(`  ${a.id.padEnd(width + 2)} ${passwordOf(key, a.id)}   ${a.name} · ${a.roles.join(', ')}`);
}

/** Signs in as somebody of the city, once. */
function cast(stack: Stack): (account: string) => Promise<Client> {
  const clients = new Map<string, Promise<Client>>();
  return (account) => {
    const known = clients.get(account) ?? signIn(stack.address, account, passwordOf(stack.site.key, account));
    clients.set(account, known);
    return known;
  };
}

/** Does what is not done yet; a thing that exists already is what was wanted. */
async function once(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error) || !['IDENTITY_EXISTS', 'DOCUMENT_EXISTS', 'REVIEW_STEP_REFUSED'].includes(error.code)) throw error;
  }
}

/** Brings the city to the state in which people find it. Returns at once when it is there. */
export async function createCityIn(stack: Stack, config: Config): Promise<void> {
  const as = cast(stack);
  const operator = await people(as, stack.site.key);
  await operator.post('/api/apply', codeModels);
  await operator.put(`/api/documents/code-list/${divisionOverlay.id}`, divisionOverlay);
  const batches = await operator.get<{ rows: { source: string; ordinal: number }[] }>('/api/collect/batches?limit=200');
  const landed = (source: string) => Math.max(0, ...batches.rows.filter((b) => b.source === source).map((b) => b.ordinal));
  const rounds = 2;
  if (sources.every((s) => landed(s.id) >= (s.mode === 'incremental' ? rounds : 1)) && (await requested(as)))
    return settled(operator, show);

  say(`正在生成云川市（规模 ${config.scale}，种子 ${config.seed}）`, `generating the city (scale ${config.scale}, seed ${config.seed})`);
  const city = generateCity({ seed: config.seed, scale: config.scale });
  const police = await policeDatabase(stack, city);
  for (const description of sources) await declared(as, description.id, police);
  say('目录、数据源、挂接和绑定已发布', 'entries, sources, mounts and bindings are published');

  const files = await cityFileBytes(city);
  for (const description of sources) {
    const steward = await as(stewardOf(description.department));
    const bytes = files.get(description.id);
    if (landed(description.id) === 0)
      await collected(steward, description.id, description.title.zh, () =>
        bytes
          ? steward.upload(
              `/api/collect/sources/${description.id}/deliveries?name=${encodeURIComponent(description.fileName ?? 'file')}`,
              bytes,
            )
          : steward.post(`/api/collect/sources/${description.id}/runs`, {}),
      );
    for (let round = 1; description.mode === 'incremental' && round < rounds; round++) {
      if (landed(description.id) > round) continue;
      await whileAway(() => appendPoliceChanges(police.ownerUrl, city, round));
      await collected(steward, description.id, `${description.title.zh}（第 ${round + 1} 批）`, () =>
        steward.post(`/api/collect/sources/${description.id}/runs`, {}),
      );
    }
  }
  await settled(operator, show);
  await (await as('insurance')).put(`/api/share/services/${employmentService.id}`, employmentService);
  await settled(operator, show);
  if (!(await requested(as))) await waiting(as);
}

/** Departments, accounts and roles, each by the administrator whose work it is. */
async function people(as: (account: string) => Promise<Client>, key: Buffer): Promise<Client> {
  // A password costs a tenth of a second of a processor to hash, and there is more than one processor.
  const [system, security] = await Promise.all([as('sysadmin'), as('secadmin')]);
  const known = new Set((await system.get<{ id: string }[]>('/api/departments')).map((d) => d.id));
  for (const d of departments.filter((x) => !known.has(x.id)))
    await once(() =>
      system.post('/api/departments', { id: d.id, title: d.title.zh, titleEn: d.title.en, code: d.code, level: 3, area: cityCode }),
    );
  const users = new Map<string, readonly string[]>();
  for (const { id } of businessAccounts) {
    const { rows } = await system.get<{ rows: { id: string; roles: string[] }[] }>(`/api/users?q=${id}&sort=id&limit=200`);
    for (const u of rows) users.set(u.id, u.roles);
  }
  const missing = businessAccounts.filter((a) => !users.has(a.id));
  await Promise.all(
    missing.map((a) =>
      once(() => system.post('/api/users', { id: a.id, name: a.name, department: a.department, password: passwordOf(key, a.id) })),
    ),
  );
  for (const a of businessAccounts.filter((x) => (users.get(x.id) ?? []).length === 0))
    await security.put(`/api/users/${a.id}/roles`, { roles: a.roles });
  if (missing.length > 0) {
    await Promise.all(businessAccounts.map((a) => as(a.id)));
    say('部门、账号与角色已建立', 'departments, accounts and roles are made');
  }
  return as('operator');
}

/** The database of public security. Its reader's password derives from the installation's key: a start that goes on finds the same. */
async function policeDatabase(stack: Stack, city: City): Promise<PoliceDatabase> {
  const name = `${new URL(stack.adminUrl).pathname.slice(1)}_police`.slice(0, 50);
  const made = await whileAway(() => createPoliceDatabase(stack.adminUrl, name, city, passwordOf(stack.site.key, `${name}_reader`)));
  say('公安人口库已建立（一个独立的 PostgreSQL 数据库）', 'the database of public security is made');
  return made;
}

/** Publishes what a department declares about one source. */
async function declared(as: (account: string) => Promise<Client>, id: string, police: PoliceDatabase): Promise<void> {
  const description = sources.find((s) => s.id === id);
  if (!description) throw new Error(`the city has no source ${id}`);
  const steward = await as(stewardOf(description.department));
  if (description.table) await steward.put('/api/collect/secrets/public-security-reader', { value: police.password });
  const { host, port, database, user } = police;
  await steward.put(`/api/collect/sources/${id}`, sourceDocument(description, description.table ? { host, port, database, user } : null));
  await steward.put(`/api/catalog/entries/${id}`, entryDocument(description));
  await steward.put(`/api/catalog/mounts/${id}`, mountDocument(description));
  await steward.put(`/api/govern/bindings/${id}`, bindingDocument(description));
  await once(() => steward.post(`/api/catalog/entries/${id}/steps`, { step: 'submit', opinion: '' }));
  const operator = await as('operator');
  await once(() => operator.post(`/api/catalog/entries/${id}/steps`, { step: 'publish', opinion: '信息完整，同意发布' }));
}

/** Starts a collection and follows it to its end. */
async function collected(client: Client, source: string, title: string, start: () => Promise<unknown>): Promise<void> {
  let ended = await follow(client, ((await start()) as { run: string }).run, show);
  // The department's database stands on the same server as ours and may just have been restarted.
  for (let tries = 0; tries < 10 && ended.problem?.code === 'COLLECT_SOURCE_UNREACHABLE'; tries++) {
    await new Promise((r) => setTimeout(r, 1000));
    ended = await follow(client, ((await start()) as { run: string }).run, show);
  }
  if (ended.state !== 'done')
    throw new Error(`collecting ${source} ended ${ended.state}: ${ended.problem?.code} ${ended.problem?.titleEn}`);
  const r = ended.result ?? {};
  say(
    `归集 ${title}：读入 ${r['rowsIn'] ?? 0} = 数据 ${r['rowsData'] ?? 0} + 拒收 ${r['rowsRefused'] ?? 0} + 非数据 ${r['rowsOther'] ?? 0}`,
    `collected ${source}`,
  );
}

interface Asked {
  readonly id: string;
  readonly state: string;
}

/** The request that was made, if it was. */
const asked = async (as: (account: string) => Promise<Client>): Promise<Asked | undefined> =>
  (await (await as('civil')).get<{ rows: Asked[] }>('/api/share/requests?limit=1')).rows[0];

/** Whether a request was made and admitted. */
async function requested(as: (account: string) => Promise<Client>): Promise<boolean> {
  const made = await asked(as);
  return made !== undefined && made.state !== 'submitted';
}

/** Leaves one request waiting for its provider. */
async function waiting(as: (account: string) => Promise<Client>): Promise<void> {
  const service = codeModels.service.find((s) => 'library' in s.on);
  if (!service) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: '服务', kindEn: 'service', id: 'library service' });
  let made = await asked(as);
  // A request whose answer was lost may have been made: it is looked for before it is made again.
  for (let tries = 0; !made && tries < 10; tries++) {
    try {
      await (await as('civil')).postOnce('/api/share/requests', waitingRequest(service, addDays(new Date(), 180)));
    } catch (error) {
      if (!isRefusal(error) || !['SERVER_AWAY', 'DATABASE_AWAY', 'DATABASE_CROWDED', 'RECORD_UNAVAILABLE'].includes(error.code))
        throw error;
    }
    made = await asked(as);
  }
  if (!made) throw new Refusal('SERVER_AWAY', { address: '/api/share/requests' });
  const { id } = made;
  await once(async () => (await as('operator')).post(`/api/share/requests/${id}/steps`, { step: 'admit', opinion: '材料齐全，予以受理' }));
  say('留下一件待提供部门审核的共享申请', 'one request is left waiting for its provider');
}
