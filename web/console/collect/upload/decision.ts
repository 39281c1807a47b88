/** What the steward has decided so far, begun from the proposals and kept by itself. */
import { abstractOf } from '../../../../declare/abstract-of.ts';
import type { AdoptedColumn, Adoption } from '../../../../declare/adoption.ts';
import type { Reply } from '../../../parts/api.ts';
import type { Upload } from './send-file.ts';

export type Proposal = NonNullable<Reply<'GET /api/govern/uploads/:id'>['proposal']>;
export type ProposedColumn = Proposal['columns'][number];

/**
 * The decision as it is made; the secrecy of the content is the last thing said. Key and rules name columns of the file here, not fields: what
 * a field is called may be half typed, or the same as another's for a moment.
 */
export type Decision = Omit<Adoption, 'secrecyChecked' | 'reading' | 'department'>;

/** What names a field and the column it is read from. */
type Named = Pick<AdoptedColumn, 'column' | 'name'>;

const columnOf = (columns: readonly Named[], name: string): string => columns.find((c) => c.name === name)?.column ?? name;

/** A rule whose places are filled by what `to` makes of them. */
const placed = <R extends { readonly slots: Readonly<Record<string, string>> }>(rule: R, to: (place: string) => string): R => ({
  ...rule,
  slots: Object.fromEntries(Object.entries(rule.slots).map(([slot, place]) => [slot, to(place)])),
});

/** Key and rules that name fields, as a decision names them. */
export const byColumn = <D extends Pick<Decision, 'columns' | 'key' | 'rules'>>(adoption: D): D => ({
  ...adoption,
  key: adoption.key.map((name) => columnOf(adoption.columns, name)),
  rules: adoption.rules.map((r) => placed(r, (name) => columnOf(adoption.columns, name))),
});

/** Key and rules of what is taken, as documents name them; what stands on a column that is left out is left out with it. */
export function inForce(d: Decision): Decision {
  const taken = new Map(d.columns.filter((c) => c.taken).map((c) => [c.column, c.name]));
  return {
    ...d,
    key: d.key.flatMap((column) => taken.get(column) ?? []),
    rules: d.rules
      .filter((r) => Object.values(r.slots).every((column) => taken.has(column)))
      .map((r) => placed(r, (column) => taken.get(column) as string)),
  };
}

/** What a decision still lacks to be carried out. */
export function lacking(d: Decision): { readonly zh: string; readonly en: string }[] {
  const taken = d.columns.filter((c) => c.taken);
  const twice = taken.find((c, i) => taken.findIndex((x) => x.name === c.name) < i);
  const unnamed = taken.find((c) => !fieldName.test(c.name) || c.title.zh.trim() === '');
  const bare = taken.find((c) => c.show === 'plain' && c.sensitivity >= 3 && c.reason.trim().length < 4);
  return [
    ...(taken.length === 0 ? [{ zh: '至少采用一列', en: 'Take one column at least' }] : []),
    ...(d.key.length > 0 && inForce(d).key.length === 0
      ? [{ zh: '主键里没有采用的列：请到“3 主键”选定', en: 'The key has no column that is taken: choose it in step 3' }]
      : []),
    ...(unnamed
      ? [{ zh: `“${unnamed.column}”的字段名或中文名不合规`, en: `The field or the name of '${unnamed.column}' is not proper` }]
      : []),
    ...(twice ? [{ zh: `字段名“${twice.name}”用了两次`, en: `The field '${twice.name}' is named twice` }] : []),
    ...(bare ? [{ zh: `“${bare.column}”不脱敏，请写明理由`, en: `'${bare.column}' is not masked: say why` }] : []),
    ...(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(d.id) && d.id.length <= 63
      ? []
      : [{ zh: '编号须为小写字母、数字和连字符', en: 'The id is made of lower-case letters, digits and hyphens' }]),
    ...(d.title.zh.trim() === '' ? [{ zh: '缺少信息资源名称', en: 'The title is missing' }] : []),
    ...(d.abstract.trim() === '' ? [{ zh: '缺少信息资源摘要', en: 'The abstract is missing' }] : []),
    ...(d.category.trim() === '' ? [{ zh: '缺少“项”', en: 'The item is missing' }] : []),
    ...(d.shareType !== '1' && d.shareCondition.trim() === ''
      ? [{ zh: '缺少共享条件或不予共享的依据', en: 'The conditions of sharing, or the basis of not sharing, are missing' }]
      : []),
  ];
}

/** The rules that go by the key, with whether they withhold rows or only warn. */
const ofTheKey = (d: Pick<Decision, 'key'>, r: Decision['rules'][number]): boolean =>
  r.kind === 'unique-key' || (r.kind.startsWith('required') && Object.values(r.slots).some((column) => d.key.includes(column)));

/** Whether rows that lack or repeat the key are withheld; false where they are only warned of. */
export const withholds = (d: Pick<Decision, 'key' | 'rules'>): boolean => d.rules.some((r) => ofTheKey(d, r) && r.severity !== 'warn');

/** The same decision with such rows withheld, or only warned of. */
export const withholding = <D extends Pick<Decision, 'key' | 'rules'>>(d: D, withhold: boolean): D => ({
  ...d,
  rules: d.rules.map((r) => (ofTheKey(d, r) ? { ...r, severity: withhold ? null : ('warn' as const) } : r)),
});

/** What a rule stands on: no column where it compares rows with one another. */
export const standsOn = (r: { readonly slots: Readonly<Record<string, string>> }): string[] => Object.values(r.slots);

/**
 * Another key: what compares rows with one another goes with the last column of the key, and comes with the first. What asks for a part of the key
 * goes and comes with that column, and withholds or warns as the others do.
 */
export function keyedBy(p: Proposal, d: Decision, key: string[]): Decision {
  const ofKey = p.keyed.map(({ title: _, ...rule }) => placed(structuredClone(rule), (name) => columnOf(p.columns, name)));
  const comparing = ofKey.filter((r) => standsOn(r).length === 0);
  const parts = ofKey.filter((r) => standsOn(r).length > 0);
  const [kinds, ids] = [new Set(comparing.map((r) => r.kind)), new Set(parts.map((r) => r.id))];
  const isIn = (r: Decision['rules'][number], columns: readonly string[]) => standsOn(r).every((column) => columns.includes(column));
  const others = d.rules.filter((r) => !kinds.has(r.kind) && !(ids.has(r.id) && !isIn(r, key)));
  if (key.length === 0) return { ...d, key, rules: others };
  const severity = withholds(d) ? null : ('warn' as const);
  const added = parts
    .filter((r) => isIn(r, key) && !isIn(r, d.key) && !others.some((o) => o.id === r.id))
    .map((r) => (d.key.length > 0 ? { ...r, severity } : r));
  return { ...d, key, rules: [...others, ...added, ...(d.key.length > 0 ? d.rules.filter((r) => kinds.has(r.kind)) : comparing)] };
}

/** How a field is called (see the schema of field names). */
export const fieldName = /^[a-z][A-Za-z0-9]{0,62}$/;

/** The rules that are proposed, each with the columns it stands on. */
export const offered = (p: Proposal) =>
  [...p.rules, ...p.keyed.filter((k) => !p.rules.some((r) => r.id === k.id))].map((r) => placed(r, (name) => columnOf(p.columns, name)));

export const adoptedFrom = (c: ProposedColumn): AdoptedColumn => ({
  column: c.column,
  taken: c.taken,
  name: c.name,
  title: { zh: c.title },
  element: c.element,
  sensitivity: c.sensitivity as AdoptedColumn['sensitivity'],
  show: c.sensitivity >= 3 ? 'masked' : 'plain',
  reason: '',
});

/** The proposals as a decision. */
export const decisionFrom = (upload: Upload, p: Proposal): Decision => ({
  id: p.id,
  title: { zh: p.title },
  abstract: abstractOf(upload),
  category: '部门',
  resourceClass: '3',
  shareType: '2',
  shareCondition: '限依法履行职责需要的部门使用，不得转提供第三方。',
  openType: '0',
  updateCycle: '4',
  columns: p.columns.map(adoptedFrom),
  key: p.key.map((name) => columnOf(p.columns, name)),
  rules: offered(p)
    .filter((r) => p.rules.some((x) => x.id === r.id))
    .map(({ title: _, ...rule }) => structuredClone(rule)),
});

/** A kept draft is of use only while the file still has the columns it speaks of. */
export function fits(draft: Decision, p: Proposal): boolean {
  const spoken = [...draft.key, ...draft.rules.flatMap((r) => Object.values(r.slots))];
  return (
    draft.columns.length === p.columns.length &&
    draft.columns.every((c, i) => c.column === p.columns[i]?.column) &&
    spoken.every((column) => p.columns.some((c) => c.column === column))
  );
}

/** The reading of an upload as an adoption holds it. */
export function readingOf(upload: Upload): Adoption['reading'] {
  if (!upload.reading) throw new Error(`upload ${upload.id} has not been read`);
  const { connector, settings, layout, columns, cursor, leaves } = upload.reading;
  const table = layout === null && { cursor: cursor ?? null, ...(leaves && { leaves }) };
  return structuredClone({ connector, settings, layout, columns, ...table }) as Adoption['reading'];
}
