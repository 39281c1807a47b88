/** No text and no name escapes its quotes, on the engines that run here. */

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ExprError } from '#declare/expr/index';
import { ENGINES, identifier, literal } from '#kernel/sql/quote';
import { openDuckdb, openPostgres, type RunningEngine } from './engines.ts';

/** What has ended a quotation, begun a comment or confused a lexer somewhere. */
const HOSTILE = [
  "'",
  "''",
  "'''",
  '"',
  '""',
  '\\',
  "\\'",
  "\\\\'",
  '\\"',
  '$$',
  '$a$',
  '$1',
  ':x',
  '?',
  '--',
  '/*',
  '*/',
  '#',
  ';',
  '\n',
  '\r\n',
  '\t',
  '\v',
  '\u0001',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\u3000',
  '\ufeff',
  '\u202e',
  '\u200f',
  '\u200b',
  "'; drop table canary; --",
  '"; drop table canary; --',
  "') or 1=1 --",
  " E'",
  "e'\\'",
  "U&'\\0027'",
  "x'27'",
  'select',
  "'a' 'b'",
  "'\n'",
  '%',
  '_',
  '{',
  '}',
  '`',
  '´',
  '‘',
  '’',
  '＇',
  '＂',
  '𠮷',
  '\u{10ffff}',
  'é',
  '`',
  '\\x27',
  '\\047',
  '&#39;',
  "N'",
  'null',
  'a'.repeat(100_000),
  "'".repeat(5_000),
  '\\'.repeat(5_001),
  '"'.repeat(30),
];
const hostile = fc
  .array(fc.constantFrom(...HOSTILE.filter((text) => text.length < 50)), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));
const TEXTS = [...HOSTILE, ...fc.sample(hostile, { seed: 11, numRuns: 2_000 })];
const BATCH = 200;

let engines: RunningEngine[] = [];
beforeAll(async () => {
  engines = [await openDuckdb(), await openPostgres()];
  for (const { ask } of engines) {
    await ask('drop table if exists canary');
    await ask('create temporary table canary as select 1 as alive');
  }
});
afterAll(async () => {
  for (const { ask, close } of engines) {
    expect(await ask('select cast(count(*) as varchar) from canary')).toEqual([['1']]);
    await close();
  }
});

async function comeBack({ engine, ask }: RunningEngine, texts: readonly string[]): Promise<void> {
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts.slice(from, from + BATCH);
    const [answer] = await ask(`select ${batch.map((text) => `'=' || ${literal(engine, text)}`).join(', ')}`);
    expect(answer).toEqual(batch.map((text) => `=${text}`));
  }
}

test('texts come back as they went in', { timeout: 60_000 }, async () => {
  for (const engine of engines) await comeBack(engine, TEXTS);
});

test('PostgreSQL reads them alike when backslashes escape', { timeout: 60_000 }, async () => {
  const postgres = engines.find(({ engine }) => engine === 'postgres') as RunningEngine;
  const { version } = postgres;
  try {
    await postgres.ask('set standard_conforming_strings = off');
  } catch (error) {
    // A version that refuses the old reading altogether needs no test of it.
    expect(String(error), version).toMatch(/standard_conforming_strings/u);
    return;
  }
  await comeBack(postgres, TEXTS);
  await postgres.ask('set standard_conforming_strings = on');
});

test('names come back as they went in', { timeout: 60_000 }, async () => {
  const names = TEXTS.filter((name) => Buffer.byteLength(name) <= 60);
  for (const { engine, ask } of engines) {
    for (let from = 0; from < names.length; from += BATCH) {
      const batch = [...new Map(names.slice(from, from + BATCH).map((name) => [name.toLowerCase(), name])).values()];
      await ask('drop table if exists named');
      await ask(`create temporary table named (${batch.map((name) => `${identifier(engine, name)} integer`).join(', ')})`);
      const found = await ask(
        "select '=' || column_name from information_schema.columns where table_name = 'named' order by ordinal_position",
      );
      expect(found).toEqual(batch.map((name) => [`=${name}`]));
    }
  }
});

test('what no engine can hold is refused', () => {
  for (const engine of ENGINES) {
    for (const bad of ['a\0b', '\ud800', 'x\udfff']) {
      expect(() => literal(engine, bad)).toThrow(ExprError);
      expect(() => identifier(engine, bad)).toThrow(ExprError);
    }
    expect(() => identifier(engine, '')).toThrow(ExprError);
  }
  expect(() => identifier('postgres', '列'.repeat(22))).toThrow(ExprError);
});
