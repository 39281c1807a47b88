/** A mark names one process: neither a later one with its number, nor its zombie, nor what is no mark. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isAlive, isMarkAlive, markOf, pidOf } from './process.ts';

test('this process is alive under its mark, and a former one with its number is not', () => {
  const mark = markOf(process.pid);
  expect(pidOf(mark)).toBe(process.pid);
  expect(isMarkAlive(mark)).toBe(true);
  expect(isMarkAlive(`${process.pid}.17`)).toBe(false);
});

test.each(['', '17', '-1.5', '0.0', 'x.x', '1.2.3'])('%j names nobody', (text) => expect(isMarkAlive(text)).toBe(false));

test('the dead are dead, also before anybody has waited for them', async () => {
  // The shell becomes a program that never waits for the child it was left with.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  const mark = markOf(pid);
  expect([isAlive(pid), isMarkAlive(mark)]).toEqual([true, true]);
  while (isAlive(pid)) await new Promise((r) => setTimeout(r, 20));
  expect(isMarkAlive(mark)).toBe(false);
  // The number is still taken: only the state tells.
  if (process.platform === 'linux') expect(() => process.kill(pid, 0)).not.toThrow();
  parent.kill('SIGKILL');
  await once(parent, 'exit');
});
