/** Documents: they keep their form, come back from JSON as they were, and are refused with a sentence that says where. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { catalogProcesses } from '#catalog';
import { calendars, codeLists, elements, updateCycles } from '#elements/index';
import { libraries, services } from '#libraries/index';
import { ruleKinds } from '#rules/index';
import { shareProcesses } from '#share';
import { DeclarationError, daySchema, faultsOf } from './base.ts';
import type { Binding } from './binding.ts';
import { checkDocument, type Find } from './check.ts';
import { type DocumentKind, type DocumentOf, isDocumentKind, modelKinds, parseDocument, presentForm, recordKinds } from './document.ts';
import { eq, num, text, value } from './expr/index.ts';

const entry = {
  form: 1,
  id: 'register',
  title: { zh: '登记' },
  abstract: '登记信息',
  department: 'market',
  resourceClass: '1',
  category: '法人',
  format: '2',
  items: [{ name: 'code', title: { zh: '代码' }, element: 'credit-code', isKey: true, isNullable: false, sensitivity: 1 }],
  shareType: '2',
  shareCondition: '依法履职需要',
  openType: '0',
  openCondition: '',
  updateCycle: '4',
  secrecyChecked: true,
} as const;
const source = {
  form: 1,
  id: 'register',
  title: { zh: '登记' },
  department: 'market',
  connector: 'csv',
  settings: {},
  columns: ['号码', '姓名', '日期'],
  key: ['号码'],
  mode: 'full',
  cursor: null,
  layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
} as const;
const binding: Binding = {
  form: 1,
  id: 'register',
  title: { zh: '登记' },
  source: 'register',
  fields: [
    { name: 'identityNumber', column: '号码', title: { zh: '号码' }, element: 'identity-number', sensitivity: null },
    { name: 'name', column: '姓名', title: { zh: '姓名' }, element: 'name', sensitivity: null },
    { name: 'day', column: '日期', title: { zh: '日期' }, element: 'date', sensitivity: null },
  ],
  key: ['identityNumber'],
  newest: null,
  rules: [{ id: 'not-in-future-day', kind: 'not-in-future', slots: { value: 'day' }, params: {}, severity: null }],
};
const service = {
  form: 1,
  id: 'register-basic',
  title: { zh: '登记查询' },
  on: { table: 'register' },
  department: 'market',
  kind: 'query',
  keys: ['identityNumber'],
  returns: [
    { field: 'identityNumber', show: 'element' },
    { field: 'day', show: { shown: null } },
  ],
  limit: 10,
} as const;
const request = {
  form: 1,
  id: 'request-1',
  service: 'register-basic',
  serviceVersion: 1,
  department: 'civil',
  provider: 'market',
  purpose: '资格核验',
  legalBasis: '某办法第一条',
  scene: '窗口',
  fields: ['day'],
  rowFilter: null,
  until: '2027-01-01',
  contact: '某人',
} as const;
const grant = {
  form: 1,
  id: 'grant-1',
  request: 'request-1',
  service: 'register-basic',
  serviceVersion: 1,
  consumer: 'civil',
  provider: 'market',
  purpose: '资格核验',
  legalBasis: '某办法第一条',
  fields: [{ field: 'day', mask: null }],
  rowFilter: null,
  validFrom: '2026-01-01',
  validTo: '2027-01-01',
} as const;
const mount = { form: 1, id: 'register', entry: 'register', source: 'register', items: { code: '号码' } } as const;

/** One good document of every kind. */
const good: { readonly [K in DocumentKind]: readonly unknown[] } = {
  'code-list': codeLists,
  element: elements,
  'rule-kind': ruleKinds,
  calendar: calendars,
  'update-cycle': updateCycles,
  process: [...catalogProcesses, ...shareProcesses],
  library: libraries,
  service: [service],
  entry: [entry],
  source: [source],
  mount: [mount],
  binding: [binding],
  request: [request],
  grant: [grant],
};
const find: Find = (kind, id) => (good[kind] as readonly { id: string }[]).find((d) => d.id === id) as never;
const faults = <K extends DocumentKind>(kind: K, raw: unknown) => checkDocument(kind, parseDocument(kind, raw), find);
const at = (kind: DocumentKind, raw: unknown) => faults(kind, raw).map((f) => f.at);

describe.each([...modelKinds, ...recordKinds])('%s', (kind) => {
  test('comes back from JSON as it was, frozen, and without a fault', () => {
    expect(good[kind].length).toBeGreaterThan(0);
    for (const doc of good[kind]) {
      const again = parseDocument(kind, JSON.parse(JSON.stringify(doc)));
      expect(JSON.stringify(again)).toBe(JSON.stringify(parseDocument(kind, doc)));
      expect(Object.isFrozen(again)).toBe(true);
      expect(faults(kind, doc)).toEqual([]);
    }
  });

  test('a form that is not known is refused, and so is a word that no machine reads', () => {
    const doc = good[kind][0] as Record<string, unknown>;
    for (const form of [0, 1.5, presentForm[kind] + 1, '1', undefined])
      expect(() => parseDocument(kind, { ...doc, form })).toThrow(DeclarationError);
    expect(() => parseDocument(kind, { ...doc, colour: 'red' })).toThrow(/colour/);
  });
});

test('a document in an older form is lifted', () => {
  const { names: _, telling: ____, inside: _____, ...element } = elements[0] as DocumentOf<'element'>;
  const lifted = parseDocument('element', JSON.parse(JSON.stringify({ ...element, form: 1 })));
  expect(lifted).toEqual({ ...elements[0], names: [], telling: null, inside: null });
  expect(parseDocument('element', JSON.parse(JSON.stringify({ ...element, names: ['甲'], form: 2 })))).toEqual({
    ...elements[0],
    names: ['甲'],
    telling: null,
    inside: null,
  });
  const kind = ruleKinds.find((k) => k.slots.length > 0) as DocumentOf<'rule-kind'>;
  const { proposed: __, ...older } = { ...kind, slots: kind.slots.map(({ elements: ___, ...slot }) => slot) };
  expect(parseDocument('rule-kind', JSON.parse(JSON.stringify({ ...older, form: 1 })))).toEqual({
    ...kind,
    slots: kind.slots.map((slot) => ({ ...slot, elements: [] })),
    proposed: null,
  });
});

test('models and records are two classes and no kind is in both', () => {
  expect(modelKinds.filter((k) => (recordKinds as readonly string[]).includes(k))).toEqual([]);
  expect(Object.keys(presentForm).sort()).toEqual([...modelKinds, ...recordKinds].sort());
  expect([isDocumentKind('entry'), isDocumentKind('nonsense'), isDocumentKind('toString')]).toEqual([true, false, false]);
});

describe('what a document names must exist and fit', () => {
  test('a sensitive field is not returned as it is without a stated reason', () => {
    const shown = (reason: string | null) => ({ ...service, returns: [{ field: 'identityNumber', show: { shown: reason } }] });
    expect(faults('service', shown(null))).toMatchObject([
      { at: 'returns.0.show', zh: expect.stringContaining('不脱敏必须写明理由'), en: expect.stringContaining('stated reason') },
    ]);
    expect(faults('service', shown('核验业务须比对完整号码'))).toEqual([]);
    expect(at('service', { ...service, returns: [{ field: 'identityNumber', show: { mask: num(1) } }] })).toEqual(['returns.0.show.mask']);
  });

  test('a service over nothing, an unknown key and an unknown field', () => {
    expect(at('service', { ...service, on: { table: 'nowhere' } })).toEqual(['on.table']);
    expect(at('service', { ...service, on: { library: 'nowhere' } })).toEqual(['on.library']);
    expect(at('service', { ...service, keys: ['nothing'], returns: [{ field: 'neither', show: 'element' }] })).toEqual([
      'keys.0',
      'returns.0.field',
    ]);
  });

  test('a binding with a missing column, element and slot, and a slot of another type', () => {
    const rule = { id: 'r', kind: 'not-in-future', slots: {}, params: {}, severity: null };
    expect(at('binding', { ...binding, fields: [{ ...binding.fields[0], column: '没有' }, ...binding.fields.slice(1)] })).toEqual([
      'fields.0.column',
    ]);
    expect(at('binding', { ...binding, fields: [{ ...binding.fields[0], element: 'no-such' }, ...binding.fields.slice(1)] })).toEqual([
      'fields.0.element',
    ]);
    expect(at('binding', { ...binding, rules: [rule] })).toEqual(['rules.0.slots']);
    expect(faults('binding', { ...binding, rules: [{ ...rule, slots: { value: 'name' } }] })).toMatchObject([
      { at: 'rules.0.slots.value', en: "'name' is text, the rule wants date" },
    ]);
    expect(at('binding', { ...binding, rules: [{ ...rule, kind: 'no-such' }] })).toEqual(['rules.0.kind']);
    expect(at('binding', { ...binding, source: 'no-such' })).toEqual(['source']);
  });

  test('a key that lists one column twice', () => {
    expect(at('source', { ...source, key: ['号码', '号码'] })).toEqual(['key']);
    expect(at('binding', { ...binding, key: [binding.key[0], binding.key[0]] as never })).toEqual(['key']);
  });

  test('an entry that is not shared needs its legal basis (Decree 809)', () => {
    expect(at('entry', { ...entry, shareType: '3', shareCondition: '' })).toEqual(['shareCondition']);
    expect(at('entry', { ...entry, shareType: '1', shareCondition: '' })).toEqual([]);
    expect(() => parseDocument('entry', { ...entry, secrecyChecked: false })).toThrow(DeclarationError);
  });

  test('a row filter over an unknown field or of a wrong type, and a period that ends before it begins', () => {
    expect(at('grant', { ...grant, rowFilter: eq(value, text('x')) })).toContain('rowFilter');
    expect(at('request', { ...request, rowFilter: text('not a condition') })).toEqual(['rowFilter']);
    expect(at('grant', { ...grant, validTo: '2025-01-01' })).toEqual(['validTo']);
    expect(at('request', { ...request, fields: ['name'] })).toEqual(['fields.0']);
  });

  test('a library whose feed lacks the strong key, or feeds a field of another type', () => {
    const library = libraries[0] as DocumentOf<'library'>;
    const feed = (map: Record<string, string>) => ({ ...library, trust: {}, feeds: [{ table: 'register', map }] });
    expect(at('library', feed({ name: 'name' }))).toEqual(['feeds.0.map']);
    expect(at('library', feed({ [library.strongKey]: 'identityNumber', birthDate: 'name' }))).toEqual(['feeds.0.map.birthDate']);
    expect(at('library', feed({ [library.strongKey]: 'identityNumber', name: 'gone' }))).toEqual(['feeds.0.map.name']);
  });

  test('an incremental source without a cursor, a process into a state that is not there', () => {
    expect(() => parseDocument('source', { ...source, mode: 'incremental' })).toThrow(/cursor/);
    const process = catalogProcesses[0] as DocumentOf<'process'>;
    expect(at('process', { ...process, steps: [{ ...process.steps[0], to: 'nowhere' }] })).toEqual(['steps.0']);
  });

  test('the services of the libraries stand on what is there', () => {
    for (const s of services) expect(faults('service', s)).toEqual([]);
  });
});

test('what zod finds wrong is told in words a person reads', () => {
  const schema = z.strictObject({
    basis: z.string().min(4),
    code: z.string().length(18),
    share: z.enum(['1', '2']),
    limit: z.int().max(10),
    open: z.boolean(),
    until: daySchema,
    fields: z.array(z.string()).min(1),
    purpose: z.string(),
    filter: z.union([z.string(), z.number()]),
  });
  const given = { basis: '条', code: 'x', share: '3', limit: 11, open: 'yes', until: '2026-02-30', fields: [], filter: true, more: 1 };
  const read = schema.safeParse(given);
  expect(Object.fromEntries(faultsOf(schema, given, read.error as z.ZodError).map((f) => [f.at, f.zh]))).toEqual({
    basis: '至少 4 个字符',
    code: '须为 18 个字符',
    share: '须为其中之一：“1”、“2”',
    limit: '不能大于 10',
    open: '须为是或否（true、false）',
    until: '须为存在的日期，写作 2026-11-22',
    fields: '至少 1 项',
    purpose: '没有填写',
    filter: '不是可以接受的任何一种写法',
    '.': '不认识“more”',
  });
});
