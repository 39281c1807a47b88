/** Addresses of proposals: what the columns of an upload are, how well a key would do, what a changed plan would find. */

import { z } from 'zod';
import { openUpload, rereadWords, type Upload } from '#collect';
import { boundFieldSchema, boundRuleSchema, fieldNameSchema } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { Refusal } from '#kernel/errors';
import type { Door } from '#kernel/http/server';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { recordReading } from '../reading.ts';
import { doubtsOf, editionsOf } from './edition.ts';
import { asGoverned, judgeKey, withoutRepeats } from './key-judge.ts';
import { type Proposal, proposalOf, tryBinding } from './proposal.ts';
import { trialOf, withLooked } from './sample.ts';
import { withheldRows } from './withheld.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const check = z.object({
  id: z.string(),
  title: words,
  severity: z.enum(['block', 'warn']),
  field: z.string().nullable(),
  sentence: words,
  checked: z.number(),
  failed: z.number(),
});
const key = z.object({
  columns: z.array(z.string()),
  absent: z.number(),
  repeated: z.number(),
  examples: z.array(z.object({ values: z.array(z.string().nullable()), rows: z.number() })),
});
const rows = z.object({ data: z.number(), looked: z.number(), governed: z.number() });
const proposalSchema = z.object({
  id: z.string(),
  title: z.string(),
  sampled: z.number(),
  rows,
  columns: z.array(
    z.object({
      column: z.string(),
      name: z.string(),
      title: z.string(),
      taken: z.boolean().default(true),
      element: z.string(),
      sensitivity: z.number(),
      why: words,
      profile: z.object({
        rows: z.number(),
        absent: z.number(),
        words: z.array(z.object({ word: z.string(), count: z.number() })).default([]),
        distinct: z.number(),
        least: z.string().nullable(),
        greatest: z.string().nullable(),
        longest: z.number(),
        rounded: z.number(),
        timed: z.number(),
        fractions: z.number().default(0),
        serials: z.number().default(0),
        errors: z.number(),
        held: z.record(z.string(), z.number()),
        commonest: z.array(z.object({ value: z.string(), count: z.number() })),
        units: z.array(z.object({ unit: z.string(), count: z.number() })).default([]),
        bracketed: z.number().default(0),
      }),
      evidence: z.array(
        z.object({
          element: z.string(),
          name: z.enum(['same', 'part', 'none']),
          checked: z.number(),
          passed: z.number(),
          told: z.number().nullable(),
          verdicts: z.array(
            z.object({ id: z.string(), title: words, severity: z.enum(['block', 'warn']), checked: z.number(), failed: z.number() }),
          ),
          fails: z.array(z.string()),
        }),
      ),
    }),
  ),
  keys: z.array(key),
  key: z.array(z.string()),
  rules: z.array(boundRuleSchema.extend({ title: words })),
  /** Those that compare rows: of a table with a key alone. */
  keyed: z.array(boundRuleSchema.extend({ title: words })),
  checks: z.array(check),
  editions: z.array(
    z.object({
      source: z.string(),
      title: z.string(),
      same: z.number(),
      added: z.array(z.string()),
      missing: z.array(z.string()),
      moved: z.boolean(),
      called: z.boolean(),
      /** In what it is written otherwise, its columns being the same. */
      reread: words.nullable(),
      /** Columns that hold other things than they are governed as. */
      doubts: z.array(z.object({ column: z.string(), why: words })),
      /** The binding that governs it, where there is one. */
      binding: z.unknown(),
    }),
  ),
});
const params = z.object({ id: z.string().max(63) });

/** Adds the routes. */
export function proposalRoutes(door: Door, kernel: Kernel): void {
  /** The upload's rows are looked at: written down before they are told. */
  const noted = async <T>(actor: Actor, upload: Upload, fields: readonly string[], rows: number, answer: T): Promise<T> => {
    await recordReading(kernel, actor, { action: 'upload.list', target: `upload:${upload.id}`, fields, subjects: [], rows, answer });
    return answer;
  };
  door.route({
    method: 'GET',
    url: '/api/govern/uploads/:id',
    tag: 'govern',
    permission: { action: 'upload.list' },
    summary: { zh: '上传文件各列的推荐', en: 'What the columns of an upload are proposed to be' },
    params,
    /** A source that the file is said to be a newer edition of: it is first among those it may be one of. */
    query: z.object({ to: z.string().max(63).optional() }),
    reply: z.object({ proposal: proposalSchema.nullable() }),
    handle: async ({ params, query, actor }) => {
      const upload = await openUpload(kernel, actor, params.id);
      const proposal = await proposalOf(kernel, upload);
      if (!proposal) return { proposal: null };
      const snapshot = await kernel.documents.snapshot();
      const editions =
        query.to === undefined
          ? proposal.editions
          : editionsOf(
              snapshot,
              upload,
              proposal.columns.map((c) => c.column),
              query.to,
            );
      return noted(
        actor,
        upload,
        proposal.columns.map((c) => c.column),
        proposal.sampled,
        { proposal: shown({ ...proposal, editions }, snapshot, upload) },
      );
    },
  });
  door.route({
    method: 'POST',
    url: '/api/govern/uploads/:id/key',
    tag: 'govern',
    permission: { action: 'upload.list' },
    summary: { zh: '检查一组列能否作主键', en: 'How well some columns identify the rows of an upload' },
    params,
    body: z.object({
      columns: z.array(z.string().min(1)).min(1).max(50),
      /** The element that each of them is governed as; what is proposed where it is not said. */
      elements: z.array(z.string().max(63)).max(50).optional(),
    }),
    reply: key,
    handle: async ({ params, body, actor }) => {
      const upload = await openUpload(kernel, actor, params.id);
      const trial = await trialOf(kernel, upload);
      const unknown = body.columns.find((c) => !trial.batch.columns.includes(c));
      if (unknown !== undefined) throw new Refusal('GOVERN_COLUMN_UNKNOWN', { column: unknown });
      const snapshot = await kernel.documents.snapshot();
      const proposal = await proposalOf(kernel, upload);
      const elementOf = (column: string) =>
        body.elements?.[body.columns.indexOf(column)] ?? proposal?.columns.find((c) => c.column === column)?.element;
      const found = await withoutRepeats(kernel, trial, undefined, (distinct) =>
        judgeKey(kernel, distinct, body.columns, asGoverned(snapshot, trial, elementOf)),
      );
      return noted(actor, upload, body.columns, trial.batch.rowsData, structuredClone(found) as z.input<typeof key>);
    },
  });
  door.route({
    method: 'POST',
    url: '/api/govern/uploads/:id/trial',
    tag: 'govern',
    permission: { action: 'upload.list' },
    summary: { zh: '试行：按这样的字段和规则会查出什么', en: 'What these fields and rules would find; nothing is written' },
    params,
    body: tried,
    reply: z.object({ checks: z.array(check), rows }),
    handle: async ({ params, body, actor }) => {
      const upload = await openUpload(kernel, actor, params.id);
      const snapshot = await kernel.documents.snapshot();
      const whole = await trialOf(kernel, upload);
      const found = await withLooked(kernel, whole, undefined, (looked) => tryBinding(kernel, snapshot, { whole, looked }, body));
      return structuredClone(found) as unknown as { checks: z.input<typeof check>[]; rows: z.input<typeof rows> };
    },
  });
  door.route({
    method: 'POST',
    url: '/api/govern/uploads/:id/withheld',
    tag: 'govern',
    permission: { action: 'upload.list' },
    summary: { zh: '这样的主键会隔离哪些行', en: 'The rows that such a key would withhold; nothing is written' },
    params,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20), offset: z.coerce.number().int().min(0).default(0) }),
    body: tried,
    reply: z.object({
      rows: z.array(z.object({ row: z.number(), reason: words, values: z.record(z.string(), z.string().nullable()) })),
      /** Withheld among the rows looked at. */
      count: z.number(),
      /** Rows that share or lack the key, and the first of them that were looked at. */
      sharing: z.number(),
      looked: z.number(),
    }),
    handle: async ({ params, query, body, actor }) => {
      const upload = await openUpload(kernel, actor, params.id);
      const snapshot = await kernel.documents.snapshot();
      const found = await withheldRows(kernel, snapshot, await trialOf(kernel, upload), body, query);
      const fields = body.fields.map((f) => f.column);
      return noted(actor, upload, fields, found.rows.length, structuredClone(found) as never);
    },
  });
}

const tried = z.object({
  fields: z.array(boundFieldSchema).min(1).max(2000),
  key: z.array(fieldNameSchema),
  rules: z.array(boundRuleSchema).max(500),
});

function shown({ object: _, ...p }: Proposal, snapshot: Snapshot, upload: Upload): z.input<typeof proposalSchema> {
  const titled = (r: Proposal['rules'][number]) => {
    const title = snapshot.get('rule-kind', r.kind).title;
    return { ...r, title: { zh: title.zh, en: title.en ?? title.zh } };
  };
  const [rules, keyed] = [p.rules.map(titled), p.keyed.map(titled)];
  const editions = p.editions.map((e) => {
    const binding = snapshot.list('binding').find((b) => b.source === e.source) ?? null;
    const source = snapshot.find('source', e.source);
    return {
      ...e,
      binding,
      reread: source ? rereadWords(source, upload.reading) : null,
      doubts: binding ? doubtsOf(snapshot, binding, p.columns) : [],
    };
  });
  return structuredClone({ ...p, rules, keyed, editions }) as unknown as z.input<typeof proposalSchema>;
}
