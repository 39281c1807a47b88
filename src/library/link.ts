/**
 * Linking and choosing, in the warehouse's SQL. Things are the same when their strong key is; a thing is named after its earliest member
 * in the ledger, so that its name survives every rebuild and every change of its values.
 */
import { currentView, governedTable, newestOrder } from '#govern';
import { textSql } from '#kernel/sql/kept';
import { own } from '#kernel/sql/own';
import { literal } from '#kernel/sql/quote';
import { columnType } from '#kernel/sql/spell';
import type { Feed, LibraryPlan } from './feeds.ts';
import { claimTable, columnName, goldenTable, originColumn } from './tables.ts';

const text = (value: string): string => literal('duckdb', value);
/** Column of a feed with its text for a field of the library. */
const givenColumn = (field: string): string => columnName(own(`given_${field}`));

/** Statements that make the table of claims anew in one transaction. */
export function claimStatements(plan: LibraryPlan): readonly string[] {
  const table = claimTable(plan.library.id);
  if (plan.feeds.length === 0)
    return [
      `create or replace table ${table} (_entity VARCHAR, field VARCHAR, "value" VARCHAR, "table" VARCHAR, ordinal INTEGER, batch BIGINT, "row" BIGINT, "rank" INTEGER)`,
    ];
  const feeds = plan.feeds.map((f, i) => `feed_${i} as materialized (${feedSql(plan, f)})`);
  const claims = plan.library.fields.map((f) => fieldSql(plan, f.name)).filter((sql) => sql !== '');
  return [
    `create or replace table ${table} as
    with entity as materialized (${entitySql(plan)}),
    ${feeds.join(',\n')}
    ${claims.join('\nunion all\n')}`,
  ];
}

/**
 * Statements that make the golden records anew from the first claims: every record has one of its strong key, beside which those of the other fields
 * are put. Grouping the claims by record instead takes twice the time.
 */
export function goldenStatements(plan: LibraryPlan): readonly string[] {
  const { id, strongKey } = plan.library;
  const first = (field: string): string =>
    `(select _entity, "value" as v, {'table': "table", 'batch': batch, 'ordinal': ordinal, 'row': "row"} as origin from ${claimTable(id)} where "rank" = 1 and field = ${text(field)})`;
  const aliases = new Map(plan.fields.map((f, i) => [f.name, f.name === strongKey ? own('strong') : own(`first${i}`)]));
  const columns = plan.fields.flatMap((f) => {
    const alias = aliases.get(f.name);
    const value = f.type === 'text' ? `${alias}.v` : `cast(${alias}.v as ${columnType('duckdb', f.type)})`;
    return [`${value} as ${columnName(f.name)}`, `${alias}.origin as ${originColumn(f.name)}`];
  });
  const joins = [...aliases].flatMap(([field, alias]) =>
    field === strongKey ? [] : [`left join ${first(field)} as ${alias} on ${alias}._entity = ${own('strong')}._entity`],
  );
  return [
    `create or replace table ${goldenTable(id)} as select ${own('strong')}._entity, ${columns.join(', ')} from ${first(strongKey)} as ${own('strong')} ${joins.join('\n')} order by ${own('strong')}._entity`,
  ];
}

/**
 * Members of every thing, history included: the earliest in ledger order gives its name. `_thing` numbers the things of this statement: ranking by a
 * number takes half the time of ranking by an identity number.
 */
function entitySql(plan: LibraryPlan): string {
  const members = plan.feeds.map(
    (f) => `select ${strongKey(plan, f)} as _k, ${text(f.table)} as _t, _ordinal, _row, _key, _batch * 4294967296 + _row as _place
      from ${governedTable(f.table)} where ${strongKey(plan, f)} is not null`,
  );
  return `select _k as _strong, row_number() over () as _thing, md5(_first.t || chr(31) || _first.o || chr(31) || _first.r || chr(31) || coalesce(_first.key, '')) as _entity
    from (select _k, arg_min({'t': _t, 'o': _ordinal, 'r': _row, 'key': _key}, _place) as _first from (${members.join('\nunion all\n')}) group by _k)`;
}

/** Current rows of one feed with every mapped field as text, and their age among the rows of the same thing: 1 is the latest word. */
function feedSql(plan: LibraryPlan, feed: Feed): string {
  const fields = [...feed.map].map(([field, { column, type }]) => `${textSql(type, columnName(column))} as ${givenColumn(field)}`);
  const newest = feed.newest ? `${newestOrder(feed.newest.type, columnName(feed.newest.column), feed.hasMoment)}, ` : '';
  // Where a source tells its rows in the order in which they were written the last is the newest; of a file the first is taken.
  const within = feed.isIncremental ? '_row desc' : '_row';
  const k = strongKey(plan, feed);
  return `select _thing, _entity, ${fields.join(', ')}, _batch, _ordinal, _row, row_number() over (partition by _thing order by ${newest}_batch desc, ${within}) as _age
    from ${currentView(feed.table)} join entity on entity._strong = ${k}`;
}

/**
 * The claims of one field from every feed that gives it, ranked by trust. Of several rows of a feed only the newest ranks, with all it says and all
 * it leaves out: a record is never put together from two rows of one source. What the others say has no rank.
 */
function fieldSql(plan: LibraryPlan, field: string): string {
  const trusted = plan.trust.get(field) ?? [];
  const parts = plan.feeds.flatMap((f, i) =>
    f.map.has(field)
      ? [
          `select _thing, _entity, ${givenColumn(field)} as "value", ${text(f.table)} as "table", _ordinal as ordinal, _batch as batch, _row as "row", ${trusted.indexOf(f.table)} as trust, _age as age
          from feed_${i} where ${givenColumn(field)} is not null`,
        ]
      : [],
  );
  if (parts.length === 0) return '';
  return `select _entity, ${text(field)} as field, "value", "table", ordinal, batch, "row", case when age = 1 then cast(row_number() over (partition by _thing order by age > 1, trust) as INTEGER) end as "rank"
    from (${parts.join('\nunion all\n')})`;
}

function strongKey(plan: LibraryPlan, feed: Feed): string {
  const { column, type } = feed.map.get(plan.library.strongKey) as NonNullable<Feed['newest']>;
  return textSql(type, columnName(column));
}
