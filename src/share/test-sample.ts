/** A small invented city for the tests of sharing and of the gateway: one table, one library on it, and a service on each. */
import type { DocumentKind, DocumentOf } from '#declare';
import { bool, concat, type Expr, halfWidth, len, minus, repeatText, slice, trim, upper, value } from '#declare/expr/index';
import number from '#elements/number';

const title = (zh: string) => ({ zh, en: zh });

/** Keeps the first three and the last two characters. */
export const keepEnds: Expr = concat(slice(value, 1, 3), repeatText('*', minus(len(value), 5)), slice(value, minus(len(value), 1), 2));

const plain = (id: string, zh: string, change: Partial<DocumentOf<'element'>> = {}): DocumentOf<'element'> => ({
  form: 4,
  id,
  title: title(zh),
  names: [],
  basis: 'invented',
  type: 'text',
  codeList: null,
  sensitivity: 1,
  personal: false,
  mask: null,
  standardise: trim(halfWidth(value)),
  shape: bool(true),
  telling: null,
  inside: null,
  checksum: null,
  semantics: [],
  reasons: { shape: title('形式不对'), checksum: null },
  examples: { valid: ['1'], invalid: [], standardised: [] },
  ...change,
});

/** Elements by id; the tests change some. */
export const elements = {
  'id-number': plain('id-number', '身份证号', {
    sensitivity: 4,
    personal: true,
    mask: keepEnds,
    standardise: upper(trim(halfWidth(value))),
  }),
  'person-name': plain('person-name', '姓名', {
    sensitivity: 2,
    personal: true,
    mask: concat(slice(value, 1, 1), repeatText('*', minus(len(value), 1))),
  }),
  'birth-date': plain('birth-date', '出生日期', { type: 'date', sensitivity: 2, mask: concat(slice(value, 1, 4), '-**-**') }),
  height: plain('height', '身高', { type: 'number', standardise: number.standardise }),
  street: plain('street', '街道'),
} as const;

/** Fields of the table and of the library alike. */
export const fields = [
  { name: 'idNumber', element: 'id-number', type: 'text' },
  { name: 'name', element: 'person-name', type: 'text' },
  { name: 'birth', element: 'birth-date', type: 'date' },
  { name: 'height', element: 'height', type: 'number' },
  { name: 'street', element: 'street', type: 'text' },
] as const;

export const source: DocumentOf<'source'> = {
  form: 1,
  id: 'people-source',
  title: title('人员'),
  department: 'police',
  connector: 'invented',
  settings: {},
  columns: fields.map((f) => f.name),
  key: ['idNumber'],
  mode: 'full',
  cursor: null,
  layout: null,
};

export const binding: DocumentOf<'binding'> = {
  form: 1,
  id: 'people',
  title: title('人员表'),
  source: 'people-source',
  key: ['idNumber'],
  newest: null,
  rules: [],
  fields: fields.map((f) => ({ name: f.name, column: f.name, title: elements[f.element].title, element: f.element, sensitivity: null })),
};

export const library: DocumentOf<'library'> = {
  form: 1,
  id: 'population',
  title: title('人口库'),
  basis: 'invented',
  entity: title('人'),
  strongKey: 'idNumber',
  trust: {},
  fields: fields.map((f) => ({ name: f.name, title: elements[f.element].title, element: f.element })),
  feeds: [{ table: 'people', map: Object.fromEntries(fields.map((f) => [f.name, f.name])) }],
};

const returns: DocumentOf<'service'>['returns'] = [
  { field: 'idNumber', show: 'element' },
  { field: 'name', show: { shown: null } },
  { field: 'birth', show: { shown: null } },
  { field: 'height', show: { shown: null } },
  { field: 'street', show: { shown: null } },
];

export const services = {
  'person-query': {
    form: 1,
    id: 'person-query',
    title: title('人口查询'),
    on: { library: 'population' },
    department: 'police',
    kind: 'query',
    keys: ['idNumber', 'street', 'birth', 'height'],
    returns,
    limit: 20,
  },
  'people-query': {
    form: 1,
    id: 'people-query',
    title: title('人员表查询'),
    on: { table: 'people' },
    department: 'police',
    kind: 'query',
    keys: ['idNumber', 'name'],
    returns,
    limit: 5,
  },
} as const satisfies Record<string, DocumentOf<'service'>>;

export const entry: DocumentOf<'entry'> = {
  form: 1,
  id: 'people-entry',
  title: title('人员信息'),
  abstract: '人员',
  department: 'police',
  resourceClass: '1',
  category: '人口',
  format: '1',
  items: fields.map((f) => ({
    name: f.name,
    title: elements[f.element].title,
    element: f.element,
    isKey: f.name === 'idNumber',
    isNullable: true,
    sensitivity: 1,
  })),
  shareType: '2',
  shareCondition: '限履行职责使用',
  openType: '0',
  openCondition: '',
  updateCycle: '2',
  secrecyChecked: true,
};

export const mount: DocumentOf<'mount'> = {
  form: 1,
  id: 'people-mount',
  entry: 'people-entry',
  source: 'people-source',
  items: Object.fromEntries(fields.map((f) => [f.name, f.name])),
};

/** One row, as text; absent is null. */
export interface Person {
  readonly idNumber: string;
  readonly name: string | null;
  readonly birth: string | null;
  readonly height: string | null;
  readonly street: string | null;
}

/** Documents in an order in which each finds what it names. */
export const documents: readonly (readonly [DocumentKind, readonly unknown[]])[] = [
  ['element', Object.values(elements)],
  ['source', [source]],
  ['binding', [binding]],
  ['library', [library]],
  ['service', Object.values(services)],
  ['entry', [entry]],
  ['mount', [mount]],
];

const literal = (v: string | null): string => (v === null ? 'null' : `'${v.replaceAll("'", "''")}'`);
const columns = 'idNumber varchar, name varchar, birth date, height decimal(38,16), street varchar';

/** Statements for the warehouse that make the library and the table hold exactly these people. */
export function warehouseStatements(people: readonly Person[]): { sql: string }[] {
  const rows = people.map((p) => `(${[p.idNumber, p.name, p.birth, p.height, p.street].map(literal).join(', ')})`).join(', ');
  const from = people.length === 0 ? '(select null, null, null, null, null where false)' : `(values ${rows})`;
  const picked = `select a::varchar as "idNumber", b::varchar as "name", c::date as "birth", d::decimal(38,16) as "height", e::varchar as "street" from ${from} t(a, b, c, d, e)`;
  return [
    { sql: 'create schema if not exists library' },
    { sql: 'create schema if not exists current' },
    { sql: `create table if not exists library."population" (_entity varchar, ${columns})` },
    { sql: `create table if not exists current."people" (_batch bigint, _ordinal integer, _row bigint, _key varchar, ${columns})` },
    { sql: 'delete from library."population"' },
    { sql: 'delete from current."people"' },
    { sql: `insert into library."population" select 'person-' || "idNumber", * from (${picked})` },
    { sql: `insert into current."people" select 1, 1, row_number() over (), "idNumber", * from (${picked})` },
  ];
}
