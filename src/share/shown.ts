/** How a granted field is shown today: as granted, or more narrowly where its sensitivity was raised since. Nothing ever widens. */
import type { DocumentOf, Find, SeenField } from '#declare';
import { fieldsUnder } from '#declare';
import { type Expr, text } from '#declare/expr/index';

/** A granted field with the mask that holds now; a null mask shows the value as it is. */
export interface ShownField {
  readonly field: SeenField;
  readonly mask: Expr | null;
  /** True when the platform masks what the grant would have shown, because the field became more sensitive. */
  readonly narrowed: boolean;
}

/** What a field is shown as when it must be masked and its element has no mask. */
const hidden = text('***');

/**
 * The fields of a grant as they are shown now. A field that is of sensitivity 3 or 4 today and has no mask in the grant is masked
 * with its element's mask, unless the pinned service states why it is shown as it is.
 */
export function shownFields(grant: Pick<DocumentOf<'grant'>, 'fields'>, service: DocumentOf<'service'>, find: Find): readonly ShownField[] {
  const seen = fieldsUnder(service, find) ?? [];
  return grant.fields.flatMap((granted): ShownField[] => {
    const field = seen.find((f) => f.name === granted.field);
    if (!field) return [];
    if (granted.mask !== null || field.sensitivity < 3 || statesWhy(service, field.name))
      return [{ field, mask: granted.mask, narrowed: false }];
    return [{ field, mask: find('element', field.element)?.mask ?? hidden, narrowed: true }];
  });
}

function statesWhy(service: DocumentOf<'service'>, field: string): boolean {
  const show = service.returns.find((r) => r.field === field)?.show;
  return typeof show === 'object' && 'shown' in show && show.shown !== null;
}
