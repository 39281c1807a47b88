/** What the steward has decided so far, begun from the proposals and kept by itself. */
import type { AdoptedColumn, Adoption } from '../../../../declare/adoption.ts';
import type { Reply } from '../../../parts/api.ts';
import type { Upload } from './send-file.ts';

export type Proposal = NonNullable<Reply<'GET /api/govern/uploads/:id'>['proposal']>;
export type ProposedColumn = Proposal['columns'][number];

/** The decision as it is made; the secrecy of the content is the last thing said. */
export type Decision = Omit<Adoption, 'secrecyChecked' | 'reading' | 'department'>;

export const adoptedFrom = (c: ProposedColumn): AdoptedColumn => ({
  column: c.column,
  taken: true,
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
  abstract: `由“${upload.name}”上传建立`,
  category: '部门',
  resourceClass: '3',
  shareType: '2',
  shareCondition: '限依法履行职责需要的部门使用，不得转提供第三方。',
  openType: '0',
  updateCycle: '4',
  columns: p.columns.map(adoptedFrom),
  key: [...p.key],
  rules: p.rules.map(({ title: _, ...rule }) => structuredClone(rule)),
});

/** A kept draft is of use only while the file still has the columns it speaks of. */
export const fits = (draft: Decision, p: Proposal): boolean =>
  draft.columns.length === p.columns.length && draft.columns.every((c, i) => c.column === p.columns[i]?.column);

/** The reading of an upload as an adoption holds it. */
export function readingOf(upload: Upload): Adoption['reading'] {
  if (!upload.reading) throw new Error(`upload ${upload.id} has not been read`);
  const { connector, settings, layout, columns } = upload.reading;
  return structuredClone({ connector, settings, layout, columns }) as Adoption['reading'];
}
