/** Having a warning withhold the rows it is about: what that changes in the binding of a table. */
import type { Reply } from '../../parts/api.ts';

type Binding = Reply<'GET /api/govern/tables/:id'>['binding'];
/** What of a check decides whether it may be ticked. */
type Ticked = Pick<Reply<'GET /api/govern/tables/:id/rules'>['rules'][number], 'id' | 'field' | 'usual'>;

/** The verdict of an element that a check is; undefined for a rule. */
const verdictOf = ({ id, field }: Ticked): string | undefined =>
  field !== null && id.startsWith(`${field}:`) ? id.slice(field.length + 1) : undefined;

/** Whether the steward may have this warning withhold rows. */
export const mayWithhold = (binding: Binding, check: Ticked): boolean =>
  check.usual !== 'block' && (verdictOf(check) !== undefined || binding.rules.some((r) => r.id === check.id));

/** The binding in which a warning withholds rows, or only warns again. */
export function withheld(binding: Binding, check: Ticked, withholds: boolean): Binding {
  const verdict = verdictOf(check);
  if (verdict === undefined)
    return {
      ...binding,
      rules: binding.rules.map((r) => (r.id === check.id ? { ...r, severity: withholds ? ('block' as const) : null } : r)),
    };
  return {
    ...binding,
    fields: binding.fields.map(({ withholds: before = [], ...f }) => {
      const others = before.filter((v) => f.name !== check.field || v !== verdict);
      const now = f.name === check.field && withholds ? [...others, verdict] : others;
      return now.length > 0 ? { ...f, withholds: now } : f;
    }),
  };
}
