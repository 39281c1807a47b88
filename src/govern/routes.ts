/** The addresses of governing. */
import { z } from 'zod';
import { editionNotices } from '#collect';
import { bindingSchema, fieldNameSchema, fieldTypeSchema, idSchema, sensitivitySchema } from '#declare';
import { pageOfAll, says } from '#kernel/db/listing';
import { ordinal, pageOf, pageQuery, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Kernel } from '#kernel/stage';
import { askLeaving, putBinding } from './binding.ts';
import { bindingGuard } from './guard.ts';
import { overviewOf } from './overview.ts';
import { checksOf } from './plan.ts';
import { proposalRoutes } from './propose/routes.ts';
import { openTable, readFindings, readRows } from './reading.ts';
import { resultsOfTable, standing } from './results.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const id = z.object({ id: z.string().max(63) });
const severity = z.enum(['block', 'warn']);
/** Rows as they stand, those of keys that several rows have, or those without a key. */
const whichRows = z.enum(['current', 'repeated', 'keyless']);
const tableState = z.enum(['empty', 'governing', 'behind', 'outdated', 'good']);
const overview = z.object({
  id: z.string(),
  title: words,
  department: z.string(),
  source: z.string(),
  mode: z.enum(['full', 'incremental']),
  rows: z.number(),
  /** Rows without a key, and keys that several rows have. */
  keyless: z.number(),
  repeated: z.number(),
  read: z.number(),
  governed: z.number(),
  quarantined: z.number(),
  warned: z.number(),
  rate: z.number().nullable(),
  lastBatch: z.object({ seq: z.number(), ordinal: z.number(), landedAt: z.string(), governedAt: z.string() }).nullable(),
  state: tableState,
  bindingVersion: z.number(),
});
const field = z.object({
  name: z.string(),
  column: z.string(),
  title: words,
  element: z.string(),
  elementTitle: words,
  type: fieldTypeSchema,
  sensitivity: sensitivitySchema,
  isKey: z.boolean(),
});
const batchLine = z.object({
  seq: z.number(),
  ordinal: z.number(),
  read: z.number(),
  data: z.number(),
  refused: z.number(),
  governed: z.number(),
  quarantined: z.number(),
  warned: z.number(),
  /** Words that were taken for no value, by field. */
  absent: z.array(z.object({ field: z.string(), word: z.string(), rows: z.number() })),
  bindingVersion: z.number(),
  landedAt: z.string(),
  governedAt: z.string(),
});
const check = z.object({
  id: z.string(),
  kind: z.enum(['element', 'row', 'unique-key', 'exact-duplicate', 'reading']),
  title: words,
  severity,
  /** The severity that the element or rule kind gives before the steward decides. A check that is not `block` may be made to withhold rows. */
  usual: z.enum(['block', 'unlisted', 'warn']),
  field: z.string().nullable(),
  sentence: words,
  reason: words,
  checked: z.number().nullable(),
  failed: z.number().nullable(),
  rate: z.number().nullable(),
});
const finding = z.object({
  ordinal: z.number(),
  row: z.number(),
  rule: z.string(),
  title: words,
  severity,
  field: z.string().nullable(),
  fieldTitle: words.nullable(),
  value: z.string().nullable(),
  reason: words,
});

/** Orders of the list. */
const tableSorts = {
  title: (t: z.input<typeof overview>) => t.title.zh,
  department: (t: z.input<typeof overview>) => t.department,
  state: (t: z.input<typeof overview>) => t.state,
  rows: (t: z.input<typeof overview>) => t.rows,
  quarantined: (t: z.input<typeof overview>) => t.quarantined,
  landedAt: (t: z.input<typeof overview>) => t.lastBatch?.landedAt,
};

/** Adds the routes, and the guard of bindings to the documents of this process. */
export function governRoutes(door: Door, kernel: Kernel): void {
  proposalRoutes(door, kernel);
  const { db, documents, policy } = kernel;
  documents.guard(bindingGuard);

  door.route({
    method: 'GET',
    url: '/api/govern/tables',
    tag: 'govern',
    permission: { action: 'table.list' },
    summary: { zh: '治理表', en: 'Governed tables' },
    query: sortedPage(tableSorts).extend({ q: textFilter, department: idSchema.optional(), state: tableState.optional() }),
    reply: pageOf(overview),
    handle: async ({ query, actor }) => {
      const snapshot = await documents.snapshot();
      const seen = policy.filter(actor, 'table.list');
      const mine = snapshot
        .list('binding')
        .filter((b) => {
          const owner = snapshot.find('source', b.source)?.department;
          const may = seen.kind === 'all' || (seen.kind === 'department' && owner === seen.department);
          return may && (!query.department || owner === query.department) && says(query.q, b.id, b.title.zh, b.title.en);
        })
        .toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const tell = (tables: typeof mine) => Promise.all(tables.map((b) => overviewOf(kernel, snapshot, b.id)));
      // Only an order or a state, which are counted, need all of them.
      if (query.sort === undefined && query.state === undefined)
        return { rows: await tell(mine.slice(query.offset, query.offset + query.limit)), count: mine.length };
      const all = await tell(mine);
      return pageOfAll(
        all.filter((t) => !query.state || t.state === query.state),
        tableSorts,
        query,
      );
    },
  });
  door.route({
    method: 'GET',
    url: '/api/govern/tables/:id',
    tag: 'govern',
    permission: { action: 'table.list' },
    summary: { zh: '一张治理表', en: 'One governed table' },
    params: id,
    reply: overview.extend({
      fields: z.array(field),
      batches: z.array(batchLine),
      binding: bindingSchema,
      reading: words,
      notices: z.array(words),
    }),
    handle: async ({ params, actor }) => {
      const { plan } = await openTable(kernel, actor, params.id, 'table.list');
      const results = await resultsOfTable(db, params.id);
      const snapshot = await documents.snapshot();
      return {
        ...(await overviewOf(kernel, snapshot, params.id)),
        notices: await editionNotices(db, snapshot, [plan.source.id]),
        fields: plan.fields.map((f) => ({
          name: f.name,
          column: f.column,
          title: { zh: f.title.zh, en: f.title.en ?? f.name },
          element: f.element,
          elementTitle: { zh: f.means.title.zh, en: f.means.title.en ?? f.element },
          type: f.type,
          sensitivity: f.sensitivity,
          isKey: plan.binding.key.includes(f.name),
        })),
        batches: results.map((r) => ({
          seq: r.batch,
          ordinal: r.ordinal,
          read: r.rowsRead,
          data: r.rowsData,
          refused: r.rowsRefused,
          governed: r.rowsGoverned,
          quarantined: r.rowsQuarantined,
          warned: r.rowsWarned,
          absent: [...r.absent],
          bindingVersion: r.bindingVersion,
          landedAt: r.landedAt,
          governedAt: r.governedAt,
        })),
        binding: plan.binding as z.input<typeof bindingSchema>,
        reading: { zh: '读入行数 = 入表行数 + 隔离行数', en: 'Rows read = rows governed + rows quarantined' },
      };
    },
  });
  door.route({
    method: 'PUT',
    url: '/api/govern/bindings/:id',
    tag: 'govern',
    permission: { action: 'binding.edit' },
    summary: { zh: '编辑绑定', en: 'Edit a binding' },
    params: id,
    body: z.looseObject({}),
    reply: z.object({ version: z.number(), changed: z.boolean(), run: z.string().nullable() }),
    handle: ({ params, body, actor }) => putBinding(kernel, actor, params.id, body),
  });
  door.route({
    method: 'POST',
    url: '/api/govern/bindings/:id/leaving',
    tag: 'govern',
    permission: { action: 'binding.edit' },
    summary: {
      zh: '核对新一期缺少的列能否去掉；什么也不改',
      en: 'Ask whether the columns that a newer edition lacks may go; nothing is changed',
    },
    params: id,
    body: z.strictObject({ columns: z.array(z.string().min(1)).min(1) }),
    reply: z.object({ fields: z.array(z.string()) }),
    handle: async ({ params, body, actor }) => ({ fields: [...(await askLeaving(kernel, actor, params.id, body.columns))] }),
  });
  door.route({
    method: 'GET',
    url: '/api/govern/tables/:id/rows',
    tag: 'govern',
    permission: { action: 'table.read' },
    summary: { zh: '治理表的数据行', en: 'Rows of a governed table' },
    params: id,
    query: pageQuery.extend({ which: whichRows.optional() }),
    reply: pageOf(
      z.object({ ordinal: z.number(), row: z.number(), current: z.boolean(), values: z.record(z.string(), z.string().nullable()) }),
    ).extend({
      masked: z.boolean(),
    }),
    handle: ({ params, query, actor }) => readRows(kernel, actor, params.id, query),
  });
  door.route({
    method: 'GET',
    url: '/api/govern/tables/:id/findings',
    tag: 'govern',
    permission: { action: 'table.read' },
    summary: { zh: '问题数据', en: 'Findings' },
    params: id,
    query: pageQuery.extend({
      rule: z.string().max(200).optional(),
      field: fieldNameSchema.optional(),
      severity: severity.optional(),
      batch: ordinal.optional(),
    }),
    reply: pageOf(finding).extend({ masked: z.boolean() }),
    handle: ({ params, query, actor }) => readFindings(kernel, actor, params.id, query),
  });
  door.route({
    method: 'GET',
    url: '/api/govern/tables/:id/rules',
    tag: 'govern',
    permission: { action: 'table.list' },
    summary: { zh: '规则与结果', en: 'Rules and what came of them' },
    params: id,
    reply: z.object({ definition: words, rules: z.array(check) }),
    handle: async ({ params, actor }) => {
      const { plan } = await openTable(kernel, actor, params.id, 'table.list');
      const counted = standing(await resultsOfTable(db, params.id));
      return {
        definition: {
          zh: '不合格率 = 不符合的行数 ÷ 检查的行数（全量表为最近一批，增量表为全部批次）',
          en: 'rate = rows failed ÷ rows checked (full: the latest batch; incremental: all batches)',
        },
        rules: checksOf(plan).map((c) => {
          const known = counted.flatMap((r) => r.checks.filter((k) => k.id === c.id));
          const [checked, failed] =
            known.length === 0 ? [null, null] : [known.reduce((n, k) => n + k.checked, 0), known.reduce((n, k) => n + k.failed, 0)];
          return {
            id: c.id,
            kind: c.kind,
            title: { ...c.title },
            severity: c.severity,
            usual: c.usual,
            field: c.field,
            sentence: { ...c.sentence },
            reason: { ...c.reason },
            checked,
            failed,
            rate: checked ? (failed ?? 0) / checked : null,
          };
        }),
      };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/govern/tables/:id/rebuild',
    tag: 'govern',
    permission: { action: 'table.rebuild' },
    summary: { zh: '按现行规则重建', en: 'Rebuild under the documents in force' },
    params: id,
    reply: z.object({ run: z.string() }),
    handle: async ({ params, actor }) => {
      const { plan } = await openTable(kernel, actor, params.id, 'table.rebuild');
      const run = await db.transaction((tx) =>
        kernel.jobs.queue(tx, 'rebuild-table', {
          about: `table:${params.id}`,
          department: plan.source.department,
          actor: actor.user,
          payload: { table: params.id },
        }),
      );
      return { run };
    },
  });
}
