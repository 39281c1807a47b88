/** What a store says when it cannot serve: away, crowded, full. Each is one refusal, whichever library spoke; all of them pass. */
import { defineErrors, isRefusal, Refusal } from './errors.ts';

defineErrors({
  DATABASE_AWAY: {
    status: 503,
    zh: '数据库暂时连不上',
    en: 'The database cannot be reached at the moment',
    hint: {
      zh: '稍候自动恢复；持续出现请查看运维页或联系系统管理员。',
      en: 'It recovers by itself; if it lasts, tell the system administrator.',
    },
  },
  DATABASE_CROWDED: {
    status: 503,
    zh: '数据库的连接用完了',
    en: 'The database has no connection left',
    hint: {
      zh: '有连接空出后自动恢复；持续出现请系统管理员查看 pg_stat_activity 里是谁占着，或调大 max_connections。',
      en: 'It recovers by itself once one is free; if it lasts, have pg_stat_activity looked at for who holds them, or raise max_connections.',
    },
  },
  WAREHOUSE_AWAY: {
    status: 503,
    zh: '数据仓库进程暂时不在',
    en: 'The warehouse process is away at the moment',
    hint: { zh: '它会被自动拉起，稍候重试。', en: 'It is restarted by itself; try again shortly.' },
  },
  WAREHOUSE_MEMORY: {
    status: 503,
    zh: '数据仓库的内存不够做完这一步',
    en: 'The warehouse has too little memory for this step',
    hint: {
      zh: '已有数据不受影响。请系统管理员调大 CHENGSHU_WAREHOUSE_MEMORY（如 2GB）并重启，再重做这一步；也可把文件拆小。',
      en: 'What is there already is unharmed. Have CHENGSHU_WAREHOUSE_MEMORY raised (2GB, say) and the platform restarted, then do it again; or split the file.',
    },
  },
  DISK_FULL: {
    status: 507,
    zh: '磁盘写满了，{store}写不下去',
    en: 'The disk is full: {storeEn} cannot be written',
    hint: {
      zh: '已有数据不受影响，没有留下半截内容。请在服务器上用 df 查看数据目录所在的盘，删去或移走别的文件、不再需要的上传和 warehouse.duckdb.unreadable-*，或扩容；腾出空间后任务自动接着做，上传从断点继续。',
      en: 'What is there already is unharmed and nothing half-written was kept. Look with df at the disk of the data folder, remove or move other files, uploads nobody needs and warehouse.duckdb.unreadable-*, or enlarge it; then runs go on by themselves, and an upload from where it stands.',
    },
  },
});

/** What a disk can be full under. */
export type Store = 'objects' | 'warehouse' | 'database' | 'folder';

const titles: Readonly<Record<Store, { readonly store: string; readonly storeEn: string }>> = {
  objects: { store: '对象存储', storeEn: 'the object store' },
  warehouse: { store: '数据仓库', storeEn: 'the warehouse' },
  database: { store: '数据库', storeEn: 'the database' },
  folder: { store: '数据目录', storeEn: 'the data folder' },
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

// 53100 is PostgreSQL's; DuckDB has no code, and its spilling gives up by a limit that it made from the free space.
const fullCodes = new Set(['ENOSPC', 'EDQUOT', '53100']);
const fullWords = /no space left on device|ENOSPC|disk quota exceeded|EDQUOT|max_temp_directory_size/i;

/** True for a sentence in which a program says that the disk is full. */
export const saysFull = (words: string): boolean => fullWords.test(words);

/** The refusal DISK_FULL for an error that says so; any other error as it is. */
export function orFull(error: unknown, store: Store): unknown {
  if (isRefusal(error)) return error;
  const full = fullCodes.has(codeOf(error)) || (error instanceof Error && saysFull(error.message));
  return full ? new Refusal('DISK_FULL', titles[store], { cause: error }) : error;
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08003',
  '08001',
  '08000',
]);

/** True when an error says that the database has, or our pool got, no connection to give. */
const isCrowded = (error: unknown): boolean =>
  codeOf(error) === '53300' || (error instanceof Error && error.message.includes('timeout exceeded when trying to connect'));

/** True when an error says that our server cannot be reached rather than that the statement is wrong. A refusal tells of something else: a department's server, say. */
export const isAway = (error: unknown): boolean =>
  error instanceof Error &&
  !isRefusal(error) &&
  (awayCodes.has(codeOf(error)) ||
    isCrowded(error) ||
    /Connection terminated|Client has encountered a connection error/.test(error.message));

/** The refusal for a database that is away, crowded or full; any other error as it is. */
export function orDatabaseAway(error: unknown): unknown {
  if (isRefusal(error)) return error;
  if (isCrowded(error)) return new Refusal('DATABASE_CROWDED', {}, { cause: error });
  return isAway(error) ? new Refusal('DATABASE_AWAY', {}, { cause: error }) : orFull(error, 'database');
}

const passing = new Set(['DATABASE_AWAY', 'DATABASE_CROWDED', 'WAREHOUSE_AWAY']);

/** True when a store is away for a moment: the same work, done again shortly, may succeed. */
export const isStoreAway = (error: unknown): boolean => isAway(error) || (isRefusal(error) && passing.has(error.code));

/** True when memory ran short, which other work at the same time may have done: the same work can succeed when it is tried again. */
export const isMemoryShort = (error: unknown): boolean => isRefusal(error) && error.code === 'WAREHOUSE_MEMORY';

/** True when a disk is full: the same work can succeed once somebody has made room. */
export const isDiskFull = (error: unknown): boolean => isRefusal(error) && error.code === 'DISK_FULL';
