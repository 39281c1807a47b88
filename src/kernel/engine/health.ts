/** Health that names the culprit: each part with its state, what is wrong in both languages, and what to do about it. */
import type { Kernel } from '../stage.ts';
import { promptly, Silent } from './ask.ts';
import { readProcessBook } from './process-book.ts';
import { endingOf, processTitles } from './processes.ts';
import { diskOf } from './stores.ts';

interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface PartHealth {
  readonly part: string;
  readonly title: Words;
  readonly state: 'good' | 'attention' | 'broken' | 'unknown';
  /** How it is, with its numbers. */
  readonly sentence: Words;
  /** What to do; null while nothing needs doing. */
  readonly hint: Words | null;
  /** The error; what the system said is the same in both languages. Null where there is none. */
  readonly cause: Words | null;
}

/** What a probe finds; without a hint all is well. */
interface Finding {
  readonly state: PartHealth['state'];
  readonly sentence: Words;
  readonly hint?: Words;
}

interface Probe {
  readonly part: string;
  readonly title: Words;
  /** What to do when it does not answer at all. */
  readonly away: Words;
  ask(kernel: Kernel): Promise<Finding>;
}

/** A worker that has not been heard of for this long is away. */
const silentSeconds = 15;
/** Work that could start and has not for this long. */
const patientMinutes = 10;
/** A process that ended within this time is worth a word although it runs again. */
const recentMinutes = 10;
const gibibyte = 2 ** 30;

const probes: readonly Probe[] = [
  {
    part: 'database',
    title: { zh: '数据库', en: 'Database' },
    away: {
      zh: '内置数据库由总进程自动重新拉起，一分钟内应恢复；没有恢复请看数据目录旁的 postgres.log（常见原因：磁盘已满、内存不足）。用 DATABASE_URL 的，请检查那台服务器和网络。',
      en: 'The embedded one is started again by the parent within a minute; if not, read postgres.log (a full disk or no memory, most often). With DATABASE_URL check that server and the network.',
    },
    async ask({ db }) {
      const row = await db.first<{ used: number; most: number }>(
        `select count(*) as used, current_setting('max_connections')::int as most from pg_stat_activity where datid is not null`,
      );
      const { used = 0, most = 0 } = row ?? {};
      const words = { zh: `应答正常，连接 ${used} / ${most}`, en: `answers; ${used} of ${most} connections` };
      if (used < 0.8 * most) return { state: 'good', sentence: words };
      return {
        state: 'attention',
        sentence: { zh: `连接快用完了：${used} / ${most}`, en: `running out of connections: ${used} of ${most}` },
        hint: {
          zh: '看看是否有别的程序连在这个数据库上；确需更多连接时调大 max_connections 后重启。',
          en: 'See whether other programs are connected to this database; raise max_connections and restart if more are needed.',
        },
      };
    },
  },
  {
    part: 'warehouse',
    title: { zh: '数据仓库', en: 'Warehouse' },
    away: {
      zh: '总进程会自动重新拉起它；反复起不来时看启动窗口里的报错。文件损坏时会另存旧文件并从台账重建，不丢数据。',
      en: 'The parent starts it again by itself; if it keeps failing, read what the start window says. A broken file is set aside and built again from the ledger, nothing is lost.',
    },
    async ask({ warehouse }) {
      const health = await warehouse.health();
      if (!health.fresh) return { state: 'good', sentence: { zh: '应答正常', en: 'answers' } };
      return {
        state: 'attention',
        sentence: { zh: '正在从台账重建，查询结果可能不全', en: 'being built again from the ledger; answers may be incomplete' },
        hint: { zh: '等待重建任务完成；进度见下面的任务列表。', en: 'Wait for the rebuilding runs below to end.' },
      };
    },
  },
  {
    part: 'worker',
    title: { zh: '任务进程', en: 'Worker' },
    away: {
      zh: '总进程会自动重新拉起它；没有恢复请重启平台，排队的任务不会丢。',
      en: 'The parent starts it again by itself; if it stays away restart the platform, queued runs are not lost.',
    },
    async ask({ db }) {
      const beat = await db.first<{ age: number }>(
        `select extract(epoch from now() - seen_at)::float as age from kernel.process where name = 'work'`,
      );
      if (!beat) throw new Silent('从未见过它', 'never seen');
      // A last beat in the future was made before the clock was set back: whoever works has written another since.
      const age = Math.round(beat.age);
      if (Math.abs(age) > silentSeconds) throw new Silent(`已有 ${age} 秒没有心跳`, `not heard of for ${age} s`);
      return {
        state: 'good',
        sentence: { zh: `在工作，${age} 秒前有心跳`, en: `at work, heard of ${age} s ago` },
      };
    },
  },
  {
    part: 'queue',
    title: { zh: '任务队列', en: 'Queue' },
    away: { zh: '队列在数据库里，先恢复数据库。', en: 'The queue is in the database: mend that first.' },
    ask: ({ db }) => askQueue(db),
  },
  {
    part: 'disk',
    title: { zh: '磁盘', en: 'Disk' },
    away: { zh: '请检查数据目录所在的磁盘是否还挂着、是否可读。', en: 'Check that the disk of the data folder is mounted and readable.' },
    async ask(kernel) {
      const { free, total } = await diskOf(kernel);
      const left = { zh: `剩余 ${gigabytes(free)} / ${gigabytes(total)} GB`, en: `${gigabytes(free)} of ${gigabytes(total)} GB free` };
      const state = free < gibibyte ? 'broken' : free < Math.min(total / 10, 20 * gibibyte) ? 'attention' : 'good';
      if (state === 'good') return { state, sentence: left };
      return {
        state,
        sentence: { zh: `空间不足：${left.zh}`, en: `short of room: ${left.en}` },
        hint: {
          zh: '请扩容，或清理同一磁盘上的其他文件；对象库里的批次是台账的原件，不要手工删除。写满后数据库会停止写入。',
          en: 'Add room, or clear other files on that disk; batches among the objects are the ledger’s originals, never delete them by hand. When it is full the database stops writing.',
        },
      };
    },
  },
  {
    part: 'processes',
    title: { zh: '进程', en: 'Processes' },
    away: { zh: '请看启动窗口里的报错。', en: 'Read what the start window says.' },
    ask: async (kernel) => askProcesses(kernel),
  },
];

/** Asks every part how it is; each within two seconds. */
export async function healthOf(kernel: Kernel): Promise<{ ok: boolean; parts: readonly PartHealth[] }> {
  const parts = await Promise.all(probes.map((probe) => examine(kernel, probe)));
  // What needs a look still works; only what is broken makes the whole not well.
  return { ok: parts.every((p) => p.state !== 'broken'), parts };
}

const publicWords: Readonly<Record<PartHealth['state'], Words>> = {
  good: { zh: '正常', en: 'all is well' },
  attention: { zh: '需要留意', en: 'needs a look' },
  broken: { zh: '没有应答或不能工作', en: 'does not answer or cannot work' },
  unknown: { zh: '不清楚', en: 'not known' },
};

/** The same for whoever is not signed in: which part and what to do, without numbers and system messages. */
export const publicHealth = (health: Awaited<ReturnType<typeof healthOf>>): { ok: boolean; parts: readonly PartHealth[] } => ({
  ok: health.ok,
  parts: health.parts.map((p) => ({ ...p, sentence: publicWords[p.state], cause: null })),
});

async function examine(kernel: Kernel, { part, title, away, ask }: Probe): Promise<PartHealth> {
  try {
    const found = await promptly(ask(kernel));
    return { part, title, state: found.state, sentence: found.sentence, hint: found.hint ?? null, cause: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      part,
      title,
      state: 'broken',
      sentence: { zh: `${title.zh}没有应答`, en: `${title.en} does not answer` },
      hint: away,
      cause: error instanceof Silent ? error.said : { zh: message, en: message },
    };
  }
}

async function askQueue(db: Kernel['db']): Promise<Finding> {
  const row = await db.first<{ waiting: number; dead: number; again: number; age: number | null }>(
    `select count(*) filter (where attempts < max_attempts) as waiting,
            count(*) filter (where attempts >= max_attempts) as dead,
            count(*) filter (where attempts < max_attempts and last_error is not null) as again,
            extract(epoch from now() - min(run_at) filter (where attempts < max_attempts and locked_at is null and run_at <= now()))::float / 60 as age
     from graphile_worker.jobs`,
  );
  const { waiting = 0, dead = 0, again = 0, age = null } = row ?? {};
  if (dead > 0)
    return {
      state: 'broken',
      sentence: { zh: `${dead} 项工作试到最后仍没有成功`, en: `${dead} pieces of work failed to the last try` },
      hint: {
        zh: '在任务列表里打开出错的任务看原因；排除后重新发起。通知类工作没有任务页，请看启动窗口里的报错。',
        en: 'Open the failed runs below for the cause, mend it and start them again. Work without a run of its own is told in the start window.',
      },
    };
  if (again > 0)
    return {
      state: 'attention',
      sentence: { zh: `${again} 项工作出过错，正在重试`, en: `${again} pieces of work failed and are tried again` },
      hint: {
        zh: '多半是某个部件刚才不在；一直不成功请看启动窗口里的报错。',
        en: 'A part was away, most likely; if it goes on, read what the start window says.',
      },
    };
  if (age !== null && age > patientMinutes)
    return {
      state: 'attention',
      sentence: {
        zh: `${waiting} 项在排队，最早的已等 ${Math.round(age)} 分钟`,
        en: `${waiting} wait, the first for ${Math.round(age)} minutes`,
      },
      hint: {
        zh: '同一对象的任务一个接一个办：看任务列表里正在进行的那一个，不需要的可以取消。',
        en: 'Runs about one thing go one after another: look at the one that is running, and cancel it if nobody needs it.',
      },
    };
  return { state: 'good', sentence: { zh: `${waiting} 项在办或排队`, en: `${waiting} at work or waiting` } };
}

function askProcesses(kernel: Kernel): Finding {
  const since = kernel.clock.now().getTime() - recentMinutes * 60_000;
  const fallen = readProcessBook(kernel.folder).filter((p) => p.lastEnd && Date.parse(p.lastEnd.at) > since);
  if (fallen.length === 0)
    return { state: 'good', sentence: { zh: `近 ${recentMinutes} 分钟没有进程中断`, en: `none ended within ${recentMinutes} minutes` } };
  const told = fallen.map((p) => ({ title: processTitles[p.name], ending: endingOf(p.lastEnd?.why ?? null), restarts: p.restarts }));
  const isKilled = fallen.some((p) => p.lastEnd?.why === 'SIGKILL');
  return {
    state: fallen.some((p) => p.pid === null) ? 'broken' : 'attention',
    sentence: {
      zh: told.map((t) => `${t.title.zh}中断过（${t.ending.zh}），共重启 ${t.restarts} 次`).join('；'),
      en: told.map((t) => `${t.title.en} ended (${t.ending.en}); times it was started again: ${t.restarts}`).join('; '),
    },
    hint: {
      zh: `平台会自动重新拉起；已经答复的，一条也不会丢。${isKilled ? '反复被强行结束多半是内存不足：看系统日志，加内存或调小数据仓库内存。' : '原因写在启动窗口里；数据库刚重启过的，任务进程随之重启一次是正常的。'}`,
      en: `It is started again by itself, and nothing acknowledged is lost. ${isKilled ? 'If it keeps being killed, memory is short, most likely: read the system’s log, add memory or lower the warehouse’s.' : 'Why stands in the start window; where the database was just restarted, the worker restarts once with it, as it should.'}`,
    },
  };
}

const gigabytes = (bytes: number): string => (bytes / gibibyte).toFixed(1);
