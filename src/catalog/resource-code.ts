/** Resource codes (信息资源代码, 目录编制指南 2017 §5): made from a template, given out once, never used again. */
import type { Entry } from '#declare';
import type { Transaction } from '#kernel/db/pool';

/**
 * What a code is made of. `{class}` 类; `{category:n}` 项 as the number it got when it was first used in its class, at least n digits;
 * `{node}` the node that issues the code; `{sequence:n}` 顺序号 within what stands before it, at least n digits.
 */
export const usualCodeTemplate = '{class}{category:2}{node}/{sequence:6}';

/** @throws Error when a template has no `{sequence:n}` at its end: two entries would get one code. */
export function checkTemplate(template: string): string {
  if (!/^(?:[\w/.-]|\{class\}|\{node\}|\{category:\d\})*\{sequence:\d\}$/.test(template))
    throw new Error(`resource code template '${template}' must end with {sequence:n}`);
  return template;
}

/** The code of an entry: the one it has, or the next of its class and category. A number is taken only when the transaction commits. */
export async function resourceCodeOf(tx: Transaction, entry: Entry, order: { template: string; node: string; now: Date }): Promise<string> {
  const known = await tx.first<{ code: string }>('select code from catalog.resource_code where entry = $1', [entry.id]);
  if (known) return known.code;
  const category = String(await categoryNumber(tx, entry));
  const prefix = order.template
    .replace(/\{sequence:\d\}$/, '')
    .replace('{class}', entry.resourceClass)
    .replace('{node}', order.node)
    .replace(/\{category:(\d)\}/, (_, width: string) => category.padStart(Number(width), '0'));
  const next = await tx.first<{ last: number }>(
    'insert into catalog.code_sequence (prefix, last) values ($1, 1) on conflict (prefix) do update set last = catalog.code_sequence.last + 1 returning last',
    [prefix],
  );
  const width = Number(/\{sequence:(\d)\}$/.exec(order.template)?.[1]);
  const code = `${prefix}${String(next?.last).padStart(width, '0')}`;
  await tx.run('insert into catalog.resource_code (code, entry, assigned_at) values ($1, $2, $3)', [code, entry.id, order.now]);
  return code;
}

async function categoryNumber(tx: Transaction, entry: Entry): Promise<number> {
  // Two first uses at one time would get one number.
  await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 8714010))', [`category ${entry.resourceClass}`]);
  await tx.run(
    `insert into catalog.category (class, category, number) select $1, $2, coalesce(max(number), 0) + 1 from catalog.category where class = $1 on conflict do nothing`,
    [entry.resourceClass, entry.category.trim()],
  );
  const row = await tx.first<{ number: number }>('select number from catalog.category where class = $1 and category = $2', [
    entry.resourceClass,
    entry.category.trim(),
  ]);
  if (!row) throw new Error(`category ${entry.category} was not kept`);
  return row.number;
}
