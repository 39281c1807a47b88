/** Seams: they do nothing unless armed, an armed one kills at its hit and only once, and a misspelt one is told. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { armedBy } from './seam.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chengshu-seam-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that comes to one seam three times. */
function run(armed?: string) {
  const code = `import { seam } from ${JSON.stringify(new URL('./seam.ts', import.meta.url).href)}; for (const n of [1, 2, 3]) { seam('jobs.ended'); console.log(n); }`;
  const { CHENGSHU_CRASH: _, ...env } = process.env;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    env: { ...env, ...(armed && { CHENGSHU_CRASH: armed }) },
  });
  return { signal: done.signal, came: done.stdout.trim().split('\n'), told: done.stderr };
}

test('unarmed, nothing happens', () => {
  expect(run()).toMatchObject({ signal: null, came: ['1', '2', '3'] });
  expect(readdirSync(folder)).toEqual([]);
});

test('hits are counted over processes, and the process of the wanted one dies there, once', () => {
  const armed = `jobs.ended:5:${folder}`;
  expect(run(armed)).toMatchObject({ signal: null, came: ['1', '2', '3'] });
  expect(run(armed)).toMatchObject({ signal: 'SIGKILL', came: ['1'] });
  expect(run(armed)).toMatchObject({ signal: null, came: ['1', '2', '3'] });
  expect(readdirSync(folder)).toHaveLength(8);
});

test('several hits are each had once', () => {
  const armed = `jobs.ended:2,jobs.ended:4,jobs.worked:1:${folder}`;
  expect(run(armed)).toMatchObject({ signal: 'SIGKILL', came: ['1'] });
  expect(run(armed)).toMatchObject({ signal: 'SIGKILL', came: ['1'] });
  expect(run(armed)).toMatchObject({ signal: null, came: ['1', '2', '3'] });
});

test('another seam, and hit 0, only count', () => {
  for (const armed of [`jobs.worked:1:${folder}`, `jobs.ended:0:${folder}`]) expect(run(armed).signal).toBeNull();
  expect(readdirSync(folder)).toHaveLength(6);
});

test.each(['jobs.endet:1:/x', 'jobs.ended', 'jobs.ended:x:/x', ' '])('%j is told to be no seam', (text) => {
  expect(() => armedBy(text)).toThrow('names no seam');
  expect(run(text).told).toContain('names no seam');
});
