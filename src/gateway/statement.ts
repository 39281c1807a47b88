/** The one statement a grant is read by, per key field: masks and row condition spelled in, keys and pages bound. */
import { createHash } from 'node:crypto';
import type { DocumentOf, FieldType } from '#declare';
import { bind, col, dateText, type Expr, instantText, numberText } from '#declare/expr/index';
import { servedColumn } from '#kernel/sql/own';
import { identifier } from '#kernel/sql/quote';
import { columnType, type SpellEnv, spell } from '#kernel/sql/spell';
import { type ShownField, servingTable } from '#share';

/** A statement with the name under which a connection keeps it prepared. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What a statement is made from. */
export interface Readable {
  readonly grant: Pick<DocumentOf<'grant'>, 'service' | 'serviceVersion' | 'rowFilter'>;
  readonly shown: readonly ShownField[];
  /** Field it is asked by, and that field's type. */
  readonly key: string;
  readonly keyType: FieldType;
}

// No field begins with an underscore, so none can be taken for one of these.
const row = '_t';
const column = (name: string): string => `${row}.${servedColumn(name)}`;

/**
 * Reads many keys at once: `$1` their values, `$2` and `$3` the limit and offset of each. Each row comes back as the place of its key
 * (from 1) and its JSON text, in the order of the serving key.
 */
export function statementFor(readable: Readable, env: Pick<SpellEnv, 'today' | 'codeList'>): Statement {
  const { grant, key, keyType } = readable;
  const spelling: SpellEnv = { today: env.today, codeList: (id) => env.codeList(id), column };
  const fields = readable.shown.map((s) => `${shownSql(s, spelling)} as ${identifier('postgres', s.field.name)}`);
  // A condition that is unknown for a row does not let it through.
  const filter = grant.rowFilter ? ` and (${spell(grant.rowFilter, 'postgres', spelling)}) is true` : '';
  const text = `select _k.n::integer as n, row_to_json(_r)::text as j
    from unnest($1::${columnType('postgres', keyType)}[], $2::integer[], $3::integer[]) with ordinality as _k(v, l, o, n)
    cross join lateral (
      select ${fields.join(', ')} from serving.${identifier('postgres', servingTable(grant.service, grant.serviceVersion))} as ${row}
      where ${column(key)} = _k.v${filter} order by ${row}._key limit _k.l offset _k.o
    ) as _r`;
  return { name: `g${createHash('sha256').update(text).digest('base64url').slice(0, 40)}`, text };
}

/** A masked field is text: the mask reads the value as it would be written. */
function shownSql({ field, mask }: ShownField, env: SpellEnv): string {
  if (mask) return spell(bind(mask, { value: asText(field.name, field.type) }), 'postgres', env);
  if (field.type === 'instant') return spell(asText(field.name, 'instant'), 'postgres', env);
  return field.type === 'number' ? numberSql(column(field.name)) : column(field.name);
}

/** Writes a number as JSON: as a number where a reader of JSON into doubles gets it back unchanged, else as its text. */
function numberSql(sql: string): string {
  return `case when cast(cast(cast(${sql} as double precision) as text) as numeric) = ${sql} then to_jsonb(trim_scale(${sql})) else to_jsonb(cast(trim_scale(${sql}) as text)) end`;
}

/** The value of a field as text: a day YYYY-MM-DD, an instant in the zone setting, a number without trailing zeros. */
export const asText = (field: string, type: FieldType): Expr =>
  type === 'date'
    ? dateText(col(field, 'date'))
    : type === 'instant'
      ? instantText(col(field, 'instant'))
      : type === 'number'
        ? numberText(col(field, 'number'))
        : col(field, 'text');
