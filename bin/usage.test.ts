/** What the command line refuses before anything is begun, and what becomes of a question that nobody answers. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '#kernel/config';
import { isRefusal, problemOf } from '#kernel/errors';
import { remote } from './client.ts';
import { explain, main } from './command-line.ts';
import { readUsage } from './usage.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (isRefusal(error)) return error.code;
    throw error;
  }
  return 'accepted';
};

test('arguments that would be ignored are refused', () => {
  const said = (line: string): string => codeOf(() => readUsage(line.split(' ')));
  expect(
    [
      'upload a.csv b.csv --user m',
      'upload --user m',
      'upload a.csv --to x --new',
      'upload a.csv --to --yes',
      'upload a.csv --yes=no',
      'upload a.csv --reset',
      'run s --port 1',
      'apply s',
      'up --yes',
      'up --prot 1',
      'up -p 1',
      'upp',
    ].map(said),
  ).toEqual([
    'USAGE_ARGUMENT_SURPLUS',
    'USAGE_ARGUMENT_MISSING',
    'USAGE_OPTIONS_OPPOSED',
    'USAGE_OPTION_VALUE',
    'USAGE_OPTION_BARE',
    'USAGE_OPTION_UNUSED',
    'USAGE_OPTION_UNUSED',
    'USAGE_ARGUMENT_SURPLUS',
    'USAGE_OPTION_UNUSED',
    'USAGE_OPTION_UNKNOWN',
    'USAGE_OPTION_UNKNOWN',
    'USAGE_COMMAND_UNKNOWN',
  ]);
  expect(readUsage(['upload', 'a.csv', '--to', 'x', '--yes', '--data=d'])).toEqual({
    command: 'upload',
    argument: 'a.csv',
    text: { to: 'x', data: 'd' },
    given: new Set(['yes']),
  });
  expect(readUsage(['up', '--scale', '-1']).text).toEqual({ scale: '-1' });
});

test('a wrong setting is named by its flag or its variable, in Chinese and English', () => {
  const said = (flags: Record<string, string>, env: Record<string, string> = {}): unknown => {
    try {
      return readConfig(flags, env);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { title, titleEn } = problemOf(error);
      return [title, titleEn];
    }
  };
  expect(said({ '--scale': '-1' })).toEqual([
    '设置 --scale 不能是“-1”：应为 0.02 到 1000 的数',
    "--scale cannot be '-1': it is a number from 0.02 to 1000",
  ]);
  expect(said({}, { CHENGSHU_PORT: 'abc' })).toEqual([
    '设置 CHENGSHU_PORT 不能是“abc”：应为 0 到 65535 的整数',
    "CHENGSHU_PORT cannot be 'abc': it is a whole number from 0 to 65535",
  ]);
});

test('a command makes no installation where none runs', async () => {
  const folder = join(tmpdir(), `nothing-runs-${process.pid}`);
  await expect(main(['upload', 'a.csv', '--user', 'm', '--data', folder])).rejects.toMatchObject({
    code: 'NOTHING_RUNS',
    params: { folder },
  });
  expect(existsSync(folder)).toBe(false);
});

test('a refusal of the server stands under its own code', () => {
  const lines: string[] = [];
  const { error } = console;
  console.error = (line: string) => void lines.push(line);
  try {
    const problem = { type: '', status: 409, title: '甲', titleEn: 'A', hint: '乙', hintEn: 'B', params: {}, faults: [] } as const;
    expect(explain(remote({ ...problem, code: 'NOT_KNOWN_HERE' }))).toBe(1);
    expect(explain(remote({ ...problem, code: 'COLLECT_NO_ROWS', params: { name: 'x.csv' } }))).toBe(1);
  } finally {
    console.error = error;
  }
  expect(lines[0]).toBe('NOT_KNOWN_HERE\n甲\nA\n→ 乙\n→ B');
  expect(lines[1]).toMatch(/^COLLECT_NO_ROWS\n/u);
});

test('answers that are piped in are all heard, and a question after them is refused', () => {
  const asking = `
    const { ask } = await import(${JSON.stringify(new URL('./ask.ts', import.meta.url).href)});
    const said = [];
    try { for (;;) said.push(await ask('? ', new Error('nobody answered'))); } catch (e) { console.log(JSON.stringify([...said, e.message])); }`;
  const answer = (input: string): unknown =>
    JSON.parse(spawnSync(process.execPath, ['--input-type=module', '-e', asking], { input, encoding: 'utf8' }).stdout);
  expect(answer('y\nn\n')).toEqual(['y', 'n', 'nobody answered']);
  expect(answer('')).toEqual(['nobody answered']);
});
