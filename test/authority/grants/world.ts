/** Random worlds for the proof about grants: people, services with random masks, grants in every standing, and what each was meant to say. */
import fc from 'fast-check';
import { createCollect } from '#collect';
import type { DocumentOf, Masking } from '#declare';
import { bind, bool, col, type Env, type Expr, evaluate, toDate, toInstant, toNumber, value } from '#declare/expr/index';
import { digestOf, openDocuments } from '#kernel/documents/documents';
import { type KeyHash, keyHash, shareProcesses, shareStage } from '#share';
import { PARAMETERS, treeOf } from '#test/expr/arbitrary';
import { anyNumber, anyText, COLUMNS, DAYS, LISTS, env as lists } from '#test/expr/rows';
import { type TestKernel, testKernel } from '#test/kernel';
import { gatewayStage } from '../../../src/gateway/index.ts';
import { granted } from '../../../src/gateway/test-granted.ts';
import { revokeGrant } from '../../../src/share/grants.ts';
import { deleteKey } from '../../../src/share/keys.ts';
import { publishService } from '../../../src/share/publish.ts';
import * as sample from '../../../src/share/test-sample.ts';

export type FieldName = (typeof sample.fields)[number]['name'];
export const fieldNames: readonly FieldName[] = sample.fields.map((f) => f.name);
export const today = '2026-11-24';
const noon = (day: string): string => `${day}T04:00:00Z`;

/** A grant as it was meant, told apart from how it was stored. */
export interface Meant {
  readonly id: string;
  readonly secret: string;
  readonly service: MeantService;
  readonly fields: readonly FieldName[];
  readonly rowFilter: Expr | null;
  readonly validFrom: string;
  readonly validTo: string;
  readonly revoked: boolean;
  /** Its stored words were altered behind the platform's back. */
  readonly altered: boolean;
}

export interface MeantService {
  readonly id: string;
  readonly shows: Readonly<Record<FieldName, Masking>>;
  readonly limit: number;
  readonly keys: readonly FieldName[];
  readonly published: boolean;
}

export interface World {
  readonly services: readonly MeantService[];
  readonly grants: readonly Meant[];
  /** Secrets of keys that were deleted, with what a process that had not heard of it would still hold. */
  readonly deleted: readonly { readonly secret: string; readonly key: KeyHash }[];
  readonly people: readonly sample.Person[];
  /** Elements as they are when the calls come: some more sensitive than when the grants were made. */
  readonly elements: Readonly<Record<FieldName, DocumentOf<'element'>>>;
  readonly env: Env;
}

/** An installation on which worlds are made one after the other. */
export interface Ground {
  readonly k: TestKernel;
  /** Documents as a process reads them that has read none of them before. */
  readonly documents: TestKernel['documents'];
  world(seed: number): Promise<World>;
  close(): Promise<void>;
}

const peopleCount = 120;
const peopleOf = (seed: number): sample.Person[] =>
  fc
    .sample(
      fc.record({
        // Few names and streets, so that a key finds several rows; the identity number is standard already, as governance leaves it.
        name: fc.option(anyText, { freq: 8, nil: null }),
        birth: fc.option(fc.constantFrom(...DAYS), { freq: 8, nil: null }),
        height: fc.option(
          anyNumber.filter((n) => /^-?\d{1,15}(\.\d{1,6})?$/.test(n)),
          { freq: 8, nil: null },
        ),
        street: fc.option(fc.constantFrom('甲街', '乙街', 'x"y', '𠮷\\'), { freq: 8, nil: null }),
      }),
      { numRuns: peopleCount, seed },
    )
    .map((p, i) => ({ ...p, idNumber: `3499${String(i * 7919).padStart(13, '0')}${i % 3 === 0 ? 'X' : i % 10}` }));

const texts = ['idNumber', 'name', 'street'];
/** A random tree with its columns replaced: over the fields of a row, or over one `value`. */
const over = (tree: Expr, replace: (type: string, name: string) => Expr): Expr =>
  bind(bind(tree, PARAMETERS), Object.fromEntries(Object.entries(COLUMNS).map(([name, type]) => [name, replace(type, name)])));
const ofRow = (tree: Expr): Expr =>
  over(tree, (type, name) =>
    type === 'number'
      ? col('height', 'number')
      : type === 'date'
        ? col('birth', 'date')
        : type === 'instant'
          ? toInstant(col('name'))
          : type === 'boolean'
            ? bool(name.length % 2 === 0)
            : col(texts[name.length % 3] ?? 'name'),
  );
const ofValue = (tree: Expr): Expr =>
  over(tree, (type) =>
    type === 'number'
      ? toNumber(value)
      : type === 'date'
        ? toDate(value)
        : type === 'instant'
          ? toInstant(value)
          : type === 'boolean'
            ? bool(true)
            : value,
  );

const showing: fc.Arbitrary<Masking> = fc.oneof(
  { weight: 3, arbitrary: treeOf('text', 3).map((t): Masking => ({ mask: ofValue(t) })) },
  { weight: 2, arbitrary: fc.constant<Masking>('element') },
  { weight: 2, arbitrary: fc.constant<Masking>({ shown: null }) },
  { weight: 2, arbitrary: fc.constant<Masking>({ shown: '供测试核对原值' }) },
);
const plans = fc.record({
  shows: fc.array(showing, { minLength: 5, maxLength: 5 }),
  limit: fc.integer({ min: 2, max: 20 }),
  published: fc.boolean(),
  raised: fc.subarray(['name', 'birth', 'height', 'street'] as const, { minLength: 1 }),
  grants: fc.array(
    fc.record({
      filter: fc.option(treeOf('boolean', 3).map(ofRow), { freq: 2, nil: null }),
      shown: fc.subarray([...fieldNames], { minLength: 1 }),
    }),
    { minLength: 8, maxLength: 8 },
  ),
});

/** One grant of each kind in every world; the first ones are live, two of them on their last and on their first day. */
const standings = [
  { from: '2026-11-01', to: '2027-06-30' },
  { from: '2026-11-01', to: today },
  { from: today, to: '2027-01-01' },
  { from: '2026-11-01', to: '2026-11-23' },
  { from: '2026-11-25', to: '2027-06-30' },
  { from: '2026-11-01', to: '2027-06-30', revoked: true },
  { from: '2026-11-01', to: '2027-06-30', altered: true },
  { from: '2026-11-01', to: '2027-06-30', altered: true, throughout: true },
] as const satisfies readonly { from: string; to: string; revoked?: true; altered?: true; throughout?: true }[];
/** How many of them answer. */
export const liveOnes = 3;

/** Opens the ground with its people. */
export async function openGround(seed: number): Promise<Ground> {
  const k = await testKernel([createCollect({ connectors: [] }), shareStage, gatewayStage], { now: noon(today) });
  await k.put('process', ...shareProcesses);
  const listed = lists.codeList('divisions').map((i) => ({ code: i.code, title: i.title, validFrom: i.validFrom, validTo: i.validTo }));
  await k.put(
    'code-list',
    ...LISTS.map((id) => ({
      form: 1,
      id,
      title: { zh: id },
      basis: 'invented',
      edition: '1',
      overlays: null,
      items: id === 'divisions' ? listed : [],
    })),
  );
  for (const [kind, docs] of sample.documents) await k.put(kind, ...docs);
  const people = peopleOf(seed);
  await k.warehouse.execute(sample.warehouseStatements(people));
  const snapshot = await k.documents.snapshot();
  const env: Env = { today, codeList: (id) => snapshot.codeList(id) };
  let worlds = 0;

  const world = async (worldSeed: number): Promise<World> => {
    const plan = fc.sample(plans, { numRuns: 1, seed: worldSeed })[0];
    if (!plan) throw new Error('no plan');
    await k.put('element', ...Object.values(sample.elements));
    const n = ++worlds;
    const shows = Object.fromEntries(
      fieldNames.map((f, i) => {
        const show = plan.shows[i] ?? 'element';
        // An identity number is too sensitive to be shown without a reason.
        return [f, f === 'idNumber' && typeof show === 'object' && 'shown' in show ? { shown: '供测试核对原值' } : show];
      }),
    ) as Record<FieldName, Masking>;
    const services: MeantService[] = [true, plan.published].map((published, i) => ({
      id: `random-${n}-${i === 0 ? 'served' : 'second'}`,
      shows,
      limit: plan.limit,
      keys: ['idNumber', 'street', 'birth', 'height'],
      published,
    }));
    for (const s of services) {
      await k.put('service', {
        ...sample.services['person-query'],
        id: s.id,
        limit: s.limit,
        returns: fieldNames.map((field) => ({ field, show: s.shows[field] })),
      });
      if (s.published) await publishService(k, s.id, { signal: new AbortController().signal, progress: async () => undefined });
    }
    const [served, second] = services as [MeantService, MeantService];
    const grants: Meant[] = [];
    const make = async (service: MeantService, at: (typeof standings)[number], g: (typeof plan.grants)[number]): Promise<Meant> => {
      k.clock.set(noon(at.from));
      const fields = fieldNames.filter((f) => g.shown.includes(f));
      const made = await granted(k, service.id, fields, g.filter, at.to);
      k.clock.set(noon(today));
      if ('revoked' in at) await k.db.transaction((tx) => revokeGrant(k, tx, made.grant, 'test', '职责调整'));
      if ('altered' in at) await alter(k, made.grant.id, 'throughout' in at);
      return {
        id: made.grant.id,
        secret: made.secret,
        service,
        fields,
        rowFilter: g.filter,
        validFrom: at.from,
        validTo: at.to,
        revoked: 'revoked' in at,
        altered: 'altered' in at,
      };
    };
    for (const [i, at] of standings.entries()) grants.push(await make(served, at, plan.grants[i] as (typeof plan.grants)[number]));
    grants.push(await make(second, standings[0], plan.grants[0] as (typeof plan.grants)[number]));
    const gone = await granted(k, served.id, ['name'], null, '2027-06-30');
    const key = (await keyHash(k.db, gone.keyId)) as KeyHash;
    await k.db.transaction((tx) => deleteKey(k, tx, { id: gone.keyId, grant: gone.grant.id, name: '', madeBy: '', madeAt: '' }, 'test'));
    const raised = new Set<string>(plan.raised);
    const elements = Object.fromEntries(
      sample.fields.map((f) => [f.name, { ...sample.elements[f.element], ...(raised.has(f.name) && { sensitivity: 3 as const }) }]),
    ) as Record<FieldName, DocumentOf<'element'>>;
    await k.put('element', ...Object.values(elements));
    return { services, grants, deleted: [{ secret: gone.secret, key }], people, elements, env };
  };
  return { k, documents: openDocuments(k.db, k.clock.now), world, close: () => k.close() };
}

/** Widens a stored grant as somebody with the database's password could: its words alone, or throughout with every digest beside them. */
async function alter(k: TestKernel, id: string, throughout: boolean): Promise<void> {
  const row = await k.db.first<{ body: Record<string, unknown> & { fields: { field: string; mask: unknown }[] } }>(
    `select body from kernel.document_version where kind = 'grant' and id = $1`,
    [id],
  );
  if (!row) throw new Error(`no grant ${id}`);
  const body = { ...row.body, validTo: '2099-01-01', rowFilter: null, fields: row.body.fields.map((f) => ({ ...f, mask: null })) };
  const digest = throughout ? digestOf(body) : null;
  await k.db.run(`update kernel.document_version set body = $2, digest = coalesce($3, digest) where kind = 'grant' and id = $1`, [
    id,
    JSON.stringify(body),
    digest,
  ]);
  if (digest !== null) await k.db.run('update share.grant_state set digest = $2 where id = $1', [id, digest]);
}

/** A number as it is written: without empty decimals. */
export const written = (number: string, env: Env): string => evaluate(toNumber(value), { value: number }, env) as string;
