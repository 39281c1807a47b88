/** Showing values to those who may not see them as they are: by the element's mask, spelled into the warehouse's own SQL. */
import type { Element, SeenField } from '#declare';
import { textSql } from '#kernel/sql/kept';
import { literal } from '#kernel/sql/quote';
import { spell } from '#kernel/sql/spell';
import type { ExprEnv } from '#kernel/stage';

/** A column through the usual mask of its element. A sensitive field without one shows only how long it is. */
export function maskedSql(
  field: Pick<SeenField, 'type' | 'sensitivity'>,
  element: Pick<Element, 'mask'>,
  column: string,
  env: ExprEnv,
): string {
  return maskedText(field.sensitivity, element, textSql(field.type, column), env);
}

/**
 * Raw cells through the masks of their elements, in two steps so that a value is standardised once: `standard` over the columns `field` and
 * `value`, then `shown` over `field`, `value` and `standard`. Of a value that is not even of the right shape a mask could show too much,
 * so it is hidden whole; a value of no known field is hidden too.
 */
export function maskedCells(fields: readonly MaskedField[], env: ExprEnv): { readonly standard: string; readonly shown: string } {
  const over = (column: string) => ({ ...env, column: () => column });
  const open = (f: MaskedField): boolean => f.means.mask === null && f.sensitivity < 3;
  const standard = fields
    .filter((f) => !open(f))
    .map((f) => `when ${literal('duckdb', f.name)} then ${spell(f.means.standardise, 'duckdb', over('"value"'))}`);
  const shown = fields.map((f) => {
    const shape = spell(f.means.shape, 'duckdb', over('standard'));
    const masked = `case when coalesce(${shape}, false) then ${maskedText(f.sensitivity, f.means, 'standard', env)} else ${hidden('"value"')} end`;
    return `when ${literal('duckdb', f.name)} then ${open(f) ? '"value"' : masked}`;
  });
  return {
    standard: standard.length === 0 ? 'cast(null as VARCHAR)' : `case field ${standard.join(' ')} end`,
    shown: `case field ${shown.join(' ')} else ${hidden('"value"')} end`,
  };
}

interface MaskedField extends Pick<SeenField, 'name' | 'sensitivity'> {
  readonly means: Pick<Element, 'mask' | 'standardise' | 'shape'>;
}

function maskedText(sensitivity: number, element: Pick<Element, 'mask'>, text: string, env: ExprEnv): string {
  if (element.mask) return spell(element.mask, 'duckdb', { ...env, column: () => text });
  return sensitivity >= 3 ? hidden(text) : text;
}

const hidden = (text: string): string => `repeat('*', cast(least(length(${text}), 32) as INTEGER))`;
