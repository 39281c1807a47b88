/** Settings: each with its default, its meaning and the environment variable or flag that sets it. Read once at the door. */
import { z } from 'zod';
import { defineErrors, Refusal } from './errors.ts';

/** What a setting is, for the reference page. */
export const settings = {
  data: {
    flag: '--data',
    env: 'CHENGSHU_DATA',
    default: '.data',
    zh: '数据目录',
    en: 'Data folder',
    must: { zh: '一个目录', en: 'a folder' },
  },
  port: {
    flag: '--port',
    env: 'CHENGSHU_PORT',
    default: '8080',
    zh: 'HTTP 端口；被占用时改用下一个空闲端口',
    en: 'HTTP port; the next free one is taken when it is in use',
    must: { zh: ' 0 到 65535 的整数', en: 'a whole number from 0 to 65535' },
  },
  scale: {
    flag: '--scale',
    env: 'CHENGSHU_SCALE',
    default: '1',
    zh: '演示城市的大小，1 为三万人、三千家企业',
    en: 'Size of the invented city; 1 is 30,000 people and 3,000 enterprises',
    must: { zh: ' 0.02 到 1000 的数', en: 'a number from 0.02 to 1000' },
  },
  seed: {
    flag: '--seed',
    env: 'CHENGSHU_SEED',
    default: '1',
    zh: '演示城市的随机种子',
    en: 'Seed of the invented city',
    must: { zh: '不小于 0 的整数', en: 'a whole number, 0 or more' },
  },
  node: {
    flag: '--node',
    env: 'CHENGSHU_NODE',
    default: '3499',
    zh: '节点编号，写进每个编号',
    en: 'Node code, part of every id',
    must: { zh: ' 1 到 12 个小写字母或数字', en: '1 to 12 small letters or digits' },
  },
  databaseUrl: {
    flag: '',
    env: 'DATABASE_URL',
    default: '',
    zh: '外部 PostgreSQL（15 及以上）；不填用内置的',
    en: 'An external PostgreSQL (15 or newer); the embedded one when absent',
    must: { zh: '数据库的地址', en: 'the URL of a database' },
  },
  schedule: {
    flag: '',
    env: 'CHENGSHU_SCHEDULE',
    default: 'on',
    zh: '按更新周期自动归集（on），或只由人发起（off）',
    en: 'Sources are collected by themselves, by update cycle (on), or only when a person begins it (off)',
    must: { zh: ' on 或 off', en: 'on or off' },
  },
  warehouseMemory: {
    flag: '',
    env: 'CHENGSHU_WAREHOUSE_MEMORY',
    default: '1GB',
    zh: '数据仓库的内存上限',
    en: 'Memory limit of the warehouse',
    must: { zh: '整数加 MB 或 GB，如 512MB', en: 'a whole number with MB or GB, such as 512MB' },
  },
} as const;

const configSchema = z.object({
  data: z.string().min(1),
  port: z.coerce.number().int().min(0).max(65535),
  scale: z.coerce.number().min(0.02).max(1000),
  seed: z.coerce.number().int().min(0),
  node: z.string().regex(/^[a-z0-9]{1,12}$/),
  databaseUrl: z.string(),
  schedule: z.enum(['on', 'off']),
  warehouseMemory: z.string().regex(/^\d+(MB|GB)$/),
});
export type Config = z.infer<typeof configSchema>;

defineErrors({
  SETTING_WRONG: {
    status: 400,
    zh: '设置 {setting} 不能是“{value}”：应为{must}',
    en: "{setting} cannot be '{value}': it is {mustEn}",
    hint: { zh: '改正后再试；不写则用默认值 {byDefault}。', en: 'Mend it, or leave it out for its default, {byDefault}.' },
  },
});

/** Reads the settings from flags, then the environment, then the defaults. @throws Refusal SETTING_WRONG naming the setting */
export function readConfig(flags: Readonly<Record<string, string>>, env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, s]) => [name, (s.flag && flags[s.flag]) || env[s.env] || s.default]),
  );
  const read = configSchema.safeParse(given);
  if (read.success) return read.data;
  const name = read.error.issues[0]?.path[0] as keyof typeof settings;
  const { flag, env: variable, must, default: byDefault } = settings[name];
  const setting = flag && flags[flag] ? flag : variable;
  throw new Refusal('SETTING_WRONG', { setting, value: given[name] ?? '', must: must.zh, mustEn: must.en, byDefault });
}
