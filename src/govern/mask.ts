/** Showing values to those who may not see them as they are: by the element's mask, spelled into the warehouse's own SQL. */
import type { Element, FieldType, SeenField } from '#declare';
import { spell } from '#kernel/sql/spell';
import type { ExprEnv } from '#kernel/stage';

/** A governed column as standard text: dates as YYYY-MM-DD, numbers without empty decimals. */
export function textSql(type: FieldType, column: string): string {
  return type === 'number' ? `rtrim(rtrim(cast(${column} as VARCHAR), '0'), '.')` : type === 'date' ? `cast(${column} as VARCHAR)` : column;
}

/** A column through the usual mask of its element. A sensitive field without one shows only how long it is. */
export function maskedSql(
  field: Pick<SeenField, 'type' | 'sensitivity'>,
  element: Pick<Element, 'mask'>,
  column: string,
  env: ExprEnv,
): string {
  return maskedText(field.sensitivity, element, textSql(field.type, column), env);
}

/** A raw cell through the mask: of a value that is not even of the right shape a mask could show too much, so it is hidden whole. */
export function maskedCellSql(
  field: Pick<SeenField, 'sensitivity'>,
  element: Pick<Element, 'mask' | 'standardise' | 'shape'>,
  column: string,
  env: ExprEnv,
): string {
  if (element.mask === null && field.sensitivity < 3) return column;
  const standard = spell(element.standardise, 'duckdb', { ...env, column: () => column });
  const shape = spell(element.shape, 'duckdb', { ...env, column: () => `(${standard})` });
  return `case when coalesce(${shape}, false) then ${maskedText(field.sensitivity, element, `(${standard})`, env)} else ${hidden(column)} end`;
}

function maskedText(sensitivity: number, element: Pick<Element, 'mask'>, text: string, env: ExprEnv): string {
  if (element.mask) return spell(element.mask, 'duckdb', { ...env, column: () => text });
  return sensitivity >= 3 ? hidden(text) : text;
}

const hidden = (text: string): string => `repeat('*', cast(least(length(${text}), 32) as INTEGER))`;
