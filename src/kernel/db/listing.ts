/** Lists on the server, one way for all: conditions with bound values, an order among the columns that are named for it, a page, and the count under the same conditions. */
import type { Filter } from '../policy/policy.ts';
import type { Db } from './pool.ts';

/** SQL of the code's own with a `?` for each value that follows. */
export type Sql = readonly [text: string, ...values: unknown[]];

/** What a list is of. */
export interface Listing {
  /** The select list. */
  readonly columns: string;
  /** What stands behind `from`. */
  readonly from: Sql;
  readonly where: readonly Sql[];
  /** What may be sorted by, under the names that the address uses. */
  readonly sorts?: Readonly<Record<string, string>>;
  /** The order when nothing is asked for, and among equals; it must be total. */
  readonly order: string | Sql;
}

/** The page that is asked for; `sort` is a name, with a minus before it for descending. */
export interface PageOrder {
  readonly limit: number;
  readonly offset: number;
  readonly sort?: string | undefined;
}

/** A condition when there is a value for it; every `?` stands for the same value. */
export const when = (value: unknown, text: string): readonly Sql[] =>
  value === undefined || value === '' ? [] : [[text, ...Array.from({ length: text.split('?').length - 1 }, () => value)]];

/** A text that contains what is looked for, whatever its case; several columns are one or the other. */
export const contains = (q: string | undefined, ...columns: readonly string[]): readonly Sql[] =>
  when(q && `%${q.replace(/[\\%_]/g, '\\$&')}%`, `(${columns.map((c) => `${c} ilike ?`).join(' or ')})`);

/** Instants between two days of the city's calendar, both included. */
export const within = (column: string, from: string | undefined, to: string | undefined): readonly Sql[] => [
  ...when(from, `${column} >= ?::date`),
  ...when(to, `${column} < ?::date + 1`),
];

/** What a policy lets somebody see, by the columns that hold the departments a thing concerns. */
export const seenIn = (filter: Filter, ...columns: readonly string[]): Sql =>
  filter.kind === 'department'
    ? [`(${columns.map((c) => `${c} = ?`).join(' or ')})`, ...columns.map(() => filter.department)]
    : [filter.kind === 'all' ? 'true' : 'false'];

/** Puts parts together and numbers the values. */
export function numbered(...parts: readonly (string | Sql)[]): { readonly sql: string; readonly params: readonly unknown[] } {
  const params: unknown[] = [];
  const sql = parts
    .map((part) => {
      if (typeof part === 'string') return part;
      const [text, ...values] = part;
      let next = 0;
      const said = text.replaceAll('?', () => `$${params.push(values[next++])}`);
      if (next !== values.length) throw new Error(`${values.length} values for ${next} places: ${text}`);
      return said;
    })
    .join(' ');
  return { sql, params };
}

/** Joins conditions by `and`. */
export const conditions = (all: readonly Sql[]): Sql => [
  all.length === 0 ? 'true' : all.map(([text]) => `(${text})`).join(' and '),
  ...all.flatMap(([, ...values]) => values),
];

/** The order of a page. A name that is not in the list is a mistake of ours: what comes from outside was held against the names before. */
export function orderOf({ sorts = {}, order }: Pick<Listing, 'sorts' | 'order'>, sort: string | undefined): Sql {
  const [usual, ...values] = typeof order === 'string' ? [order] : order;
  if (sort === undefined) return [`order by ${usual}`, ...values];
  const column = sorts[sort.replace(/^-/, '')];
  if (column === undefined) throw new Error(`the list has no order by ${sort}`);
  return [`order by ${column} ${sort.startsWith('-') ? 'desc' : 'asc'} nulls last, ${usual}`, ...values];
}

/** One page and the count of all. */
export async function pageFrom<T>(db: Db, list: Listing, page: PageOrder): Promise<{ rows: T[]; count: number }> {
  const body: readonly (string | Sql)[] = ['from', list.from, 'where', conditions(list.where)];
  const counting = numbered('select count(*) as n', ...body);
  const count = (await db.first<{ n: number }>(counting.sql, counting.params))?.n ?? 0;
  const paging = numbered(`select ${list.columns}`, ...body, orderOf(list, page.sort), ['limit ? offset ?', page.limit, page.offset]);
  return { count, rows: await db.rows<T>(paging.sql, paging.params) };
}

const collator = new Intl.Collator('zh-Hans-CN', { numeric: true });

/** A page of what is in memory already (documents and accounts are few), by the same names of orders. */
export function pageOfAll<T>(
  rows: readonly T[],
  sorts: Readonly<Record<string, (row: T) => string | number | null | undefined>>,
  page: PageOrder,
): { rows: T[]; count: number } {
  const by = page.sort === undefined ? undefined : sorts[page.sort.replace(/^-/, '')];
  if (page.sort !== undefined && !by) throw new Error(`the list has no order by ${page.sort}`);
  const sign = page.sort?.startsWith('-') ? -1 : 1;
  const sorted = by
    ? rows.toSorted((a, b) => {
        const [x, y] = [by(a) ?? null, by(b) ?? null];
        // What has no value comes last, whichever way.
        if (x === null || y === null) return Number(x === null) - Number(y === null);
        return sign * (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y)));
      })
    : rows;
  return { rows: sorted.slice(page.offset, page.offset + page.limit), count: rows.length };
}

/** True when some of the texts contain what is looked for, whatever its case. */
export const says = (q: string | undefined, ...texts: readonly (string | null | undefined)[]): boolean =>
  !q || texts.some((t) => t?.toLowerCase().includes(q.toLowerCase()) ?? false);
