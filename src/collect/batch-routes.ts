/** Addresses of what was landed: batches, their receipts and their rows. */
import { z } from 'zod';
import { type Connector, ConnectorRefusal, daySchema, idSchema } from '#declare';
import { pageFrom, seenIn, when, within } from '#kernel/db/listing';
import { ordinal, pageOf, pageQuery, sortedPage } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { rowKinds } from './grid.ts';
import type { ConnectorOf } from './jobs.ts';
import { type Batch, batchColumns } from './ledger.ts';
import { bisect, deepestPrefix, receiptPlan } from './receipt.ts';
import { openBatch, readBatchRows } from './rows.ts';

export const batchSchema = z.object({
  seq: z.number(),
  source: z.string(),
  ordinal: z.number(),
  run: z.string(),
  department: z.string(),
  object: z.string(),
  original: z.string().nullable(),
  name: z.string().nullable(),
  mode: z.enum(['full', 'incremental']),
  rowsIn: z.number(),
  rowsData: z.number(),
  rowsRefused: z.number(),
  rowsOther: z.number(),
  cursorFrom: z.string().nullable(),
  cursorTo: z.string().nullable(),
  sourceVersion: z.number(),
  /** `waiting` for the steward's answer; `set-aside` when he said no, or another edition came before. */
  stands: z.enum(['accepted', 'waiting', 'set-aside']),
  /** Why the steward said no. */
  declined: z.string().nullable(),
  landedAt: z.string(),
});
const digest = z.object({ count: z.number(), sum: z.string() });
const bucket = digest.extend({ prefix: z.string() });
const receipt = z.object({
  rowsIn: z.number(),
  rowsData: z.number(),
  rowsRefused: z.number(),
  rowsOther: z.object({ title: z.number(), header: z.number(), blank: z.number(), footer: z.number(), aside: z.number().optional() }),
  digest,
  buckets: z.array(bucket),
  /** Against the batch before, of a full delivery. */
  change: z
    .object({
      against: z.number(),
      added: z.number(),
      changed: z.number(),
      removed: z.number(),
      of: z.number().optional(),
      byKey: z.boolean().optional(),
    })
    .optional(),
});
/** Orders of the list. */
const batchSorts = { landedAt: 'landed_at', source: 'source', rowsIn: 'rows_in', rowsRefused: 'rows_refused' };
const params = z.object({ seq: ordinal });

/** A batch without its receipt and column names, as lists show it. */
export function shownBatch({ receipt: _receipt, columns: _columns, ...rest }: Batch): z.input<typeof batchSchema> {
  return rest;
}

/** Adds the routes. */
export function batchRoutes(door: Door, kernel: Kernel, connectorOf: ConnectorOf): void {
  door.route({
    method: 'GET',
    url: '/api/collect/batches',
    tag: 'collect',
    permission: { action: 'batch.list' },
    summary: { zh: '批次', en: 'Batches' },
    query: sortedPage(batchSorts).extend({
      source: idSchema.optional(),
      department: idSchema.optional(),
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(batchSchema),
    handle: async ({ query, actor }) => {
      const { rows, count } = await pageFrom<Batch>(
        kernel.db,
        {
          columns: batchColumns,
          from: ['collect.batch'],
          where: [
            seenIn(kernel.policy.filter(actor, 'batch.list'), 'department'),
            ...when(query.source, 'source = ?'),
            ...when(query.department, 'department = ?'),
            ...within('landed_at', query.from, query.to),
          ],
          sorts: batchSorts,
          order: 'seq desc',
        },
        query,
      );
      return { rows: rows.map(shownBatch), count };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/batches/:seq',
    tag: 'collect',
    permission: { action: 'batch.list' },
    summary: { zh: '一个批次', en: 'One batch' },
    params,
    reply: batchSchema.extend({ columns: z.array(z.string()), receipt }),
    handle: async ({ params, actor }) => {
      const b = await openBatch(kernel, actor, params.seq, 'batch.list');
      return { ...shownBatch(b), columns: [...b.columns], receipt: structuredClone(b.receipt) as z.input<typeof receipt> };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/batches/:seq/receipt',
    tag: 'collect',
    permission: { action: 'batch.list' },
    summary: { zh: '回执，可逐级对分到行', en: 'The receipt, bisecting down to a row' },
    params,
    query: z.object({
      prefix: z
        .string()
        .regex(new RegExp(`^[0-9a-f]{0,${deepestPrefix}}$`))
        .default(''),
    }),
    reply: z.object({
      batch: z.number(),
      definition: words(),
      columns: z.array(z.string()),
      key: z.array(z.string()),
      receipt,
      prefix: z.string(),
      digest,
      parts: z.array(bucket),
      rows: z.array(z.number()).nullable(),
      receiptSql: z.string().nullable(),
      cursorFrom: z.string().nullable(),
      cursorTo: z.string().nullable(),
    }),
    handle: async ({ params, query, actor }) => {
      const b = await openBatch(kernel, actor, params.seq, 'batch.list');
      const source = await kernel.documents.version('source', b.source, b.sourceVersion);
      const found = await bisect(kernel, await kernel.objects.open(b.object), receiptPlan(b.columns, source.key), query.prefix);
      return {
        batch: b.seq,
        definition,
        columns: [...b.columns],
        key: [...source.key],
        receipt: structuredClone(b.receipt) as z.input<typeof receipt>,
        prefix: found.prefix,
        digest: found.digest,
        parts: [...found.parts],
        rows: found.rows && [...found.rows],
        // Which rows an increment brought, no interval of the cursor tells: some came late.
        receiptSql: b.mode === 'full' ? receiptSqlOf(connectorOf(source.connector), source, null) : null,
        cursorFrom: b.cursorFrom,
        cursorTo: b.cursorTo,
      };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/batches/:seq/rows',
    tag: 'collect',
    permission: { action: 'batch.rows' },
    summary: { zh: '批次的行（原样）', en: 'Rows of a batch as received' },
    params,
    query: pageQuery.extend({ kind: z.enum(rowKinds).optional() }),
    reply: z.object({
      columns: z.array(z.string()),
      raw: z.boolean(),
      count: z.number(),
      rows: z.array(
        z.object({
          row: z.number(),
          kind: z.enum(rowKinds),
          fault: z.string().nullable(),
          cells: z.array(z.string().nullable()).nullable(),
        }),
      ),
    }),
    handle: async ({ params, query, actor }) => {
      const { columns, rows, ...rest } = await readBatchRows(kernel, actor, params.seq, { ...query, kind: query.kind });
      return { ...rest, columns: [...columns], rows: rows.map((r) => ({ ...r, cells: r.cells && [...r.cells] })) };
    },
  });
}

function words() {
  return z.object({ zh: z.string(), en: z.string() });
}

const definition = {
  zh: '行文本：按列依次拼接，缺失为 ~，否则为 字符数:文本；h 为 UTF-8 的 MD5；分桶按主键文本 h 的十六进制前缀；摘要为行数与各行 h 前 15 位十六进制数之和',
  en: 'Row text: per column ~ where absent, else length:text, joined; h is MD5 of its UTF-8; buckets go by the leading hex digits of h(key text); the digest is the count and the sum of the first 15 hex digits of h(row text)',
};

/** The SQL for the other end; null for files and where the settings no longer say where it is. */
export function receiptSqlOf(connector: Connector, ...of: Parameters<Connector['receiptSql']>): string | null {
  try {
    return connector.receiptSql(...of);
  } catch (error) {
    if (error instanceof ConnectorRefusal) return null;
    throw error;
  }
}
