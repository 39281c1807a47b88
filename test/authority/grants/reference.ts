/**
 * The slow reading of a grant: clause by clause and row by row, from what the grant was meant to say. It shares nothing with the gateway
 * but the evaluator of expressions, whose agreement with PostgreSQL is a proof of its own (`npm run expr:agree`).
 */
import { type Env, type Expr, evaluate } from '#declare/expr/index';
import type { Person } from '../../../src/share/test-sample.ts';
import type { RandomCall } from './calls.ts';
import { type FieldName, type Meant, today, type World, written } from './world.ts';

/** How a call ends. A number is told with its digits, so that none is lost on the way. */
export type Ending =
  | { readonly refusal: string; readonly clause?: string }
  | { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly count: number; readonly more: boolean };

/** What the call must get. */
export function read(world: World, call: RandomCall): Ending {
  if (!world.services.some((s) => s.id === call.service)) return { refusal: 'GATEWAY_SERVICE_UNKNOWN' };
  const grant = call.grant;
  if (!grant) return { refusal: 'GATEWAY_KEY_UNKNOWN' };
  if (grant.altered) return { refusal: 'GATEWAY_SEAL_BROKEN', clause: grant.id };
  if (grant.service.id !== call.service) return { refusal: 'GATEWAY_OTHER_SERVICE', clause: grant.service.id };
  if (grant.revoked) return { refusal: 'GATEWAY_GRANT_REVOKED', clause: today };
  if (today > grant.validTo) return { refusal: 'GATEWAY_GRANT_EXPIRED', clause: grant.validTo };
  if (today < grant.validFrom) return { refusal: 'GATEWAY_GRANT_FUTURE', clause: grant.validFrom };
  const body = call.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { refusal: 'GATEWAY_BODY' };
  if (Object.keys(body).some((name) => !['field', 'value', 'limit', 'offset'].includes(name))) return { refusal: 'GATEWAY_BODY' };
  const { field, limit, offset } = body as { field?: unknown; limit?: unknown; offset?: unknown };
  if (typeof field !== 'string') return { refusal: 'GATEWAY_BODY' };
  const key = grant.service.keys.find((name) => name === field);
  if (key === undefined) return { refusal: 'GATEWAY_FIELD', clause: field };
  const most = whole(limit, 1, grant.service.limit, grant.service.limit);
  const skipped = whole(offset, 0, 100_000, 0);
  if (most === undefined || skipped === undefined) return { refusal: 'GATEWAY_PAGE' };
  if (call.stored === undefined) return { refusal: 'GATEWAY_VALUE', clause: field };
  if (!grant.service.published) return { refusal: 'GATEWAY_NOT_PUBLISHED' };
  const rows: Readonly<Record<string, unknown>>[] = [];
  let matching = 0;
  for (const person of [...world.people].sort((a, b) => (a.idNumber < b.idNumber ? -1 : 1))) {
    const held = person[key];
    if (held === null || (key === 'height' ? written(held, world.env) : held) !== call.stored) continue;
    if (grant.rowFilter !== null && holds(grant, grant.rowFilter, person, world.env) !== true) continue;
    matching += 1;
    if (matching > skipped && rows.length < most) rows.push(shown(world, grant, person));
  }
  return { rows, count: rows.length, more: matching > skipped + most };
}

const whole = (asked: unknown, least: number, most: number, otherwise: number): number | undefined =>
  asked === undefined
    ? otherwise
    : typeof asked === 'number' && Number.isInteger(asked) && asked >= least && asked <= most
      ? asked
      : undefined;

/** One person may be asked about many times under one grant; the answer of the evaluator is kept. */
const verdicts = new WeakMap<Meant, Map<Person, unknown>>();
function holds(grant: Meant, filter: Expr, person: Person, env: Env): unknown {
  const known = verdicts.get(grant) ?? new Map<Person, unknown>();
  verdicts.set(grant, known);
  if (!known.has(person)) known.set(person, evaluate(filter, { ...person }, env));
  return known.get(person);
}

function shown(world: World, grant: Meant, person: Person): Readonly<Record<string, unknown>> {
  const row: Record<string, unknown> = {};
  for (const name of grant.fields) row[name] = shownField(world, grant, name, person[name]);
  return row;
}

function shownField(world: World, grant: Meant, name: FieldName, raw: string | null): unknown {
  const text = name === 'height' && raw !== null ? written(raw, world.env) : raw;
  const show = grant.service.shows[name];
  const element = world.elements[name];
  const mask = show === 'element' ? element.mask : 'mask' in show ? show.mask : null;
  if (mask !== null) return evaluate(mask, { value: text }, world.env);
  const reason = typeof show === 'object' && 'shown' in show ? show.shown : null;
  // Became sensitive, and nobody stated why it is shown as it is.
  if (element.sensitivity >= 3 && reason === null) return element.mask ? evaluate(element.mask, { value: text }, world.env) : '***';
  return name === 'height' && text !== null ? { digits: text } : text;
}
