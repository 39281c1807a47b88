/** `plan`, `apply` and `run`: the same API a person uses, signed in and recorded. */
import { resolve } from 'node:path';
import type { Config } from '#kernel/config';
import type { PlannedChange } from '#kernel/documents/plan';
import { defineErrors, Refusal } from '#kernel/errors';
import type { Run } from '#kernel/jobs/jobs';
import { ask } from './ask.ts';
import { type Client, remote, signIn } from './client.ts';
import { say, show } from './say.ts';
import { runningIn } from './site.ts';
import { codeModels } from './stages.ts';
import type { UploadOrder } from './upload/shapes.ts';
import { uploadFile } from './upload/upload.ts';

defineErrors({
  NOTHING_RUNS: {
    status: 404,
    zh: '数据目录 {folder} 里没有正在运行的安装',
    en: 'No installation runs in the data folder {folder}',
    hint: {
      zh: '先用 npm start 启动；装在别处的，用 --data 指出它的数据目录。',
      en: 'Start it with npm start, or name the data folder of the one that runs with --data.',
    },
  },
  CREDENTIALS_MISSING: {
    status: 401,
    zh: '没有给出账号或口令',
    en: 'No account or password was given',
    hint: {
      zh: '用 --user 指定账号，口令放在环境变量 CHENGSHU_PASSWORD 里。',
      en: 'Name the account with --user and put the password in CHENGSHU_PASSWORD.',
    },
  },
});

export interface Who {
  readonly user: string | undefined;
  readonly json: boolean;
}

/** Uses the installation that runs in the data folder. @throws Refusal NOTHING_RUNS: a command makes no installation of its own */
async function withClient(config: Config, who: Who, work: (client: Client) => Promise<number>): Promise<number> {
  const folder = resolve(config.data);
  const running = runningIn(folder);
  if (!running) throw new Refusal('NOTHING_RUNS', { folder });
  const { user, password } = await credentials(who);
  return work(await signIn(running.address, user, password));
}

async function credentials(who: Who): Promise<{ user: string; password: string }> {
  const given = process.env['CHENGSHU_PASSWORD'];
  const missing = new Refusal('CREDENTIALS_MISSING');
  if (who.user && given) return { user: who.user, password: given };
  if (!process.stdin.isTTY) throw missing;
  return { user: who.user ?? (await ask('账号 · account: ', missing)), password: given ?? (await ask('口令 · password: ', missing)) };
}

const words: Readonly<Record<PlannedChange['change'], { zh: string; en: string; mark: string }>> = {
  add: { zh: '新增', en: 'new', mark: '+' },
  change: { zh: '变更', en: 'changed', mark: '~' },
  fork: { zh: '控制台已改，不覆盖', en: 'edited in the console, left alone', mark: '!' },
  same: { zh: '相同', en: 'same', mark: ' ' },
};

function print(changes: readonly PlannedChange[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify(changes));
    return;
  }
  for (const c of changes.filter((x) => x.change !== 'same'))
    console.log(`${words[c.change].mark} ${c.kind} ${c.id}  ${words[c.change].zh} · ${words[c.change].en}`);
  const count = (change: PlannedChange['change']) => changes.filter((c) => c.change === change).length;
  console.log(
    `新增 ${count('add')}，变更 ${count('change')}，分支 ${count('fork')}，相同 ${count('same')} · ${count('add')} new, ${count('change')} changed, ${count('fork')} forked, ${count('same')} same`,
  );
}

/** Shows what applying the code's models would change; changes nothing. */
export const planCommand = (config: Config, who: Who): Promise<number> =>
  withClient(config, who, async (client) => {
    print(await client.post<PlannedChange[]>('/api/plan', codeModels), who.json);
    return 0;
  });

/** Applies the code's models. */
export const applyCommand = (config: Config, who: Who): Promise<number> =>
  withClient(config, who, async (client) => {
    print(await client.post<PlannedChange[]>('/api/apply', codeModels), who.json);
    return 0;
  });

/** Collects a source and follows the run to its end, then waits until what it set in motion downstream has ended too. */
export const runCommand = (config: Config, who: Who, source: string): Promise<number> =>
  withClient(config, who, async (client) => {
    const { run } = await client.post<{ run: string }>(`/api/collect/sources/${encodeURIComponent(source)}/runs`, {});
    const tell = who.json ? () => undefined : show;
    const ended = await follow(client, run, tell);
    if (ended.state === 'done') await settled(client, tell, run);
    if (who.json) console.log(JSON.stringify(ended));
    else if (ended.state === 'done') say(`完成：${JSON.stringify(ended.result)}`, 'done');
    else
      console.error(
        `${ended.problem?.code ?? ended.state}\n${ended.problem?.title ?? ''}\n${ended.problem?.titleEn ?? ''}\n→ ${ended.problem?.hint ?? ''}\n→ ${ended.problem?.hintEn ?? ''}`,
      );
    return ended.state === 'done' ? 0 : 1;
  });

/** Uploads a file that nobody has declared, and carries out what is accepted of the proposals. */
export const uploadCommand = (config: Config, who: Who, order: Omit<UploadOrder, 'json'>): Promise<number> =>
  withClient(config, who, (client) => uploadFile(client, { ...order, json: who.json }));

/**
 * Waits until nothing that this account can see is queued or running: what a landed batch sets in motion downstream.
 * @throws Refusal what a run queued after `since` came to grief for, where it is about the same or about a library; what others do beside is theirs
 */
export async function settled(client: Client, tell: (zh: string, en: string) => void, since?: string): Promise<void> {
  let rows: (Run & { title: { zh: string; en: string } })[] = [];
  for (let quiet = 0; quiet < 3; ) {
    ({ rows } = await client.get<{ rows: typeof rows }>('/api/runs?limit=50'));
    const busy = rows.filter((r) => ['waiting', 'running'].includes(r.state));
    quiet = busy.length === 0 ? quiet + 1 : 0;
    const now = busy.find((r) => r.state === 'running') ?? busy[0];
    if (now)
      tell(
        `${now.title.zh} ${now.about} ${now.total ? `${Math.floor((100 * now.done) / now.total)}%` : ''}（还有 ${busy.length} 项）`,
        `${now.title.en}, ${busy.length} to go`,
      );
    // A fact is heard a moment after the commit that said it: quiet must last.
    await new Promise((r) => setTimeout(r, 120));
  }
  // The newest run stands first.
  const place = rows.findIndex((r) => r.id === since);
  const idOf = (about: string): string => about.slice(about.indexOf(':') + 1);
  const own = (r: Run): boolean => r.about.startsWith('library:') || idOf(r.about) === idOf(rows[place]?.about ?? '');
  const grief = rows.slice(0, Math.max(0, place)).find((r) => own(r) && ['failed', 'refused'].includes(r.state))?.problem;
  if (grief) throw remote(grief);
}

/** Polls a run until it ended: often at first, as most are over in a tenth of a second. */
export async function follow(
  client: Client,
  id: string,
  tell: (zh: string, en: string) => void,
): Promise<Run & { title: { zh: string; en: string } }> {
  for (let pause = 20; ; pause = Math.min(150, pause * 1.5)) {
    const run = await client.get<Run & { title: { zh: string; en: string } }>(`/api/runs/${id}`);
    if (!['waiting', 'running'].includes(run.state)) return run;
    const share = run.total ? ` ${Math.floor((100 * run.done) / run.total)}%` : '';
    // One that waits although it was tried says what it waits for: room on the disk.
    const note = run.problem ? { zh: run.problem.title, en: run.problem.titleEn } : run.note;
    tell(`${run.title.zh} ${run.about}${share} ${note?.zh ?? ''}`, `${run.title.en} ${note?.en ?? ''}`);
    await new Promise((r) => setTimeout(r, pause));
  }
}
