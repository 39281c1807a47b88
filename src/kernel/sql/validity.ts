/** Membership in a code list on a day: items grouped by the interval in which they are in force. */

import { type CodeListItem, inForce, type NodeOf } from '#declare/expr/index';
import { balanced, type Spelling, withAbsent } from './spelling.ts';
import { codes, oneOf } from './standard.ts';

/** The shared spelling. On a constant day only the items in force are listed; otherwise one disjunct stands for each interval, the largest first. */
export function inListAt(e: NodeOf<'inListAt'>, s: Spelling): string {
  const items = s.env.codeList(e.list);
  const day = e.at.kind === 'today' ? s.env.today : e.at.kind === 'date' ? e.at.value : undefined;
  const operand = s.of(e.of);
  if (day !== undefined) return withAbsent(oneOf(operand, codes(items.filter((item) => inForce(item, day))), s), e.absent);
  const at = s.of(e.at);
  const present = `case when ${operand} is not null and ${at} is not null then`;
  const disjuncts = intervals(items).map(({ from, to, codes }) => `(${[oneOf(operand, codes, s), ...bounds(at, from, to)].join(' and ')})`);
  return withAbsent(`(${present} ${disjuncts.length === 0 ? 'false' : balanced(disjuncts, 'or')} end)`, e.absent);
}

type Interval = { readonly from: string | null; readonly to: string | null; readonly codes: string[] };

/** The distinct intervals of a code list with the codes in force during each, the one with most codes first. */
export function intervals(items: readonly CodeListItem[]): Interval[] {
  const groups = Map.groupBy(items, ({ validFrom, validTo }) => `${validFrom}..${validTo}`);
  return [...groups.values()]
    .map((group) => ({ from: group[0]?.validFrom ?? null, to: group[0]?.validTo ?? null, codes: codes(group) }))
    .sort((a, b) => b.codes.length - a.codes.length);
}

function bounds(at: string, from: string | null, to: string | null): string[] {
  return [...(from === null ? [] : [`${at} >= date '${from}'`]), ...(to === null ? [] : [`${at} <= date '${to}'`])];
}
