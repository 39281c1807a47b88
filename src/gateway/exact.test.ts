/** What leaves is exactly what the words of a grant say: random grants and calls against a slow reading by the TypeScript evaluator. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DocumentOf } from '#declare';
import { bind, bool, col, type Env, type Expr, evaluate, toDate, toNumber, value } from '#declare/expr/index';
import { shareProcesses, shareStage } from '#share';
import { PARAMETERS, treeOf } from '#test/expr/arbitrary';
import { anyNumber, anyText, COLUMNS, DAYS, LISTS, env as lists } from '#test/expr/rows';
import { type TestKernel, testKernel } from '#test/kernel';
import { publishService } from '../share/publish.ts';
import * as sample from '../share/test-sample.ts';
import { gatewayStage } from './index.ts';
import { takeCall } from './line.ts';
import { openMemory } from './memory.ts';
import { openReader } from './read.ts';
import { granted } from './test-granted.ts';

const rounds = Number(process.env['CHENGSHU_GRANTS'] ?? 40);
const callsEach = 80;
const seed = Number(process.env['CHENGSHU_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const people = 120;

let k: TestKernel;
let held: sample.Person[];
beforeAll(async () => {
  k = await testKernel([shareStage, gatewayStage]);
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
  held = fc
    .sample(
      fc.record({
        // Few names, so that a key finds several rows; the identity number is standard already, as governance leaves it.
        name: fc.option(anyText, { freq: 8, nil: null }),
        birth: fc.option(fc.constantFrom(...DAYS), { freq: 8, nil: null }),
        height: fc.option(
          anyNumber.filter((n) => /^-?\d{1,15}(\.\d{1,6})?$/.test(n)),
          { freq: 8, nil: null },
        ),
        street: fc.option(fc.constantFrom('甲街', '乙街', 'x"y', '𠮷\\'), { freq: 8, nil: null }),
      }),
      { numRuns: people, seed },
    )
    .map((p, i) => ({ ...p, idNumber: `3499${String(i * 7919).padStart(14, '0')}` }));
  await k.warehouse.execute(sample.warehouseStatements(held));
});
afterAll(() => k.close());

const texts = ['idNumber', 'name', 'street'];
const isNumber = (field: string): boolean => field === 'height';

/** A random tree, its columns replaced: over the fields of a row, or over one `value`. */
const over = (tree: Expr, replace: (type: string, name: string) => Expr): Expr =>
  bind(bind(tree, PARAMETERS), Object.fromEntries(Object.entries(COLUMNS).map(([name, type]) => [name, replace(type, name)])));
const ofRow = (tree: Expr): Expr =>
  over(tree, (type, name) =>
    type === 'number'
      ? col('height', 'number')
      : type === 'date'
        ? col('birth', 'date')
        : type === 'boolean'
          ? bool(name.length % 2 === 0)
          : col(texts[name.length % 3] ?? 'name'),
  );
const ofValue = (tree: Expr): Expr =>
  over(tree, (type) => (type === 'number' ? toNumber(value) : type === 'date' ? toDate(value) : type === 'boolean' ? bool(true) : value));

const grants = fc.record({
  filter: fc.option(treeOf('boolean', 3).map(ofRow), { freq: 6, nil: null }),
  masks: fc.array(fc.option(treeOf('text', 3).map(ofValue), { freq: 2, nil: null }), { minLength: 5, maxLength: 5 }),
  shown: fc.subarray(
    sample.fields.map((f) => f.name),
    { minLength: 1 },
  ),
});
const calls = fc.record({
  field: fc.constantFrom('idNumber', 'street', 'birth', 'height'),
  of: fc.nat(people - 1),
  miss: fc.nat(9),
  limit: fc.integer({ min: 1, max: 20 }),
  offset: fc.constantFrom(0, 0, 0, 1, 3),
});

/** The slow reading: every row asked by the evaluator. */
function reference(
  g: { filter: Expr | null; masks: readonly (Expr | null)[]; shown: readonly string[] },
  call: { field: string; value: string; limit: number; offset: number },
  env: Env,
) {
  const matching = held
    .filter(
      (p) =>
        p[call.field as keyof sample.Person] === call.value ||
        (call.field === 'height' && p.height !== null && evaluate(toNumber(value), { value: p.height }, env) === call.value),
    )
    .filter((p) => g.filter === null || evaluate(g.filter, { ...p }, env) === true)
    .sort((a, b) => (a.idNumber < b.idNumber ? -1 : 1));
  const rows = matching.slice(call.offset, call.offset + call.limit).map((p) =>
    Object.fromEntries(
      sample.fields.flatMap((f, i): [string, unknown][] => {
        if (!g.shown.includes(f.name)) return [];
        const raw = p[f.name];
        const written = isNumber(f.name) && raw !== null ? (evaluate(toNumber(value), { value: raw }, env) as string) : raw;
        const mask = g.masks[i];
        if (mask) return [[f.name, evaluate(mask, { value: written }, env)]];
        return [[f.name, isNumber(f.name) && written !== null ? Number(written) : written]];
      }),
    ),
  );
  return { rows, count: rows.length, more: matching.length > call.offset + call.limit };
}

test(`random grants × calls read as the evaluator reads them (seed ${seed})`, async () => {
  const snapshot = await k.documents.snapshot();
  const env: Env = { today: k.clock.today(), codeList: (id) => snapshot.codeList(id) };
  const reader = openReader(k.db.url);
  const parts = { kernel: k, memory: openMemory(k), reader };
  let found = 0;
  for (const [round, g] of fc.sample(grants, { numRuns: rounds, seed: seed + 1 }).entries()) {
    const id = `random-${round}`;
    const returns: DocumentOf<'service'>['returns'] = sample.fields.map((f, i) => ({
      field: f.name,
      show: g.masks[i] ? { mask: g.masks[i] } : { shown: '供测试核对原值' },
    }));
    await k.put('service', { ...sample.services['person-query'], id, returns });
    await publishService(k, id, { signal: new AbortController().signal, progress: async () => undefined });
    const { secret } = await granted(
      k,
      id,
      sample.fields.map((f) => f.name).filter((f) => g.shown.includes(f)),
      g.filter,
    );
    const asked = fc.sample(calls, { numRuns: callsEach, seed: seed + 2 + round }).flatMap(({ field, of, miss, limit, offset }) => {
      const raw = held[of]?.[field as keyof sample.Person] ?? null;
      const wanted = raw !== null && field === 'height' ? (evaluate(toNumber(value), { value: raw }, env) as string) : raw;
      return wanted === null ? [] : [{ field, value: miss === 0 && field === 'street' ? '无此街' : wanted, limit, offset }];
    });
    const answers = await Promise.all(asked.map((body) => takeCall(parts, { service: id, authorization: `Bearer ${secret}`, body })));
    for (const [i, body] of asked.entries()) {
      const answer = answers[i];
      if (!answer || !('body' in answer)) throw new Error(JSON.stringify({ g, body, answer }));
      const { rows, count, more } = JSON.parse(answer.body) as { rows: unknown[]; count: number; more: boolean };
      expect({ rows, count, more }, JSON.stringify({ g, body })).toEqual(reference(g, body, env));
      found += count;
    }
  }
  expect(found).toBeGreaterThan(rounds);
  await reader.close();
}, 120_000);
