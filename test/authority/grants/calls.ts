/** Random calls: right ones with the value disguised as callers write it, and every way of being wrong. */
import fc from 'fast-check';
import { type FieldName, liveOnes, type Meant, type World, written } from './world.ts';

export interface RandomCall {
  readonly service: string;
  readonly secret: string | null;
  /** Whose key it is; undefined when the secret opens nothing. */
  readonly grant: Meant | undefined;
  readonly body: unknown;
  /** The stored value that the written one stands for; undefined where it stands for none. */
  readonly stored: string | undefined;
}

/** Whole numbers from 0, each as likely as another. */
const upTo = (most: number) => fc.noBias(fc.nat(most));
const plan = fc.record({
  // Three of five calls carry the key of a live grant.
  live: upTo(9),
  which: upTo(1000),
  secret: upTo(59),
  service: upTo(29),
  body: upTo(59),
  page: upTo(29),
  wrong: upTo(29),
  field: fc.constantFrom<FieldName>('idNumber', 'idNumber', 'street', 'birth', 'height'),
  of: upTo(10_000),
  disguise: upTo(4),
  limit: fc.option(upTo(1000), { freq: 3, nil: null }),
  offset: fc.constantFrom(undefined, 0, 0, 1, 3),
});

const bodies = (ok: Record<string, unknown>): unknown[] => [
  null,
  [],
  'x',
  3,
  true,
  {},
  { value: ok['value'] },
  { ...ok, field: 7 },
  { ...ok, more: 1 },
  { ...ok, fields: ['idNumber'] },
];
const foreign = ['name', 'nowhere', '_key', "x' or 1=1", '__proto__', 'IDNUMBER', ''];
const pages = (most: number): Record<string, unknown>[] => [
  { limit: 0 },
  { limit: most + 1 },
  { limit: 1.5 },
  { limit: '5' },
  { limit: null },
  { offset: -1 },
  { offset: 100_001 },
  { offset: '0' },
];
const noValue: Readonly<Record<string, readonly unknown[]>> = {
  any: [null, undefined, ['x'], {}, '', '　', 'x'.repeat(201), 'a\0b', '\ud800', true],
  idNumber: [7],
  street: [0.5],
  birth: ['1990-02-30', '19900102', 19900102, '昨天'],
  height: ['1e30', 'abc', 1e30, '１.２.３', '0x10'],
};
const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const fullWidth = (text: string): string =>
  [...text].map((c) => (c >= '!' && c <= '~' ? String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0) : c)).join('');

/** Ways in which a caller may write a stored value. */
function disguises(field: FieldName, stored: string): unknown[] {
  if (field === 'idNumber') return [stored, stored.toLowerCase(), fullWidth(stored), `　${stored} `, stored];
  if (field === 'height') return [stored, stored.includes('.') ? `${stored}00` : `${stored}.0`, Number(stored), ` ${stored}`, stored];
  return [stored, ` ${stored}　`, fullWidth(stored), stored, stored];
}

/** A thousand random calls for a world, or as many as are asked for. */
export function callsFor(world: World, count: number, seed: number): RandomCall[] {
  return fc.sample(plan, { numRuns: count, seed }).map((p): RandomCall => {
    const others = world.grants.slice(liveOnes);
    const grant = p.live < 6 ? at(world.grants.slice(0, liveOnes), p.which) : at(others, p.which);
    const secrets = [null, 'x', `${grant.secret}x`, `cs_0000000000000000_${'a'.repeat(43)}`, at(world.deleted, p.which).secret];
    const opens = p.secret >= secrets.length;
    const service =
      p.service === 0 ? at(['nowhere', 'x', "a' or 1=1"], p.which) : p.service === 1 ? at(world.services, p.which).id : grant.service.id;
    const person = at(world.people, p.of);
    const held = person[p.field];
    const missing = p.field === 'birth' ? '1981-07-14' : p.field === 'height' ? '424242.5' : '无此值';
    const stored = held === null ? missing : p.field === 'height' ? written(held, world.env) : held;
    const disguised = at(disguises(p.field, stored), p.disguise);
    // A JSON number holds only some decimals exactly; the others are sent as text.
    const value = typeof disguised === 'number' && String(disguised) !== stored ? stored : disguised;
    const ok = {
      field: p.field,
      value,
      ...(p.limit !== null && { limit: 1 + (p.limit % grant.service.limit) }),
      ...(p.offset !== undefined && { offset: p.offset }),
    };
    const common = { service, secret: opens ? grant.secret : at(secrets, p.secret), grant: opens ? grant : undefined };
    if (p.body < 2) return { ...common, body: at(bodies(ok), p.of), stored };
    if (p.body === 2) return { ...common, body: { ...ok, field: at(foreign, p.of) }, stored };
    if (p.page === 0) return { ...common, body: { ...ok, ...at(pages(grant.service.limit), p.of) }, stored };
    if (p.wrong === 0)
      return { ...common, body: { ...ok, value: at([...(noValue['any'] ?? []), ...(noValue[p.field] ?? [])], p.of) }, stored: undefined };
    return { ...common, body: ok, stored };
  });
}
