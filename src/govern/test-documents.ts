/** Documents for tests of governed tables and libraries: the real elements, and the rule kinds a case needs. */
import type { Binding, RuleKind, Source } from '#declare';
import { ruleKind } from '#declare';
import { col, ge, inList, isAbsent, isBlank, le, not, param, today } from '#declare/expr/index';
import { codeLists, elements } from '#elements/index';
import type { TestKernel } from '#test/kernel';

const slot = (name: string, type: 'text' | 'date' | 'number') => ({ name, type, title: { zh: name, en: name }, elements: [] });
const kind = (spec: Omit<RuleKind, 'form' | 'basis' | 'examples' | 'proposed'>): RuleKind =>
  ruleKind({ ...spec, basis: 'test', proposed: null, examples: { pass: [{ value: '1' }], fail: [{ value: null }] } });

export const testRuleKinds: readonly RuleKind[] = [
  kind({
    id: 'present',
    title: { zh: '必填', en: 'Present' },
    slots: [slot('value', 'text')],
    params: [],
    severity: 'block',
    holds: not(isBlank(col('value'))),
    reason: { zh: '{value}没有填写', en: '{value} is missing' },
  }),
  kind({
    id: 'number-present',
    title: { zh: '必填', en: 'Present' },
    slots: [slot('value', 'number')],
    params: [],
    severity: 'block',
    holds: not(isAbsent(col('value', 'number'))),
    reason: { zh: '{value}没有填写', en: '{value} is missing' },
  }),
  kind({
    id: 'past',
    title: { zh: '不晚于当日', en: 'Not in the future' },
    slots: [slot('value', 'date')],
    params: [],
    severity: 'warn',
    holds: le(col('value', 'date'), today),
    reason: { zh: '{value}晚于当日', en: '{value} is in the future' },
  }),
  kind({
    id: 'at-least',
    title: { zh: '下限', en: 'At least' },
    slots: [slot('amount', 'number')],
    params: [{ name: 'least', type: 'number', title: { zh: '下限', en: 'least' } }],
    severity: 'block',
    holds: ge(col('amount', 'number'), param('least', 'number')),
    reason: { zh: '{amount}小于{least}', en: '{amount} is below {least}' },
  }),
  kind({
    id: 'coded',
    title: { zh: '代码', en: 'Coded' },
    slots: [slot('value', 'text')],
    params: [{ name: 'list', type: 'code-list', title: { zh: '代码集', en: 'list' } }],
    severity: 'block',
    holds: inList(col('value'), 'list'),
    reason: { zh: '不是{list}的代码', en: 'no code of {list}' },
  }),
  kind({
    id: 'one-per-key',
    title: { zh: '主键唯一', en: 'One row per key' },
    slots: [],
    params: [],
    severity: 'block',
    holds: { compiled: 'unique-key' },
    reason: { zh: '与第{row}行主键相同', en: 'same key as row {row}' },
  }),
  kind({
    id: 'no-repeat',
    title: { zh: '没有重复行', en: 'No repeated row' },
    slots: [],
    params: [],
    severity: 'block',
    holds: { compiled: 'exact-duplicate' },
    reason: { zh: '与第{row}行完全相同', en: 'the same as row {row}' },
  }),
];

/** Puts the models every case stands on. */
export async function putModels(kernel: TestKernel): Promise<void> {
  await kernel.put('code-list', ...codeLists);
  await kernel.put('element', ...elements);
  await kernel.put('rule-kind', ...testRuleKinds);
}

/** A source with the least that a case has to say. */
export const sourceDoc = (s: Pick<Source, 'id' | 'columns'> & Partial<Source>): Source => ({
  form: 1,
  title: { zh: s.id, en: s.id },
  department: 'police',
  connector: 'csv',
  settings: {},
  key: [],
  mode: 'full',
  cursor: null,
  layout: null,
  ...s,
});

/** A binding from `field:element` pairs in the order of the source's columns. */
export const bindingDoc = (source: Source, fields: readonly string[], more: Partial<Binding> & Pick<Binding, 'key'>): Binding => ({
  form: 1,
  id: source.id,
  title: { zh: `${source.id}表`, en: source.id },
  source: source.id,
  newest: null,
  rules: [],
  fields: fields.map((f, i) => {
    const [name = '', element = ''] = f.split(':');
    return { name, column: source.columns[i] ?? '', title: { zh: name, en: name }, element, sensitivity: null };
  }),
  ...more,
});
