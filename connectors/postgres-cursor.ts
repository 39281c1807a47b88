/** A column as the cursor of incremental readings: whether it can be one, what it may let slip, and which rows the next reading takes. */
import type { Client } from 'pg';
import { ConnectorRefusal, type CursorRange, type Position, type ReadOrder } from '#declare/connector';
import { againSince, oldestWriter, placeOf, positionAt, type Transactions } from './postgres-position.ts';
import { cellText, identifier, literal, type TableColumn } from './postgres-text.ts';

/** A table or view as the catalog describes it. */
export interface Table {
  readonly oid: string;
  /** Quoted name with its schema. */
  readonly name: string;
  /** Whether rows carry the stamp of the transaction that wrote them; views and foreign tables do not. */
  readonly stamped: boolean;
  readonly columns: readonly TableColumn[];
}

const numbers = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];
const times = ['date', 'timestamp without time zone', 'timestamp with time zone'];
/** Types that hold values no order can place: SQL text of those values. */
const notFinite = (type: string, version: number): readonly string[] => {
  if (times.includes(type)) return [`'infinity'`, `'-infinity'`];
  if (type === 'numeric' && version < 14) return [`'NaN'`];
  return type === 'numeric' || type === 'real' || type === 'double precision' ? [`'NaN'`, `'infinity'`, `'-infinity'`] : [];
};

const unfit = (en: string, zh: string): ConnectorRefusal => new ConnectorRefusal('settings', en, zh);

/**
 * Refuses a column whose type has no order in which rows come: text, random ids, anything that is neither number nor time. A uuid of version 6
 * or 7 begins with its time and is let through by the look at the rows.
 * @throws ConnectorRefusal settings
 */
function demandOrder({ name, type }: TableColumn): void {
  if (numbers.includes(type) || times.includes(type) || type === 'uuid') return;
  throw unfit(
    `column ${name} (${type}) cannot be a cursor: its values have no order in which rows are stored; take a number from a sequence, or a time`,
    `列 ${name}（${type}）不能作游标：它的值没有随写入而增长的次序，请改用序列产生的编号或时间`,
  );
}

/** Refuses a column that holds values which are absent, not finite or random. @throws ConnectorRefusal settings */
async function demandValues(client: Client, table: Table, column: TableColumn): Promise<void> {
  const value = identifier(column.name);
  const holds = async (condition: string): Promise<boolean> =>
    ((await client.query(`select 1 from ${table.name} where ${condition} limit 1`)).rowCount ?? 0) > 0;
  if (!column.notNull && (await holds(`${value} is null`)))
    throw unfit(
      `cursor column ${column.name} is empty in some rows; it must grow with every row stored`,
      `游标列 ${column.name} 在有些行里是空的，它必须随每一行写入而增长`,
    );
  const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`);
  const strange = notFinite(column.type, Math.floor(Number(rows[0]?.version) / 10_000));
  if (strange.length > 0 && (await holds(`${value} in (${strange.map((s) => `${s}::${column.type}`).join(', ')})`)))
    throw unfit(
      `cursor column ${column.name} holds values that are not finite (infinity or NaN), after which no row comes; have them given real values, or read by another column or as a whole`,
      `游标列 ${column.name} 含有非有限的值（infinity 或 NaN），其后再不会有新行；请部门改成实际的值，或换一列、改为全量`,
    );
  if (column.type === 'uuid' && ((await holds(`substr(${value}::text, 15, 1) not in ('6', '7')`)) || !(await holds('true'))))
    throw unfit(
      `column ${column.name} cannot be a cursor: its uuids are random, a new row may stand before those already read`,
      `列 ${column.name} 不能作游标：它是随机的 uuid，新行可能排在已读的行之前`,
    );
}

/** The sequences that fill a column, or null where its values are not handed out in order. */
type Sequences = readonly string[] | null;

/**
 * The ids of the sequences that fill the column of a table without children, each value handed out only to a transaction that holds the sequence. A
 * cached sequence hands out numbers to sessions that store them later, one that counts in steps to applications that do; children fill theirs.
 */
async function filledInOrder(client: Client, table: Table, column: TableColumn): Promise<Sequences> {
  const { rows } = await client.query<{ id: string; good: boolean }>(
    `select s.seqrelid::text as id, s.seqcache = 1 and s.seqincrement = 1 and not s.seqcycle
       and not exists (select 1 from pg_inherits i where i.inhparent = a.attrelid) as good
     from pg_sequence s
     join pg_attribute a on a.attrelid = $1::oid and a.attname = $2
     where exists (select 1 from pg_depend d join pg_attrdef f on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid
         where d.refclassid = 'pg_class'::regclass and d.refobjid = s.seqrelid and f.adrelid = a.attrelid and f.adnum = a.attnum)
       or exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = s.seqrelid and d.deptype = 'i'
         and d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid and d.refobjsubid = a.attnum)`,
    [table.oid, column.name],
  );
  return rows.length > 0 && rows.every((row) => row.good) ? rows.map((row) => row.id) : null;
}

const hasChildren = async (client: Client, table: Table): Promise<boolean> =>
  ((await client.query('select 1 from pg_inherits where inhparent = $1::oid limit 1', [table.oid])).rowCount ?? 0) > 0;

/**
 * Refuses a position whose value the type of the column cannot hold any more.
 * @throws ConnectorRefusal behind
 */
export async function demandStill(client: Client, { name, type }: TableColumn, value: string): Promise<void> {
  try {
    await client.query(`select $1::text::${type}`, [value]);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('22'))) throw cause;
    throw new ConnectorRefusal(
      'behind',
      `the cursor stands at ${value}, which is no ${type} as ${name} is now; set the cursor back`,
      `游标停在 ${value}，列 ${name} 现在的类型 ${type} 装不下它；请退回游标`,
    );
  }
}

/** What the machine may tell of a cursor that can let rows slip: why, in both languages. */
export interface CursorWarning {
  readonly zh: string;
  readonly en: string;
}

/** Judges a column as cursor and says what it may let slip. @throws ConnectorRefusal settings */
export async function judgeCursor(client: Client, table: Table, column: TableColumn): Promise<readonly CursorWarning[]> {
  demandOrder(column);
  if (table.stamped && !column.notNull)
    throw unfit(
      `column ${column.name} cannot be a cursor: it may be empty, and a row without a value would never be read; have it declared not null`,
      `列 ${column.name} 不能作游标：它可以为空，空值的行永远读不到；请先在库里设为 not null`,
    );
  await demandValues(client, table, column);
  const warned: CursorWarning[] = [];
  if (!table.stamped)
    warned.push({
      zh: '视图和外部表的行没有写入标记：晚提交的行、改动和删除只能由对账发现',
      en: 'rows of views and foreign tables carry no stamp: rows committed late, changes and deletes are found by reconciliation only',
    });
  if (times.includes(column.type) || column.type === 'uuid')
    warned.push({
      zh: '时间不按提交的先后增长：每次读取都要查看整张表的写入标记',
      en: 'times do not grow in the order of commits: every reading looks through the stamps of the whole table',
    });
  else if (table.stamped && (await filledInOrder(client, table, column)) === null)
    warned.push({
      zh: '编号不是由本列自己的、逐一发号、不缓存的序列产生的，或表有分区或子表：每次读取都要查看整张表的写入标记',
      en: 'numbers do not come one by one from an uncached sequence of this column, or the table has partitions or children: every reading looks through the stamps of the whole table',
    });
  if (await hasChildren(client, table))
    warned.push({
      zh: '挂接上来的分区里较早写入的行，只能由对账发现',
      en: 'rows that a partition held before it was attached are found by reconciliation only',
    });
  return warned;
}

/** Which rows a reading takes, as SQL conditions over the table, and where it gets to. */
export interface Range {
  readonly where: string;
  /** True for rows that may have been read before; the machine lands those that the ledger lacks. */
  readonly again: string;
  /** True for rows that a reading without ranges would have taken, or that were written since the rows were counted. */
  readonly anyway: string;
  /** Null while the table is empty. */
  readonly position: Position | null;
}

/** The instant of the server as a value of the column's type; times without zone are taken for those of Shanghai. */
const nowAs = (type: string): string =>
  type === 'timestamp with time zone' ? 'now()' : `(now() at time zone 'Asia/Shanghai')::${type === 'date' ? 'date' : 'timestamp'}`;

/**
 * Looks at the cursor and the writers, then begins the transaction of the reading by `begin`, whose first question takes the snapshot.
 * @throws ConnectorRefusal settings where the column is no cursor, behind where its greatest value lies below the position
 */
export async function beginAfter(
  client: Client,
  table: Table,
  column: TableColumn,
  { since, ranges }: Pick<ReadOrder, 'since' | 'ranges'>,
  begin: string,
): Promise<Range> {
  demandOrder(column);
  await demandValues(client, table, column);
  if (since !== null) await demandStill(client, column, since.value);
  const value = identifier(column.name);
  const isTime = times.includes(column.type);
  const cast = (text: string): string => `${literal(text)}::${column.type}`;
  const text = cellText(column);
  const given = since === null ? `null::${column.type}` : cast(since.value);
  const present = `${value} is not null`;
  const greatest = (condition: string): string =>
    `(select ${value} as value, ${text} as text from ${table.name} where ${condition} order by ${value} desc limit 1)`;
  const { rows } = await client.query<Look>(
    `select last.text as last, reached.text as reached, reached.value > ${given} as grown, coalesce(last.value < ${given}, ${given} is not null) as behind,
       ${isTime ? `(${nowAs(column.type)})::text` : `''`} as now,
       txid_snapshot_xmin(txid_current_snapshot())::text as oldest, txid_snapshot_xmax(txid_current_snapshot())::text as next
     from (select 1) one left join ${greatest(present)} last on true
       left join ${greatest(isTime ? `${value} <= ${nowAs(column.type)}` : present)} reached on true`,
  );
  const found = rows[0];
  if (found === undefined) throw new Error('the server answers a question without a row');
  if (since !== null && found.behind && !ranges)
    throw new ConnectorRefusal(
      'behind',
      `the greatest ${column.name} is ${found.last ?? 'absent'}, the cursor stands at ${since.value}`,
      `${column.name} 的最大值是${found.last === null ? '空' : ` ${found.last}`}，游标在 ${since.value}`,
    );
  const snapshot: Transactions = { oldest: BigInt(found.oldest), next: BigInt(found.next) };
  const { cluster, relation, isStandby } = await placeOf(client, table.oid);
  const place = { cluster, relation };
  const isCounted = table.stamped && !isStandby && !isTime && column.type !== 'uuid';
  const sequences = isCounted ? await filledInOrder(client, table, column) : null;
  const from = !table.stamped ? null : sequences ? await oldestWriter(client, [table.oid, ...sequences], snapshot) : snapshot.oldest;
  await client.query(begin);

  // A time that lies ahead is read and does not move the cursor, or nothing would come after it; so all rows of a time may come again.
  const reached = found.reached ?? (isTime && found.last !== null ? '-infinity' : null);
  const ahead = isTime ? ` or ${value} > ${literal(found.now)}::${column.type}` : '';
  const bound = reached === null ? 'false' : `(${value} <= ${cast(reached)}${ahead})`;
  const at = (text: string): Position => positionAt(text, { ...place, from: from === null ? null : String(from) });
  if (since === null) return { where: bound, again: 'false', anyway: 'true', position: reached === null ? null : at(reached) };
  const low = `${value} <= ${given}`;
  const again = againSince(since, place, snapshot);
  const picked = (which: string): string => (which === 'all' ? low : which === 'nothing' ? 'false' : `(${low} and ${which})`);
  // Rows of a view that were stored late with the value of the cursor itself have no stamp to be known by.
  const after = `${value} ${table.stamped ? '>' : '>='} ${given}`;
  const grown = `${after} and ${bound}`;
  return {
    where: [grown, picked(again.rows), ...(ranges ?? []).map((r) => rangeSql(column, r, since.value, cast))].join(' or '),
    anyway: `(${grown} or ${picked(again.late)})`,
    again: again.rows === 'all' || isTime || !table.stamped ? 'true' : low,
    position: at(reached !== null && found.grown === true ? reached : since.value),
  };
}

/**
 * SQL condition of the rows of a range, up to the value `upTo` of the position. Times that lie ahead of it have been read and belong to no range
 * yet. `spell` writes a value as SQL of the column's type.
 */
export const rangeSql = ({ name }: TableColumn, { from, to }: CursorRange, upTo: string, spell: (text: string) => string): string => {
  const value = identifier(name);
  const above = from === null ? '' : ` and ${value} >= ${spell(from)}`;
  return `(${to === null ? `${value} <= ${spell(upTo)}` : `${value} < ${spell(to)}`}${above})`;
};

/** A look before the snapshot: the greatest value, the greatest that lies not ahead of `now`, and the transactions. */
interface Look {
  readonly last: string | null;
  readonly reached: string | null;
  readonly grown: boolean | null;
  readonly behind: boolean;
  readonly now: string;
  readonly oldest: string;
  readonly next: string;
}
