/** Every rule kind against its own examples, in TypeScript and in DuckDB alike. */
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkDocument, type Find, isCompiled, itemsOf, type RuleKind } from '#declare';
import { bind, date, type Env, type Expr, evaluate, mapChildren, num, paramsOf, sentence, text } from '#declare/expr/index';
import { codeLists, elements } from '#elements/index';
import { literal } from '#kernel/sql/quote';
import { columnType, spell } from '#kernel/sql/spell';
import { ruleKinds } from './index.ts';

const env: Env = { today: '2025-06-30', codeList: (id) => itemsOf(id, codeLists) };
type Example = RuleKind['examples']['pass'][number];
const rowRules = ruleKinds.filter((kind) => !isCompiled(kind));

/** The rule with the constants of an example in its open places, as the machine puts them there. */
function filled(kind: RuleKind, example: Example): Expr {
  const given = (name: string): string => example[name] ?? '';
  const constants = kind.params.flatMap(({ name, type }): [string, Expr][] => {
    if (type === 'code-list') return [];
    return [[name, type === 'number' ? num(given(name)) : type === 'date' ? date(given(name)) : text(given(name))]];
  });
  const lists = new Set(kind.params.filter((p) => p.type === 'code-list').map((p) => p.name));
  const listed = (e: Expr): Expr => {
    const mapped = mapChildren(e, listed);
    return 'list' in mapped && lists.has(mapped.list) ? { ...mapped, list: given(mapped.list) } : mapped;
  };
  return bind(listed(kind.holds as Expr), Object.fromEntries(constants));
}
const rowOf = (kind: RuleKind, example: Example) => Object.fromEntries(kind.slots.map(({ name }) => [name, example[name] ?? null]));
const said = (kind: RuleKind, examples: readonly Example[]) =>
  examples.map((example) => evaluate(filled(kind, example), rowOf(kind, example), env));

describe.each(ruleKinds)('$id', (kind) => {
  it('is a document without faults whose reason names its places', () => {
    const find: Find = (sort, id) => (sort === 'element' ? elements.find((e) => e.id === id) : undefined) as never;
    expect(checkDocument('rule-kind', kind, find)).toEqual([]);
    const places = new Set([...kind.slots, ...kind.params].map((p) => p.name));
    for (const words of [kind.reason.zh, kind.reason.en ?? ''])
      expect([...words.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name).filter((name) => !places.has(name as string))).toEqual([]);
  });
});

describe.each(rowRules)('$id', (kind) => {
  it('passes and fails its examples', () => {
    expect(said(kind, kind.examples.pass)).toEqual(kind.examples.pass.map(() => true));
    expect(said(kind, kind.examples.fail)).toEqual(kind.examples.fail.map(() => false));
  });
  it('leaves no place open and can be read aloud', () => {
    const example = kind.examples.pass[0] as Example;
    expect(paramsOf(filled(kind, example))).toEqual([]);
    const said = sentence(filled(kind, example));
    expect(said.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(said.en).toMatch(/[a-z]/);
  });
});

describe('DuckDB says the same', () => {
  let instance: DuckDBInstance;
  let ask: (sql: string) => Promise<unknown[][]>;
  beforeAll(async () => {
    instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    ask = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  });
  afterAll(() => instance.closeSync());

  it.each(rowRules)('$id', async (kind) => {
    for (const [examples, verdict] of [
      [kind.examples.pass, true],
      [kind.examples.fail, false],
    ] as const)
      for (const example of examples) {
        const cells = kind.slots.map(({ name, type }) => {
          const cell = example[name] ?? null;
          return `cast(${cell === null ? 'null' : literal('duckdb', cell)} as ${columnType('duckdb', type)}) as "${name}"`;
        });
        expect(await ask(`select ${spell(filled(kind, example), 'duckdb', env)} from (select ${cells.join(', ')}) as row`)).toEqual([
          [verdict],
        ]);
      }
  });
});
