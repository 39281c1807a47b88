/**
 * Membership in a code list, for DuckDB. It compares a long `in (…)` item by item wherever its optimizer does not make a join of it, and one
 * disjunct for each interval makes hundreds of joins; a subquery is one hash join wherever it stands.
 */

import { inForce, type NodeOf } from '#declare/expr/index';
import { type Spelling, withAbsent } from './spelling.ts';
import { codes, oneOf } from './standard.ts';
import { inListAt, intervals } from './validity.ts';

/** Up to here every item may be a step of its own: each takes 32 KiB a thread for every place it stands in, and time to plan. */
const FEWEST = 8;
/** Up to here one pattern asks for all of them, at 70 ns a value; a join wherever an element stands took seconds to plan (tried: 2 s for a file of 3 columns). */
const FEW = 128;
/** Names that no column has, so that inside the subquery the operand still means the outer row. */
const [LIST, CODE, FROM, TO, CODES] = ['"~list"', '"~code"', '"~from"', '"~to"', '"~codes"'];

/** Membership whatever the day. */
export function inDuckdbList(e: NodeOf<'inList'>, s: Spelling): string {
  return withAbsent(member(s.of(e.of), codes(s.env.codeList(e.list)), s), e.absent);
}

/** Membership on a day. */
export function inDuckdbListAt(e: NodeOf<'inListAt'>, s: Spelling): string {
  const items = s.env.codeList(e.list);
  if (items.length <= FEW || s.flat === s) return inListAt(e, s);
  const day = e.at.kind === 'today' ? s.env.today : e.at.kind === 'date' ? e.at.value : undefined;
  const operand = s.of(e.of);
  if (day !== undefined) return withAbsent(member(operand, codes(items.filter((item) => inForce(item, day))), s), e.absent);
  const at = s.of(e.at);
  const groups = intervals(items).map(
    ({ from, to, codes }) => `(date '${from ?? '0001-01-01'}', date '${to ?? '9999-12-31'}', ${array(codes, s)})`,
  );
  const list = `select ${FROM}, ${TO}, unnest(${CODES}) as ${CODE} from (values ${groups.join(', ')}) as ${LIST}(${FROM}, ${TO}, ${CODES})`;
  const found = `exists (select 1 from (${list}) as ${LIST} where ${CODE} = ${operand} and ${at} between ${FROM} and ${TO})`;
  return withAbsent(`(case when ${operand} is not null and ${at} is not null then ${found} end)`, e.absent);
}

function member(operand: string, items: readonly string[], s: Spelling): string {
  if (items.length <= FEWEST || (items.length > FEW && s.flat === s)) return oneOf(operand, items, s);
  if (items.length <= FEW) return `regexp_full_match(${operand}, ${s.text(`(?:${items.map(literally).join('|')})`)})`;
  return `(${operand} in (select unnest(${array(items, s)})))`;
}

/** A text as RE2 reads it literally. */
const literally = (text: string): string => text.replace(/[\\^$.[\]|()?*+{}]/gu, '\\$&');

function array(items: readonly string[], s: Spelling): string {
  return `[${items.map((item) => s.text(item)).join(', ')}]`;
}
