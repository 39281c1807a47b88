/** Faults planted into what the gateway compiles and remembers: each must be caught by the comparison with the slow reading. */
import { value } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';
import { hashOf } from '#share';
import type { CompiledGrant, CompiledKey } from '../../../src/gateway/compile.ts';
import type { Memory } from '../../../src/gateway/memory.ts';
import { type Readable, statementFor } from '../../../src/gateway/statement.ts';
import { shownFields } from '../../../src/share/shown.ts';
import type { World } from './world.ts';

type Twist = (memory: Memory, world: World, snapshot: Snapshot) => Memory;

const ofGrant =
  (change: (grant: CompiledGrant, snapshot: Snapshot, world: World) => CompiledGrant): Twist =>
  (memory, world, snapshot) => ({
    ...memory,
    grant: async (id) => {
      const compiled = await memory.grant(id);
      return compiled && change(compiled, snapshot, world);
    },
  });
const ofState = (change: (state: CompiledGrant['state']) => Partial<CompiledGrant['state']>): Twist =>
  ofGrant((g) => ({ ...g, state: { ...g.state, ...change(g.state) } }));
const ofKeys = (change: (key: CompiledKey) => CompiledKey): Twist =>
  ofGrant((g) => ({ ...g, keys: new Map([...g.keys].map(([name, key]) => [name, change(key)])) }));
/** Changes the text of every statement; a text that has no such part stays. */
const ofText = (from: RegExp, to: string): Twist =>
  ofKeys((key) => {
    const text = key.statement.text.replaceAll(from, to);
    return text === key.statement.text ? key : { ...key, statement: { name: `f${hashOf(text).toString('base64url').slice(0, 40)}`, text } };
  });
/** Compiles the statements from something else than the grant says. */
const ofReadable = (change: (r: Pick<Readable, 'grant' | 'shown'>, snapshot: Snapshot) => Pick<Readable, 'grant' | 'shown'>): Twist =>
  ofGrant((g, snapshot) => {
    const grant = snapshot.get('grant', g.state.id);
    const right = { grant, shown: shownFields(grant, snapshot.get('service', grant.service), snapshot.find) };
    const wrong = change(right, snapshot);
    const keyOf = (k: CompiledKey): CompiledKey => ({ ...k, statement: statementFor({ ...wrong, key: k.field, keyType: k.type }, g.env) });
    return { ...g, keys: new Map([...g.keys].map(([name, key]) => [name, keyOf(key)])) };
  });
const day = (of: string, add: number): string => new Date(Date.parse(of) + add * 86_400_000).toISOString().slice(0, 10);

export const faults: Readonly<Record<string, Twist>> = {
  'a revocation is not looked at': ofState(() => ({ revokedAt: null })),
  'the last day is not looked at': ofState(() => ({ validTo: '9999-12-31' })),
  'it ends a day late': ofState((s) => ({ validTo: day(s.validTo, 1) })),
  'it ends a day early': ofState((s) => ({ validTo: day(s.validTo, -1) })),
  'the first day is not looked at': ofState(() => ({ validFrom: '0001-01-01' })),
  'it begins a day late': ofState((s) => ({ validFrom: day(s.validFrom, 1) })),
  'the seal is not looked at': ofGrant((g) => ({ ...g, sealed: true })),
  'a grant opens the other service': ofGrant((g, _, world) => ({
    ...g,
    state: { ...g.state, service: world.services.find((s) => s.id !== g.state.service)?.id ?? '' },
  })),
  'a deleted key still opens': (memory, world) => ({
    ...memory,
    key: async (id) => (await memory.key(id)) ?? world.deleted.find((d) => d.key.id === id)?.key,
  }),
  'a key opens its neighbour’s grant': (memory, world) => ({
    ...memory,
    key: async (id) => {
      const key = await memory.key(id);
      const [first, second] = world.grants;
      return key && first && second && key.grant === first.id ? { ...key, grant: second.id } : key;
    },
  }),
  'the row condition is dropped': ofReadable((r) => ({ ...r, grant: { ...r.grant, rowFilter: null } })),
  'a condition that is unknown lets the row through': ofText(/\) is true/g, ') is not false'),
  'the row condition is turned round': ofText(/\) is true/g, ') is false'),
  'masks are dropped': ofReadable((r) => ({ ...r, shown: r.shown.map((s) => ({ ...s, mask: null })) })),
  'a field that became sensitive stays open': ofReadable((r) => ({
    ...r,
    shown: r.shown.map((s) => (s.narrowed ? { ...s, mask: null } : s)),
  })),
  'a field too many': ofReadable((r, snapshot) => {
    const every = snapshot.get('service', r.grant.service).returns.map((f) => ({ field: f.field, mask: null }));
    return { ...r, shown: shownFields({ fields: every }, snapshot.get('service', r.grant.service), snapshot.find) };
  }),
  'a field too few': ofReadable((r) => (r.shown.length > 1 ? { ...r, shown: r.shown.slice(1) } : r)),
  'pages begin at the first row': ofText(/offset _k\.o/g, ''),
  'a page is a row short': ofText(/limit _k\.l/g, 'limit _k.l - 1'),
  'rows come in the other order': ofText(/order by _t\._key/g, 'order by _t._key desc'),
  'one row more than the service allows': ofGrant((g) => ({ ...g, limit: g.limit + 1 })),
  'numbers keep empty decimals': ofText(/trim_scale/g, ''),
  'the value is taken as it was written': ofKeys((key) => ({ ...key, standardise: value })),
  'it is asked by a field that is no key': ofGrant((g) => {
    const first = g.keys.values().next().value;
    return first ? { ...g, keys: new Map([...g.keys, ['name', first]]) } : g;
  }),
};
