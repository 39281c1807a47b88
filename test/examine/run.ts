/**
 * `npm run examine -- <folder> [--expected <folder>] [--exceptions <file>] [--only <text>] [--full]`: takes every file of a folder through the
 * platform as an upload and says whether it is green. Expectations stand beside the files unless a folder is named; exceptions in
 * test/examine/exceptions/<last two names of the folder>.json unless a file is. `--full` tells what was proposed too. Ends with 1 where a file is red.
 * See docs/guides/examine-files.md.
 */
import '../../scripts/usage.ts';
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { wrongUsage } from '../../scripts/usage.ts';
import setup from '../postgres.ts';
import { type Examined, examine } from './examine.ts';
import { exceptionsIn } from './exceptions.ts';
import { head, said, totals } from './table.ts';

const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        expected: { type: 'string' },
        exceptions: { type: 'string' },
        only: { type: 'string' },
        full: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
})();
const [given] = positionals;
if (positionals.length !== 1 || given === undefined) wrongUsage('one folder is examined');
if (!existsSync(given) || !statSync(given).isDirectory()) wrongUsage(`there is no folder ${given}`);
const folder = resolve(given);
const known = join(fileURLToPath(new URL('./exceptions', import.meta.url)), basename(dirname(folder)), `${basename(folder)}.json`);
const exceptions = values.exceptions ?? (existsSync(known) ? known : null);
const stop = await setup();
console.log(head);
try {
  const files = await examine({
    folder,
    expectations: resolve(values.expected ?? folder),
    exceptions: exceptions === null ? {} : exceptionsIn(exceptions),
    only: values.only,
    tell: (file: Examined) => console.log(said(file, values.full)),
  });
  const sums = totals(files);
  console.log(sums.text);
  process.exitCode = sums.isGreen ? 0 : 1;
} finally {
  await stop();
}
