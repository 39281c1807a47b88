/** What the city's departments declare: sources, entries, mounts and bindings, made from the descriptions of their sources. */

import type { SourceDescription } from '#city/index';
import type { Binding, DocumentOf, Entry, Mount, Sensitivity, Service, Source } from '#declare';
import { codeModels } from '../stages.ts';

const sensitivityOf = (element: string): Sensitivity => codeModels.element.find((e) => e.id === element)?.sensitivity ?? 1;

/** The source document. A database's settings name its password as a secret. */
export const sourceDocument = (
  d: SourceDescription,
  database: { host: string; port: number; database: string; user: string } | null,
): Source => ({
  form: 1,
  id: d.id,
  title: d.title,
  department: d.department,
  connector: d.connector,
  settings: d.table && database ? { ...database, password: 'secret:public-security-reader', schema: 'public', table: d.table } : {},
  columns: d.columns.map((c) => c.name),
  key: [...d.rowKey],
  mode: d.mode,
  cursor: d.cursor,
  layout: d.layout,
});

/** The catalog entry that a source makes good. The register of enterprises is shared without conditions, what concerns people under conditions. */
export const entryDocument = (d: SourceDescription): Entry => ({
  form: 1,
  id: d.id,
  title: d.title,
  abstract: d.abstract,
  department: d.department,
  resourceClass: '1',
  category: d.id === 'market-enterprises' ? '法人' : '人口',
  format: d.table ? '3' : '2',
  items: d.columns.map((c) => ({
    name: c.field,
    title: c.title,
    element: c.element,
    isKey: c.key,
    isNullable: !c.required,
    sensitivity: sensitivityOf(c.element),
  })),
  shareType: d.id === 'market-enterprises' ? '1' : '2',
  shareCondition: d.id === 'market-enterprises' ? '' : '限依法履行职责需要核验人员身份信息的部门使用，不得转提供第三方。',
  openType: '0',
  openCondition: '',
  updateCycle: d.table ? '2' : '4',
  secrecyChecked: true,
});

/** The mount of the entry on the source. */
export const mountDocument = (d: SourceDescription): Mount => ({
  form: 1,
  id: d.id,
  entry: d.id,
  source: d.id,
  items: Object.fromEntries(d.columns.map((c) => [c.field, c.name])),
});

/** The rule kind that demands a value of an element's type. */
const requiredKind = (element: string): string =>
  ({ date: 'required-date', instant: 'required-instant', number: 'required-number' })[
    codeModels.element.find((e) => e.id === element)?.type as string
  ] ?? 'required';

/** The binding: what each column means and which rules its rows must keep. */
export function bindingDocument(d: SourceDescription): Binding {
  const field = (name: string) => d.columns.find((c) => c.field === name)?.field;
  const rule = (kind: string, slots: Record<string, string>, params: Record<string, string> = {}): Binding['rules'][number] => ({
    id: [kind, ...Object.values(slots).map((s) => s.replace(/[A-Z]/g, (l) => `-${l.toLowerCase()}`))].join('-').slice(0, 63),
    kind,
    slots,
    params,
    severity: null,
  });
  const rules: Binding['rules'] = [rule('exact-duplicate', {})];
  // Whoever adds up writes so where the eye begins: in the name, or in a workbook of enterprises in the code. A code that is no code is refused
  // for its shape before any rule is asked, so the same column is also read as what it says.
  const label = field('name') ?? 'rowLabel';
  rules.push(rule('not-total-row', { value: label }));
  for (const c of d.columns) if (c.required) rules.push(rule(requiredKind(c.element), { value: c.field }));
  if (field('birthDate') && field('identityNumber'))
    rules.push(rule('birth-matches-identity-number', { value: 'birthDate', number: 'identityNumber' }));
  if (field('sex') && field('identityNumber')) rules.push(rule('sex-matches-identity-number', { value: 'sex', number: 'identityNumber' }));
  for (const name of ['foundedOn', 'openedOn', 'insuredOn']) if (field(name)) rules.push(rule('not-in-future', { value: name }));
  const newest = d.columns.find((c) => c.name === d.newest)?.field ?? null;
  return {
    form: 1,
    id: d.id,
    title: d.title,
    source: d.id,
    fields: [
      ...d.columns.map((c) => ({ name: c.field, column: c.name, title: c.title, element: c.element, sensitivity: null })),
      ...(field('name')
        ? []
        : d.columns
            .filter((c) => c.key)
            .map((c) => ({
              name: label,
              column: c.name,
              title: { zh: '行首文字', en: 'Text at the beginning of the row' },
              element: 'text',
              sensitivity: null,
            }))),
    ],
    key: d.columns.filter((c) => c.key).map((c) => c.field),
    newest,
    rules,
  };
}

/** A service over a governed table itself, beside those over the libraries. */
export const employmentService: Service = {
  form: 1,
  id: 'insured-status',
  title: { zh: '社会保险参保查询', en: 'Social insurance status' },
  on: { table: 'insured-persons' },
  department: 'human-resources',
  kind: 'query',
  keys: ['identityNumber'],
  returns: [
    { field: 'identityNumber', show: 'element' },
    { field: 'name', show: 'element' },
    { field: 'employerName', show: 'element' },
    { field: 'insuredOn', show: { shown: null } },
  ],
  limit: 20,
};

/** The request that waits for its provider when the city opens, so that the walk can be gone on at any step. */
export const waitingRequest = (service: DocumentOf<'service'>, until: string) => ({
  service: service.id,
  purpose: '高龄津贴申领资格核验',
  legalBasis: '《中华人民共和国老年人权益保障法》第三十三条',
  scene: '民政窗口受理高龄津贴申请时核验申请人身份',
  fields: service.returns.map((r) => r.field),
  rowFilter: null,
  until,
  contact: '何敏 民政局养老服务科',
});
