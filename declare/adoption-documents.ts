/** What an adoption comes to: the documents, and the calls that carry it out. Without schemas, so that a page can hold it. */
import type { AdoptedColumn, Adoption } from './adoption.ts';
import type { Binding } from './binding.ts';
import type { Entry } from './entry.ts';
import { fittingFields } from './row-room.ts';
import type { Service } from './service.ts';
import type { Mount, Source } from './source.ts';

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
      mode: a.reading.cursor ? 'incremental' : 'full',
      cursor: a.reading.cursor ?? null,
      layout: a.reading.layout,
      ...(a.reading.leaves && { leaves: a.reading.leaves }),
    },
    entry: {
      form: 1,
      id,
      title,
      abstract: a.abstract,
      department,
      resourceClass: a.resourceClass,
      category: a.category,
      // GB/T 21063: a spreadsheet, or a database.
      format: a.reading.layout === null ? '3' : '2',
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
      fields: taken.map(({ name, column, title, element, sensitivity, withholds }) => ({
        name,
        column,
        title,
        element,
        sensitivity,
        ...(withholds && { withholds }),
      })),
      key: a.key,
      ...(a.mayBeAbsent && { mayBeAbsent: a.mayBeAbsent }),
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
      keys: (a.key.length > 0 ? a.key : taken.map((c) => c.name)).slice(0, mostKeys),
      returns: taken
        .slice(0, mostReturned(taken.length))
        .map((c) => ({ field: c.name, show: c.show === 'masked' ? 'element' : { shown: c.reason.trim() || null } })),
      limit: 100,
    },
  };
}

/** A service is asked by no more fields than this. */
const mostKeys = 5;

/** Fields that the service of so wide a table returns: all, or as many as a served row holds beside those it is asked by. */
function mostReturned(columns: number): number {
  const fitting = fittingFields(Array.from({ length: columns }, () => 'text' as const));
  return fitting < columns ? fitting - mostKeys : columns;
}

/** A source that takes both what is declared now and what will be: between two editions documents of both stand on it. */
export const between = (before: Source, next: Source): Source => ({
  ...next,
  columns: [...new Set([...before.columns, ...next.columns])],
  key: before.key,
  layout: before.layout,
});

/** A source as it will be, with what its steward decided about it that no file says. */
const keeping = ({ schedule, removal, leaves }: Source, next: Source): Source => ({
  ...(schedule && { schedule }),
  ...(removal && { removal }),
  ...(leaves && { leaves }),
  ...next,
});

/** What these declared columns call a column of this whole name: itself, or the end of it without groups, or without the unit. */
export function asDeclared(declared: readonly string[], column: string): string {
  const parts = column.split('·');
  const ends = parts.map((_, from) => parts.slice(from).join('·'));
  return [...ends, ...ends.map((end) => end.replace(/（[^（）]*）$/u, ''))].find((end) => declared.includes(end)) ?? column;
}

/**
 * The adoption of a newer edition: what was decided about the columns that are there already is kept, what is new is as given, what the file
 * lacks is gone, with the rules that spoke of it.
 */
export function editionOf(existing: AdoptedDocuments, reading: Adoption['reading'], added: readonly AdoptedColumn[]): Adoption {
  const { source, entry, binding, service } = existing;
  const columnFor = new Map(reading.columns.map((c) => [asDeclared(source.columns, c), c]));
  const kept = binding.fields.flatMap((f) => {
    const column = columnFor.get(f.column);
    return column === undefined ? [] : [{ ...f, column }];
  });
  const names = new Set([...kept.map((f) => f.name), ...added.map((c) => c.name)]);
  return {
    id: source.id,
    title: entry.title,
    abstract: entry.abstract,
    category: entry.category,
    department: source.department,
    resourceClass: entry.resourceClass,
    shareType: entry.shareType,
    shareCondition: entry.shareCondition,
    openType: entry.openType,
    updateCycle: entry.updateCycle,
    secrecyChecked: true,
    reading,
    columns: [
      ...kept.map((f): AdoptedColumn => {
        const show = service.returns.find((r) => r.field === f.name)?.show;
        const item = entry.items.find((i) => i.name === f.name);
        return {
          column: f.column,
          taken: true,
          name: f.name,
          title: f.title,
          element: f.element,
          sensitivity: f.sensitivity ?? item?.sensitivity ?? 1,
          show: typeof show === 'object' && 'shown' in show ? 'plain' : 'masked',
          reason: (typeof show === 'object' && 'shown' in show && show.shown) || '',
          ...(f.withholds && { withholds: f.withholds }),
        };
      }),
      ...added,
    ],
    key: binding.key.filter((k) => names.has(k)),
    ...(binding.mayBeAbsent && { mayBeAbsent: binding.mayBeAbsent.filter((k) => names.has(k)) }),
    rules: binding.rules.filter((r) => Object.values(r.slots).every((field) => names.has(field))),
  };
}

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
  const { entry, mount, binding, service } = documents;
  const source = before ? keeping(before, documents.source) : documents.source;
  const put = (path: string, body: unknown, zh: string, en: string): AdoptionStep => ({ method: 'PUT', path, body, title: { zh, en } });
  const declared = (s: Source): AdoptionStep => put(`/api/collect/sources/${s.id}`, s, '设立数据源', 'Set up the source');
  const mine: AdoptionStep = {
    method: 'POST',
    path: `/api/collect/uploads/${upload}/id`,
    body: { id: source.id },
    title: { zh: '占用编号', en: 'Take the id' },
  };
  // What a live grant keeps from going is said before anything is changed.
  const asked: AdoptionStep = {
    method: 'POST',
    path: `/api/govern/bindings/${source.id}/leaving`,
    body: { columns: source.columns },
    title: { zh: '核对缺少的列', en: 'Ask whether missing columns may go' },
  };
  const written = put(`/api/catalog/entries/${entry.id}`, entry, '编制目录', 'Write the entry');
  return [
    // An entry under review says no before the source is changed.
    ...(before ? [asked, written, declared(between(before, source))] : [mine, declared(source), written]),
    put(`/api/catalog/mounts/${mount.id}`, mount, '挂接', 'Mount it'),
    put(`/api/govern/bindings/${binding.id}`, binding, '绑定数据元和规则', 'Bind elements and rules'),
    service.returns.length < binding.fields.length
      ? put(
          `/api/share/services/${service.id}`,
          service,
          `设立服务（一行只容得下 ${service.returns.length} 个字段，返回前面的；其余可另设服务）`,
          `Set up the service (a row holds ${service.returns.length} fields: the first; another service may return the others)`,
        )
      : put(`/api/share/services/${service.id}`, service, '设立服务', 'Set up the service'),
    ...(before ? [declared(source)] : []),
    {
      method: 'POST',
      path: `/api/collect/uploads/${upload}/delivery`,
      body: { source: source.id },
      title: source.layout === null ? { zh: '归集数据', en: 'Collect the rows' } : { zh: '交付数据', en: 'Deliver the rows' },
    },
  ];
}
