/** Weight needs a reason: a dependency over 20 MB is named in a decision record. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { installedPackages } from '../scripts/sizes.ts';
import { headOf } from '../scripts/usage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const limit = 20e6;

/** The name without its platform: a record that names one platform's package speaks for its siblings. */
const family = (name: string) =>
  name
    .replace(/-bin(?=-)/, '')
    .replace(/-(linux|darwin|win32|windows)-.*$/, '')
    .replace(/\/(linux|darwin|windows)-.*$/, '');

function unnamed(checkout: string, records: string): string[] {
  const named = new Set([...records.matchAll(/`([^`\s]+)`/g)].map((m) => family(m[1] as string)));
  return installedPackages(checkout)
    .filter((p) => p.bytes > limit && !named.has(family(p.name)))
    .map((p) => `${p.name}: ${(p.bytes / 1e6).toFixed(0)} MB`);
}

test('each dependency over 20 MB is named in docs/adr', () => {
  const folder = join(root, 'docs/adr');
  const records = readdirSync(folder)
    .map((f) => readFileSync(join(folder, f), 'utf8'))
    .join('\n');
  expect(installedPackages(root).length).toBeGreaterThan(100);
  expect(unnamed(root, records)).toEqual([]);
});

test('one that no record names is refused, nested and scoped ones too', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'chengshu-dependencies-'));
  try {
    for (const path of ['@heavy/one-linux-x64', 'light', 'light/node_modules/nested']) {
      mkdirSync(join(checkout, 'node_modules', path), { recursive: true });
      writeFileSync(join(checkout, 'node_modules', path, 'file'), Buffer.alloc(path === 'light' ? 10 : limit + 1));
    }
    expect(unnamed(checkout, '')).toEqual(['@heavy/one-linux-x64: 20 MB', 'nested: 20 MB']);
    expect(unnamed(checkout, 'for `@heavy/one-darwin-arm64` and `nested`')).toEqual([]);
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});

test('every script of ours says how it is used, before it starts anything', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const ours = Object.entries(scripts).flatMap(([name, line]) => {
    const file = /^node (\S+\.ts)$/.exec(line)?.[1];
    // The program itself has a help of its own.
    return file && !file.startsWith('bin/') ? [{ name, file }] : [];
  });
  expect(ours.length).toBeGreaterThan(14);
  const silent = ours.filter(({ name, file }) => {
    const said = headOf(join(root, file));
    return (
      !/^import .*\/usage\.ts';$/m.test(readFileSync(join(root, file), 'utf8')) ||
      !(said.includes(`npm run ${name}`) || said.includes(`npm ${name}`))
    );
  });
  expect(silent).toEqual([]);
});
