/** Wrong spellings, each of them an engine's tempting own function, are caught by the comparison. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { spellPattern } from '#declare/expr/index';
import { spellings } from '#kernel/sql/spell';
import type { Spellings } from '#kernel/sql/spelling';
import { agree } from './agree.ts';
import { openDuckdb, openPostgres, type RunningEngine } from './engines.ts';

const DUCKDB: Readonly<Record<string, Partial<Spellings>>> = {
  'substring from position 0': {
    slice: (e, s) => `substring(${s.of(e.of)}, cast(floor(${s.of(e.from)}) as BIGINT), cast(floor(${s.of(e.length)}) as BIGINT))`,
  },
  'date_diff counts year ends, not years': {
    wholeYears: (e, s) => `cast(date_diff('year', ${s.of(e.from)}, ${s.of(e.to)}) as DECIMAL(27,10))`,
  },
  'datesub completes 29 February a day early': {
    wholeYears: (e, s) => `cast(datesub('year', ${s.of(e.from)}, ${s.of(e.to)}) as DECIMAL(27,10))`,
  },
  'division by zero is Infinity': { div: (e, s) => `(${s.of(e.left)} / ${s.of(e.right)})` },
  'bytes counted for characters': { len: (e, s) => `cast(strlen(${s.of(e.of)}) as DECIMAL(27,10))` },
  'a cast that reads 1e3 and blanks': { toNumber: (e, s) => `try_cast(${s.of(e.of)} as DECIMAL(27,10))` },
  'a cast that reads 2024-2-9': { toDate: (e, s) => `try_cast(${s.of(e.of)} as DATE)` },
  'trim leaves tabs': { trim: (e, s) => `trim(${s.of(e.of)})` },
  'upper changes é and ß': { upper: (e, s) => `upper(${s.of(e.of)})` },
  'overflow raises an error': { times: (e, s) => `cast(${s.of(e.left)} * ${s.of(e.right)} as DECIMAL(27,10))` },
  'dates beyond 9999': { addDays: (e, s) => `(${s.of(e.of)} + try_cast(floor(${s.of(e.days)}) as INTEGER))` },
};

const POSTGRES: Readonly<Record<string, Partial<Spellings>>> = {
  'round of a double is half to even': {
    round: (e, s) => `cast(round(cast(${s.of(e.of)} as double precision) * 1e${e.scale}) / 1e${e.scale} as numeric)`,
  },
  'a language decides the order': {
    compare: (e, s) =>
      `(${s.of(e.left)} ${{ eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' }[e.op]} ${s.of(e.right)}${e.left.kind === 'text' || e.right.kind === 'text' ? ' collate "en-x-icu"' : ''})`,
  },
  'the pattern is not anchored': { matches: (e, s) => `(${s.of(e.of)} ~ ${s.text(spellPattern(e.pattern, 'javascript').slice(4, -2))})` },
  'division by zero raises an error': { mod: (e, s) => `mod(${s.of(e.left)}, ${s.of(e.right)})` },
  'numeric never overflows': { plus: (e, s) => `(${s.of(e.left)} + ${s.of(e.right)})` },
  'concat() skips what is absent': { concat: (e, s) => `concat(${e.of.map((part) => s.of(part)).join(', ')})` },
  'age() ends a leap day late': { wholeYears: (e, s) => `extract(year from age(${s.of(e.to)}, ${s.of(e.from)}))` },
  'unknown counted as failing': { checksum: (e, s) => `coalesce(${spellings('postgres').checksum(e, s)}, false)` },
  'length of the UTF-8 bytes': { len: (e, s) => `cast(octet_length(${s.of(e.of)}) as numeric)` },
};

let duckdb: RunningEngine;
let postgres: RunningEngine;
beforeAll(async () => {
  duckdb = await openDuckdb();
  postgres = await openPostgres();
});
afterAll(async () => {
  await duckdb.close();
  await postgres.close();
});

const caught = async (engine: RunningEngine, wrong: Partial<Spellings>): Promise<string[]> => {
  const tables = { [engine.engine]: { ...spellings(engine.engine), ...wrong } };
  const { disagreements } = await agree([engine], { cases: 60_000, seed: 7, tables, enough: 1 });
  return disagreements.map(({ tree }) => tree.kind);
};

describe('planted in DuckDB', () => {
  test.each(Object.entries(DUCKDB))('%s', { timeout: 60_000 }, async (_, wrong) => {
    expect(await caught(duckdb, wrong)).not.toEqual([]);
  });
});

describe('planted in PostgreSQL', () => {
  test.each(Object.entries(POSTGRES))('%s', { timeout: 60_000 }, async (_, wrong) => {
    expect(await caught(postgres, wrong)).not.toEqual([]);
  });
});
