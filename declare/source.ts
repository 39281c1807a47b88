/** A source: where a department's rows come from, how they are laid out and how they are delivered. */
import { z } from 'zod';
import { idSchema, titleSchema } from './base.ts';

/** How a sheet or text file is laid out. A table of a database has no layout. */
export const layoutSchema = z.strictObject({
  /** Encoding of a text file; null for a workbook. */
  encoding: z.enum(['utf-8', 'gb18030', 'big5', 'utf-16le', 'utf-16be']).nullable(),
  /** Name of the sheet; null for a text file or the first sheet. */
  sheet: z.string().max(255).nullable(),
  /** Rows above the header that are titles, or other tables, and not data. */
  titleRows: z.int().min(0).max(1000),
  /** Rows of the header; with more than one the lowest cell names the column, after the groups above it. */
  headerRows: z.int().min(0).max(10),
  /** Columns whose empty cells take the value above (merged cells). */
  fillDown: z.array(z.string()),
  /** Beginnings of the first filled cell that mark trailing rows as a footer. */
  footer: z.array(z.string().min(1)),
  /**
   * Rows among the data that are none: `heading` has one filled cell, `total` begins with 合计, 小计 or the like and nothing else, `header` is
   * the header again, `unit` is the row below the header. Left out: none.
   */
  asides: z.array(z.enum(['heading', 'total', 'header', 'unit'])).optional(),
  /**
   * Name of a column that the file does not have: each row of data holds there the heading nearest above it. It is the last column of the source.
   * Left out: headings go no further.
   */
  groupColumn: z.string().min(1).max(255).optional(),
  /** `gap`: other tables stand below this one, which ends before the first row that fills fewer than two cells. Left out: it goes to the end. */
  ends: z.enum(['gap']).optional(),
});
export type Aside = NonNullable<z.infer<typeof layoutSchema>['asides']>[number];
export type Layout = z.infer<typeof layoutSchema>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '须写作 时:分，如 22:30 / written as hours:minutes, as 22:30');

/** Hours of every day; one that ends before it begins goes on after midnight. */
export const windowSchema = z
  .strictObject({ from: timeOfDay, to: timeOfDay })
  .refine((w) => w.from !== w.to, '开始和结束不能是同一时刻 / it cannot end when it begins');
export type Window = z.infer<typeof windowSchema>;

/** When a source may be read by itself. How often, the update cycles of the entries mounted on it say. */
export const scheduleSchema = z.strictObject({
  /** Null: at any time of the day. */
  window: windowSchema.nullable(),
  /** Begun by itself only while fewer collections than this are under way at the source's server. */
  together: z.int().min(1).max(100),
});
export type Schedule = z.infer<typeof scheduleSchema>;
/** What holds for a source that says nothing about it. */
export const usualSchedule: Schedule = { window: null, together: 2 };

/**
 * When a full edition, or what a reconciliation would remove, waits for its steward because of what it takes away: more than this part of the rows that are current and more than this
 * many of them, or all of them. `replaces-itself`: every edition is another set of rows, none waits.
 */
export const removalSchema = z.union([
  z.literal('replaces-itself'),
  z.strictObject({ percent: z.number().min(0).max(100), rows: z.int().min(0) }),
]);
export type Removal = z.infer<typeof removalSchema>;
/** What holds for a source that says nothing about it. */
export const usualRemoval: Removal = { percent: 20, rows: 100 };

/** Days between two reconciliations of a table: by count and greatest cursor, and, of an incremental source, by digests of ranges of its rows. */
export const reconciliationSchema = z.strictObject({ count: z.int().min(1).max(366), receipt: z.int().min(1).max(366) });
/** What holds for a source that says nothing about it. */
export const usualReconciliation: z.infer<typeof reconciliationSchema> = { count: 1, receipt: 7 };

export const sourceSchema = z
  .strictObject({
    form: z.literal(1),
    id: idSchema,
    title: titleSchema,
    department: idSchema,
    /** Id of the connector. */
    connector: idSchema,
    /** The connector's own settings; secrets appear only as `secret:name`. */
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    /** Columns in the order delivered; a delivery that lacks one or brings another is drift and is refused by name. */
    columns: z.array(z.string().min(1)).min(1),
    /** Columns that identify a row at the source; used for the receipt's key ranges. Empty: the whole row. */
    key: z.array(z.string()),
    mode: z.enum(['full', 'incremental']),
    /** Column whose value grows, for incremental reading; null for full. */
    cursor: z.string().nullable(),
    /** Left out: the usual. */
    reconciliation: reconciliationSchema.optional(),
    layout: layoutSchema.nullable(),
    /** Columns of a table that are there and are not collected on purpose. Left out: those that the first look finds beside the declared ones. */
    leaves: z.array(z.string().min(1)).optional(),
    /** Left out: `usualSchedule`. */
    schedule: scheduleSchema.optional(),
    /** Left out: `usualRemoval`. */
    removal: removalSchema.optional(),
  })
  .refine((s) => (s.mode === 'incremental') === (s.cursor !== null), {
    path: ['cursor'],
    error: '增量的数据源须有游标列，全量的没有 / an incremental source needs a cursor column, a full one has none',
  });
export type Source = z.infer<typeof sourceSchema>;

/** A mount (挂接): which entry a source makes good, item by item. */
export const mountSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  entry: idSchema,
  source: idSchema,
  /** Item name of the entry → column of the source. */
  items: z.record(z.string(), z.string()),
});
export type Mount = z.infer<typeof mountSchema>;
