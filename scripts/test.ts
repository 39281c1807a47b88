/** `npm test`: types, lint, unit and integration tests, then the browser; closes with the line `N passed, N failed`. */
import './usage.ts';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'chengshu-results-'));
let passed = 0;
let failed = 0;

function run(name: string, command: string, args: readonly string[]): number {
  const began = performance.now();
  console.log(`\n── ${name}`);
  const done = spawnSync(process.execPath, [join(root, command), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'test', FORCE_COLOR: process.stdout.isTTY ? '1' : '0' },
  });
  console.log(`── ${name}: ${done.status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return done.status ?? 1;
}

/** A check that is one thing: it passes or fails as a whole. */
function check(name: string, command: string, args: readonly string[]): void {
  if (run(name, command, args) === 0) passed += 1;
  else failed += 1;
}

/** A set of tests, counted one by one. */
function tests(name: string, args: readonly string[]): void {
  const output = join(folder, `${name}.json`);
  const status = run(name, 'node_modules/vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${output}`,
    ...args,
  ]);
  try {
    const result = JSON.parse(readFileSync(output, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    // A file that could not even be loaded has no failed test of its own.
    if (status !== 0 && result.numFailedTests === 0) failed += Math.max(1, result.numFailedTestSuites);
  } catch (error) {
    console.error(`${name} left no result: ${(error as Error).message}`);
    failed += 1;
  }
}

const only = process.argv.slice(2);
const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
if (wanted('types')) check('types', 'node_modules/typescript-compiler/bin/tsc', ['--noEmit']);
if (wanted('types')) check('types of the console', 'node_modules/typescript-compiler/bin/tsc', ['--noEmit', '-p', 'web']);
if (wanted('lint')) check('lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '--diagnostic-level=error', '.']);
if (wanted('unit')) tests('unit', []);
if (wanted('browser')) tests('browser', ['--config', 'test/e2e/vitest.config.ts']);
rmSync(folder, { recursive: true, force: true });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
