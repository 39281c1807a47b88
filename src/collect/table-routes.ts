/** Addresses for registering a table of a database: the tables there, the looks of one, and a sample of it as an upload. */
import { z } from 'zod';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import type { ConnectorOf } from './jobs.ts';
import { lookAtTable, registerTable, tablesAt } from './tables.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const settings = z.record(z.string().max(63), z.union([z.string().max(100_000), z.number(), z.boolean(), z.null()]));
const place = z.strictObject({ connector: z.string().max(63), settings });
const column = z.string().min(1).max(255);

/** Adds the routes. */
export function tableRoutes(door: Door, kernel: Kernel, connectorOf: ConnectorOf): void {
  door.route({
    method: 'POST',
    url: '/api/collect/tables',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '数据库里可以登记的表', en: 'The tables of a database that can be registered' },
    body: place,
    reply: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['table', 'view', 'foreign']),
        about: z.string().nullable(),
        rows: z.number().nullable(),
        settings,
      }),
    ),
    handle: async ({ body, actor }) => structuredClone(await tablesAt(kernel, connectorOf, actor, body)) as never,
  });
  door.route({
    method: 'POST',
    url: '/api/collect/tables/look',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '一张表的列、主键与游标', en: 'The columns of a table, its keys and what could be a cursor' },
    body: place,
    reply: z.object({
      columns: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          isNullable: z.boolean(),
          about: z.string().nullable(),
          noCursor: words.nullable(),
          slips: z.array(words),
        }),
      ),
      rows: z.number().nullable(),
      keys: z.array(z.object({ columns: z.array(z.string()), why: words })),
      cursor: z.string().nullable(),
      why: words,
    }),
    handle: async ({ body, actor }) => structuredClone(await lookAtTable(kernel, connectorOf, actor, body)) as never,
  });
  door.route({
    method: 'POST',
    url: '/api/collect/tables/registrations',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '登记一张表：读取样本', en: 'Register a table: a sample of it is read' },
    body: place.extend({
      columns: z.array(column).min(1).max(1600),
      key: z.array(column).max(50),
      cursor: column.nullable(),
    }),
    reply: z.object({ id: z.string() }),
    handle: async ({ body, actor }) => ({ id: (await registerTable(kernel, connectorOf, actor, body)).id }),
  });
}
