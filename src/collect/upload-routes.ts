/** Addresses of uploads: receiving a file in parts, looking at its grid, correcting how it is read. */
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { type Connector, daySchema, idSchema, layoutSchema, titleSchema } from '#declare';
import { Refusal } from '#kernel/errors';
import { pageOf, sortedPage, textFilter } from '#kernel/http/page';
import type { Door } from '#kernel/http/server';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { gridUnder, pictureSchema } from './propose-layout.ts';
import { rereadSource } from './reread.ts';
import { putSource } from './sources.ts';
import {
  beginUpload,
  deliverUpload,
  draftOf,
  keepDraft,
  type ListedUpload,
  largestUpload,
  listedUpload,
  listUploads,
  openUpload,
  queueReading,
  removeUpload,
  takeId,
  takePart,
  type Upload,
  uploadSorts,
  uploadStates,
} from './uploads.ts';

const readingSchema = z.object({
  connector: z.string().max(63),
  settings: z.record(z.string().max(63), z.union([z.string().max(255), z.number(), z.boolean(), z.null()])),
  layout: layoutSchema,
});
const shown = z.object({
  id: z.string(),
  name: z.string(),
  department: z.string(),
  madeBy: z.string(),
  madeAt: z.string(),
  bytes: z.number(),
  received: z.number(),
  /** `receiving` parts are missing; `reading`, `refused` as its run is; `read` its rows are known; `delivered` it went to a source. */
  state: z.enum(uploadStates),
  run: z.string().nullable(),
  /** How that run stands: one that did not end well leaves the reading before it in force. */
  runState: z.string().nullable(),
  reading: readingSchema
    .extend({
      layout: layoutSchema.nullable(),
      columns: z.array(z.string()),
      key: z.array(z.string()).optional(),
      cursor: z.string().nullable().optional(),
      leaves: z.array(z.string()).optional(),
      unit: z.string().optional(),
      title: z.string().optional(),
      tables: z.array(layoutSchema.pick({ titleRows: true, headerRows: true, ends: true }).extend({ name: z.string() })).optional(),
      called: z.record(z.string(), z.string()).optional(),
      mayFill: z.array(z.string()).optional(),
      hidden: z.array(z.string()).optional(),
      sheets: z.array(z.object({ name: z.string(), size: z.number(), hidden: z.boolean().optional() })),
      said: z.array(z.object({ zh: z.string(), en: z.string() })),
    })
    .nullable(),
  rows: z.object({ rowsIn: z.number(), rowsData: z.number(), rowsRefused: z.number(), rowsOther: z.number() }).nullable(),
  source: z.string().nullable(),
  sourceTitle: titleSchema.nullable(),
});
const params = z.object({ id: z.string().max(63) });
const fileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^\P{Cc}+$/u);

/** Adds the routes. */
export function uploadRoutes(door: Door, kernel: Kernel, connectors: readonly Connector[], connectorOf: (id: string) => Connector): void {
  const { db } = kernel;
  const told = async (uploads: readonly ListedUpload[]): Promise<z.input<typeof shown>[]> => {
    const snapshot = await kernel.documents.snapshot();
    return uploads.map(({ trial, reading, original: _, ...rest }) => ({
      ...rest,
      sourceTitle: rest.source === null ? null : (snapshot.find('source', rest.source)?.title ?? { zh: rest.source }),
      reading: reading && (structuredClone(reading) as z.input<typeof shown>['reading']),
      rows: trial && { rowsIn: trial.rowsIn, rowsData: trial.rowsData, rowsRefused: trial.rowsRefused, rowsOther: trial.rowsOther },
    }));
  };
  const tell = async ({ id }: Pick<Upload, 'id'>): Promise<z.input<typeof shown>> => {
    const [one] = await told([await listedUpload(db, id)]);
    if (!one) throw new Refusal('COLLECT_UPLOAD_UNKNOWN', { upload: id });
    return one;
  };
  /** A look at rows of the file: written down before it is answered. */
  const look = async (
    actor: Actor,
    upload: Upload,
    order: z.output<typeof readingSchema> | null,
  ): Promise<z.input<typeof pictureSchema>> => {
    const laid = order === null && upload.trial && upload.reading ? { ...upload.trial, columns: upload.reading.columns } : undefined;
    const reading = order ?? upload.reading;
    // Of a table nothing but its sample is looked at.
    const original = upload.original ?? (laid && upload.reading?.layout === null ? '' : null);
    if (original === null || !reading) throw new Refusal('COLLECT_UPLOAD_NOT_READ', { name: upload.name });
    const answer = await gridUnder(kernel, connectors, { original, name: upload.name, reading, laid });
    await kernel.recorder.record({
      door: actor.door,
      outcome: 'answered',
      action: 'upload.list',
      actor: actor.user,
      department: actor.department,
      grant: null,
      purpose: null,
      target: `upload:${upload.id}`,
      fields: laid?.columns ?? [],
      subjects: [],
      rows: answer.rows.length,
      bytes: Buffer.byteLength(JSON.stringify(answer)),
      refusal: null,
    });
    return structuredClone(answer) as z.input<typeof pictureSchema>;
  };

  door.route({
    method: 'POST',
    url: '/api/collect/uploads',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '开始上传一个文件', en: 'Begin an upload' },
    body: z.object({ name: fileName, bytes: z.int().min(0).max(Number.MAX_SAFE_INTEGER) }),
    reply: shown.extend({ largest: z.number() }),
    handle: async ({ body, actor }) => ({ ...(await tell(await beginUpload(kernel, actor, body))), largest: largestUpload }),
  });
  door.route({
    method: 'GET',
    url: '/api/collect/uploads',
    tag: 'collect',
    permission: { action: 'upload.list' },
    summary: { zh: '上传的文件', en: 'Uploads' },
    query: sortedPage(uploadSorts).extend({
      state: z.enum(uploadStates).optional(),
      q: textFilter,
      from: daySchema.optional(),
      to: daySchema.optional(),
    }),
    reply: pageOf(shown),
    handle: async ({ query, actor }) => {
      const { rows, count } = await listUploads(db, kernel.policy.filter(actor, 'upload.list'), query);
      return { count, rows: await told(rows) };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/uploads/:id',
    tag: 'collect',
    permission: { action: 'upload.list' },
    summary: { zh: '一个上传的文件', en: 'One upload' },
    params,
    reply: shown,
    handle: async ({ params, actor }) => tell(await openUpload(kernel, actor, params.id)),
  });
  door.route({
    method: 'PUT',
    url: '/api/collect/uploads/:id/parts/:at',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '上传一段', en: 'Send a part' },
    params: params.extend({ at: z.coerce.number().int().min(0).max(largestUpload) }),
    reply: shown,
    stream: true,
    handle: async ({ params, actor, body }) =>
      tell(await takePart(kernel, await openUpload(kernel, actor, params.id, 'upload.make'), params.at, body as Readable)),
  });
  door.route({
    method: 'GET',
    url: '/api/collect/uploads/:id/picture',
    tag: 'collect',
    permission: { action: 'upload.list' },
    summary: { zh: '文件的网格与推定的版式', en: 'The grid of a file and its proposed layout' },
    params,
    reply: pictureSchema,
    handle: async ({ params, actor }) => look(actor, await openUpload(kernel, actor, params.id), null),
  });
  door.route({
    method: 'POST',
    url: '/api/collect/uploads/:id/picture',
    tag: 'collect',
    permission: { action: 'upload.list' },
    summary: { zh: '按另一种版式看网格', en: 'The grid under another layout' },
    params,
    body: readingSchema,
    reply: pictureSchema,
    handle: async ({ params, body, actor }) => look(actor, await openUpload(kernel, actor, params.id), body),
  });
  door.route({
    method: 'PUT',
    url: '/api/collect/uploads/:id/reading',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: {
      zh: '按改正的版式、指定的编码或选定的表重新读取',
      en: 'Read it again under a corrected layout, in an encoding that is said, or another of its tables',
    },
    params,
    body: z.union([readingSchema, z.strictObject({ encoding: layoutSchema.shape.encoding, sheet: layoutSchema.shape.sheet.optional() })]),
    reply: z.object({ run: z.string() }),
    handle: async ({ params, body, actor }) => {
      const upload = await openUpload(kernel, actor, params.id, 'upload.make');
      if (upload.received < upload.bytes || upload.reading?.layout === null)
        throw new Refusal('COLLECT_UPLOAD_NOT_READ', { name: upload.name });
      const run = await db.transaction((tx) =>
        'encoding' in body ? queueReading(kernel, tx, upload, actor.user, null, body) : queueReading(kernel, tx, upload, actor.user, body),
      );
      return { run };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/collect/uploads/:id/draft',
    tag: 'collect',
    permission: { action: 'upload.list' },
    summary: { zh: '已作的决定（草稿）', en: 'What was decided so far' },
    params,
    reply: z.object({ draft: z.unknown() }),
    handle: async ({ params, actor }) => ({ draft: await draftOf(db, (await openUpload(kernel, actor, params.id)).id) }),
  });
  door.route({
    method: 'PUT',
    url: '/api/collect/uploads/:id/draft',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '保存草稿', en: 'Keep the draft' },
    params,
    body: z.object({ draft: z.looseObject({}) }),
    reply: z.object({}),
    handle: async ({ params, body, actor }) => {
      await keepDraft(db, (await openUpload(kernel, actor, params.id, 'upload.make')).id, body.draft);
      return {};
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/uploads/:id/id',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '为上传要建立的内容占用一个编号', en: 'Take the id of what an upload is to become' },
    params,
    body: z.object({ id: idSchema }),
    reply: z.object({}),
    handle: async ({ params, body, actor }) => {
      await takeId(kernel, await openUpload(kernel, actor, params.id, 'upload.make'), body.id);
      return {};
    },
  });
  door.route({
    method: 'POST',
    url: '/api/collect/uploads/:id/delivery',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '把上传的文件交付给一个数据源', en: 'Deliver an upload to a source' },
    params,
    body: z.object({ source: z.string().max(63) }),
    reply: z.object({ run: z.string() }),
    handle: async ({ params, body, actor }) => {
      const upload = await openUpload(kernel, actor, params.id, 'upload.make');
      const source = (await kernel.documents.snapshot()).get('source', body.source);
      kernel.policy.demand(actor, 'source.collect', [source.department]);
      if (source.layout === null && upload.reading?.layout !== null) throw new Refusal('COLLECT_SOURCE_IS_DATABASE', { source: source.id });
      if (source.layout !== null && upload.reading?.layout === null) throw new Refusal('COLLECT_SOURCE_IS_FILE', { source: source.id });
      // Written otherwise than the edition before: the source is declared as it is now, or the reader would take it for other columns.
      const now = rereadSource(source, upload.reading);
      if (now) await putSource(kernel, connectorOf, actor, source.id, now);
      return { run: await deliverUpload(kernel, upload, now ?? source, actor.user) };
    },
  });
  door.route({
    method: 'DELETE',
    url: '/api/collect/uploads/:id',
    tag: 'collect',
    permission: { action: 'upload.make' },
    summary: { zh: '删除上传的文件', en: 'Remove an upload' },
    params,
    reply: z.object({}),
    handle: async ({ params, actor }) => {
      await removeUpload(kernel, await openUpload(kernel, actor, params.id, 'upload.make'), actor.user);
      return {};
    },
  });
}
