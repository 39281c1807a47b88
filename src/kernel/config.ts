/** Settings: each with its default, its meaning and the environment variable or flag that sets it. Read once at the door. */
import { z } from 'zod';

/** What a setting is, for the reference page. */
export const settings = {
  data: { flag: '--data', env: 'CHENGSHU_DATA', default: '.data', zh: '数据目录', en: 'Data folder' },
  port: {
    flag: '--port',
    env: 'CHENGSHU_PORT',
    default: '8080',
    zh: 'HTTP 端口；被占用时改用下一个空闲端口',
    en: 'HTTP port; the next free one is taken when it is in use',
  },
  scale: {
    flag: '--scale',
    env: 'CHENGSHU_SCALE',
    default: '1',
    zh: '演示城市的大小，1 为三万人、三千家企业',
    en: 'Size of the invented city; 1 is 30,000 people and 3,000 enterprises',
  },
  seed: { flag: '--seed', env: 'CHENGSHU_SEED', default: '1', zh: '演示城市的随机种子', en: 'Seed of the invented city' },
  node: { flag: '--node', env: 'CHENGSHU_NODE', default: '3499', zh: '节点编号，写进每个编号', en: 'Node code, part of every id' },
  databaseUrl: {
    flag: '',
    env: 'DATABASE_URL',
    default: '',
    zh: '外部 PostgreSQL（15 及以上）；不填用内置的',
    en: 'An external PostgreSQL (15 or newer); the embedded one when absent',
  },
  warehouseMemory: {
    flag: '',
    env: 'CHENGSHU_WAREHOUSE_MEMORY',
    default: '1GB',
    zh: '数据仓库的内存上限',
    en: 'Memory limit of the warehouse',
  },
} as const;

const configSchema = z.object({
  data: z.string().min(1),
  port: z.coerce.number().int().min(0).max(65535),
  scale: z.coerce.number().positive().max(1000),
  seed: z.coerce.number().int().min(0),
  node: z.string().regex(/^[a-z0-9]{1,12}$/),
  databaseUrl: z.string(),
  warehouseMemory: z.string().regex(/^\d+(MB|GB)$/),
});
export type Config = z.infer<typeof configSchema>;

/** Reads the settings from flags, then the environment, then the defaults. @throws ZodError naming the setting. */
export function readConfig(flags: Readonly<Record<string, string>>, env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, s]) => [name, (s.flag && flags[s.flag]) || env[s.env] || s.default]),
  );
  return configSchema.parse(given);
}
