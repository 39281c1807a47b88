/** What stands in a table up to a cursor value, counted and digested on the server by ranges of the cursor: the other half of a reconciliation. */
import type { Client } from 'pg';
import type { Position, Tally, TallyOrder } from '#declare/connector';
import { demandStill, rangeSql, type Table } from './postgres-cursor.ts';
import { againSince, openWriters, placeOf, positionAt } from './postgres-position.ts';
import { cellText, identifier, type TableColumn } from './postgres-text.ts';

/** One question takes no longer than this, nor longer than the department lets the user's statements take. */
const longestMs = 60_000;

/**
 * Counts the rows of a range; with a salt also digests them by the definition beside `receiptSqlOf`, with the salt before the text of each row. No digest of
 * a value leaves the server without it. One statement, inside the transaction that `begin` opens. Nothing is sorted.
 */
export async function tallyOf(client: Client, table: Table, order: TallyOrder, begin: string): Promise<Tally> {
  const { source, since, range, edges, salt } = order;
  const column = (wanted: string): TableColumn => table.columns.find((c) => c.name === wanted) as TableColumn;
  const { rows: told } = await client.query<{ ms: string; encoding: string }>(
    `select reset_val as ms, current_setting('server_encoding') as encoding from pg_settings where name = 'statement_timeout'`,
  );
  const own = Number(told[0]?.ms ?? 0);
  const writers = await openWriters(client, table.oid);
  const place = await placeOf(client, table.oid);
  if (since !== null && source.cursor !== null) await demandStill(client, column(source.cursor), since.value);
  // As a reading does, it holds the table before its snapshot: one that is rewritten in between would look empty.
  const lock = table.stamped ? `; lock table ${table.name} in access share mode` : '';
  await client.query(`${begin}; set local statement_timeout = ${own > 0 ? Math.min(own, longestMs) : longestMs}${lock}`);
  if (since === null || source.cursor === null) {
    const { rows } = await client.query<{ n: string }>(`select count(*)::text as n from ${table.name}`);
    return { parts: [{ count: Number(rows[0]?.n), sum: '0' }], greatest: null, since: null, writers };
  }
  const cursor = column(source.cursor);
  const value = identifier(cursor.name);
  const params: (string | readonly string[])[] = [];
  const bound = (text: string | readonly string[], type: string): string => {
    params.push(text);
    return typeof text === 'string' ? `$${params.length}::text::${type}` : `$${params.length}::text[]::${type}[]`;
  };
  const where = rangeSql(cursor, range, since.value, (text) => bound(text, cursor.type));
  const part = edges.length === 0 ? '0' : `width_bucket(${value}, ${bound(edges, cursor.type)})`;
  const sum =
    salt === null
      ? '0'
      : `sum(('x' || left(md5(convert_to(${bound(salt, 'text')} || ${rowText(source.columns, told[0]?.encoding === 'SQL_ASCII')}, 'UTF8')), 15))::bit(60)::bigint)`;
  const cells = source.columns.map((c, i) => `${cellText(column(c))} as c${i}`).join(', ');
  const { rows } = await client.query<{ part: number; count: string; sum: string }>(
    `select part, count(*)::text as count, (${sum})::text as sum from (select ${part} as part, ${cells} from ${table.name} where ${where}) cells group by 1`,
    params,
  );
  const found = new Map(rows.map((r) => [r.part, { count: Number(r.count), sum: r.sum }]));
  const parts = Array.from({ length: edges.length + 1 }, (_, i) => found.get(i) ?? { count: 0, sum: '0' });
  let greatest: string | null = null;
  if (range.from === null) {
    const { rows: last } = await client.query<{ text: string }>(
      `select ${cellText(cursor)} as text from ${table.name} where ${value} is not null order by ${value} desc limit 1`,
    );
    greatest = last[0]?.text ?? null;
  }
  return { parts, greatest, since: withCount(table, since, place), writers };
}

/** The texts of the columns, each with its length: see `receiptSqlOf`. A database without an encoding counts bytes, where UTF-8 is read of it. */
const rowText = (columns: readonly string[], isAscii: boolean): string => {
  const length = (text: string): string => (isAscii ? `length(convert_to(${text}, 'UTF8'), 'UTF8')` : `char_length(${text})`);
  return columns.map((_, i) => `coalesce(${length(`c${i}`)} || ':' || c${i}, '~')`).join(' || ');
};

/** The position from which a reading also sees what was written since the rows were counted. */
function withCount(table: Table, since: Position, place: Awaited<ReturnType<typeof placeOf>>): Position {
  const { cluster, relation, now, snapshot } = place;
  if (!table.stamped || againSince(since, place, now).rows === 'all') return since;
  const { from } = JSON.parse(since.mark as string) as { from: string | null };
  return positionAt(since.value, { cluster, relation, from, counted: snapshot });
}
