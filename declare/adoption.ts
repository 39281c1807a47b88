/**
 * An adoption: what a steward decides about a file that nobody had declared. It is no document itself; it becomes the five documents that
 * make the file a catalogued, mounted, governed, served table.
 */
import { z } from 'zod';
import { fieldNameSchema, idSchema, sensitivitySchema, titleSchema } from './base.ts';
import { type Binding, boundRuleSchema } from './binding.ts';
import type { Entry } from './entry.ts';
import type { Service } from './service.ts';
import { layoutSchema, type Mount, type Source } from './source.ts';

export const adoptedColumnSchema = z.strictObject({
  /** Column of the file. */
  column: z.string().min(1),
  /** False leaves it out: it lands, as everything does, and goes no further. */
  taken: z.boolean(),
  name: fieldNameSchema,
  title: titleSchema,
  element: idSchema,
  sensitivity: sensitivitySchema,
  /** How the service shows it; `reason` is demanded of a sensitive field that is shown as it is. */
  show: z.enum(['masked', 'plain']),
  reason: z.string().max(500),
});

export const adoptionSchema = z.strictObject({
  /** Id of all five documents. */
  id: idSchema,
  title: titleSchema,
  abstract: z.string().min(1).max(2000),
  category: z.string().min(1).max(60),
  department: idSchema,
  resourceClass: z.enum(['1', '2', '3']),
  shareType: z.enum(['1', '2', '3']),
  shareCondition: z.string().max(2000),
  openType: z.enum(['0', '1']),
  updateCycle: z.enum(['1', '2', '3', '4', '5', '6']),
  secrecyChecked: z.literal(true),
  reading: z.strictObject({
    connector: idSchema,
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    layout: layoutSchema,
    columns: z.array(z.string().min(1)).min(1),
  }),
  columns: z.array(adoptedColumnSchema).min(1),
  /** Fields that identify a row; the service is asked by them. */
  key: z.array(fieldNameSchema).min(1),
  rules: z.array(boundRuleSchema),
});
export type AdoptedColumn = z.infer<typeof adoptedColumnSchema>;
export type Adoption = z.infer<typeof adoptionSchema>;

/** The documents of one adopted file, all under one id. */
export interface AdoptedDocuments {
  readonly source: Source;
  readonly entry: Entry;
  readonly mount: Mount;
  readonly binding: Binding;
  readonly service: Service;
}

/** The five documents an adoption says. Whether they hold is for whoever stores them to check. */
export function documentsOf(a: Adoption): AdoptedDocuments {
  const taken = a.columns.filter((c) => c.taken);
  const { id, title, department } = a;
  const columnOf = (name: string): string => taken.find((c) => c.name === name)?.column ?? name;
  return {
    source: {
      form: 1,
      id,
      title,
      department,
      connector: a.reading.connector,
      settings: a.reading.settings,
      columns: a.reading.columns,
      key: a.key.map(columnOf).filter((c, i, all) => a.reading.columns.includes(c) && all.indexOf(c) === i),
      mode: 'full',
      cursor: null,
      layout: a.reading.layout,
    },
    entry: {
      form: 1,
      id,
      title,
      abstract: a.abstract,
      department,
      resourceClass: a.resourceClass,
      category: a.category,
      format: '2',
      items: taken.map((c) => ({
        name: c.name,
        title: c.title,
        element: c.element,
        isKey: a.key.includes(c.name),
        isNullable: !a.key.includes(c.name),
        sensitivity: c.sensitivity,
      })),
      shareType: a.shareType,
      shareCondition: a.shareCondition,
      openType: a.openType,
      openCondition: '',
      updateCycle: a.updateCycle,
      secrecyChecked: a.secrecyChecked,
    },
    mount: { form: 1, id, entry: id, source: id, items: Object.fromEntries(taken.map((c) => [c.name, c.column])) },
    binding: {
      form: 1,
      id,
      title,
      source: id,
      fields: taken.map((c) => ({ name: c.name, column: c.column, title: c.title, element: c.element, sensitivity: c.sensitivity })),
      key: a.key,
      newest: null,
      rules: a.rules,
    },
    service: {
      form: 1,
      id,
      title,
      on: { table: id },
      department,
      kind: 'query',
      keys: a.key.slice(0, mostKeys),
      returns: taken.map((c) => ({ field: c.name, show: c.show === 'masked' ? 'element' : { shown: c.reason.trim() || null } })),
      limit: 100,
    },
  };
}

/** A service is asked by no more fields than this. */
const mostKeys = 5;

/** A source that takes both what is declared now and what will be: between two editions documents of both stand on it. */
export const between = (before: Source, next: Source): Source => ({
  ...next,
  columns: [...new Set([...before.columns, ...next.columns])],
  key: before.key,
  layout: before.layout,
});

/** One call of the platform's API, with what a person is told about it. */
export interface AdoptionStep {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly body: unknown;
  readonly title: { readonly zh: string; readonly en: string };
}

/**
 * The calls that carry an adoption out, in an order in which each finds what it stands on. Every one may be repeated, so that whoever was
 * interrupted begins again from the first. `before`: the source that is there already, of which the file is a newer edition.
 */
export function stepsOf(upload: string, documents: AdoptedDocuments, before: Source | null): AdoptionStep[] {
  const { source, entry, mount, binding, service } = documents;
  const put = (path: string, body: unknown, zh: string, en: string): AdoptionStep => ({ method: 'PUT', path, body, title: { zh, en } });
  const declared = (s: Source): AdoptionStep => put(`/api/collect/sources/${s.id}`, s, '设立数据源', 'Set up the source');
  return [
    declared(before ? between(before, source) : source),
    put(`/api/catalog/entries/${entry.id}`, entry, '编制目录', 'Write the entry'),
    put(`/api/catalog/mounts/${mount.id}`, mount, '挂接', 'Mount it'),
    put(`/api/govern/bindings/${binding.id}`, binding, '绑定数据元和规则', 'Bind elements and rules'),
    put(`/api/share/services/${service.id}`, service, '设立服务', 'Set up the service'),
    ...(before ? [declared(source)] : []),
    {
      method: 'POST',
      path: `/api/collect/uploads/${upload}/delivery`,
      body: { source: source.id },
      title: { zh: '交付数据', en: 'Deliver the rows' },
    },
  ];
}
