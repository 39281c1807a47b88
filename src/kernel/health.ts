/** Health that names the culprit: each part with its state and a sentence in both languages. */
import type { Kernel } from './stage.ts';

export interface PartHealth {
  readonly part: string;
  readonly title: { zh: string; en: string };
  readonly state: 'good' | 'attention' | 'broken' | 'unknown';
  readonly sentence: { zh: string; en: string };
}

/** A worker that has not been heard of for this long is away. */
const silentSeconds = 15;

/** Asks every part how it is; each within two seconds. */
export async function healthOf(kernel: Kernel): Promise<{ ok: boolean; parts: PartHealth[] }> {
  const parts = await Promise.all([
    probe('database', { zh: '数据库', en: 'Database' }, async () => {
      const version = await kernel.db.first<{ v: string }>(`select current_setting('server_version') as v`);
      return { zh: `PostgreSQL ${version?.v} 应答正常`, en: `PostgreSQL ${version?.v} answers` };
    }),
    probe('warehouse', { zh: '数据仓库', en: 'Warehouse' }, async () => {
      const health = await kernel.warehouse.health();
      return { zh: `DuckDB ${health.version} 应答正常`, en: `DuckDB ${health.version} answers` };
    }),
    probe('worker', { zh: '任务进程', en: 'Worker' }, async () => {
      const beat = await kernel.db.first<{ age: number }>(
        `select extract(epoch from now() - seen_at)::float as age from kernel.process where name = 'work'`,
      );
      // A last beat in the future was made before the clock was set back: whoever works has written another since.
      if (!beat || Math.abs(beat.age) > silentSeconds) throw new Error(beat ? `${Math.round(beat.age)} s` : 'never seen');
      return { zh: '任务进程在工作', en: 'The worker is at work' };
    }),
  ]);
  return { ok: parts.every((p) => p.state === 'good'), parts };
}

async function probe(part: string, title: { zh: string; en: string }, ask: () => Promise<{ zh: string; en: string }>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('no answer within 2 s')), 2000);
    });
    return { part, title, state: 'good', sentence: await Promise.race([ask(), late]) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      part,
      title,
      state: 'broken',
      sentence: { zh: `${title.zh}没有应答（${cause}）`, en: `${title.en} does not answer (${cause})` },
    };
  } finally {
    clearTimeout(timer);
  }
}
