/** Names say something: no drawer for leftovers, one concept a file, no file so long that nobody reads it, ids equal to file names. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { connectors } from '#connectors/index';
import { elements } from '#elements/index';
import { libraries } from '#libraries/index';
import { ruleKinds } from '#rules/index';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((f) => /\.(ts|tsx|mjs)$/.test(f));

test('file names are kebab-case words that say something', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((f) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config))?\.(ts|tsx|mjs)$/.test(basename(f)))).toEqual([]);
  expect(files.filter((f) => /(^|\/)(utils?|helpers?|common|misc|manager|shared|v\d+)(\.|\/)/.test(f))).toEqual([]);
});

test('no file of logic is over 500 lines', () => {
  const long = files
    .filter((f) => f !== 'web/client/schema.ts')
    .map((f) => ({ f, lines: readFileSync(join(root, f), 'utf8').split('\n').length }))
    .filter((x) => x.lines > 500);
  expect(long).toEqual([]);
});

test('every file begins with a sentence that says what it is for', () => {
  const silent = files.filter((f) => !/^(#!.*\n)?(\/\*\*|\/\/) ?/.test(readFileSync(join(root, f), 'utf8')));
  expect(silent).toEqual([]);
});

test('content is named after its file', () => {
  const has = (path: string) => files.includes(path);
  expect(connectors.filter((c) => !has(`connectors/${c.id}.ts`)).map((c) => c.id)).toEqual([]);
  expect(elements.filter((e) => !has(`elements/${e.id}.ts`)).map((e) => e.id)).toEqual([]);
  expect(ruleKinds.filter((r) => !has(`rules/${r.id}.ts`)).map((r) => r.id)).toEqual([]);
  expect(libraries.filter((l) => !has(`libraries/${l.id}/library.ts`)).map((l) => l.id)).toEqual([]);
});
