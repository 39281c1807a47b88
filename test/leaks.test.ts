/** Nothing committed names a machine's path, a registry's host or a secret, and no identity number in it could be somebody's. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((f) => f !== '' && !/\.(png|xlsx|gz)$/.test(f));
const lines = files.flatMap((f) =>
  readFileSync(join(root, f), 'utf8')
    .split('\n')
    .map((text, i) => ({ at: `${f}:${i + 1}`, text })),
);
const hits = (pattern: RegExp) => lines.filter((l) => pattern.test(l.text)).map((l) => `${l.at}: ${l.text.trim().slice(0, 120)}`);
// Spelled in parts, so that this file does not find itself.
const parts = (...p: string[]) => new RegExp(p.join(''));

test('no path of a machine', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(hits(parts('(^|[^A-Za-z0-9_.])/(wo', 'rk|fa', 'rm)/'))).toEqual([]);
  expect(hits(parts('/(ho', 'me|Us', 'ers)/[a-z]+/'))).toEqual([]);
});

test('no host of a package registry', () => {
  expect(hits(parts('registry\\.npm', 'js|npm', 'mirror|pypi\\.o', 'rg|repo1?\\.ma', 'ven'))).toEqual([]);
});

test('no secret', () => {
  expect(hits(parts('BEGIN [A-Z ]*PRIVA', 'TE KEY|AKIA[0-9A-Z]{16}|gh', 'p_[A-Za-z0-9]{30}'))).toEqual([]);
});

test('identity numbers belong to nobody: the invented prefix, the nineteenth century, or a vector of a standard', () => {
  const vectors = readFileSync(join(root, 'elements/data/vectors.json'), 'utf8');
  const found = lines
    .filter((l) => !l.at.startsWith('elements/data/'))
    .flatMap((l) =>
      [...l.text.matchAll(/(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX](?![0-9A-Za-z])/g)].map(
        (m) => ({ at: l.at, number: m[0] }),
      ),
    );
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const checks = (n: string) => '10X98765432'[weights.reduce((s, w, i) => s + w * Number(n[i]), 0) % 11] === n[17];
  expect(
    found.filter((f) => checks(f.number) && !f.number.startsWith('3499') && !vectors.includes(f.number)).map((f) => `${f.at} ${f.number}`),
  ).toEqual([]);
});
