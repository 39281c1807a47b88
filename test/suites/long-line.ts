/** `npm run suites:long-line`: files that are one line of 1 GiB, as text, as a quoted cell and as JSON. Each is refused, in memory far below its size. */
import '../../scripts/usage.ts';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSuite } from './suites.ts';

const gigabyte = 1024 ** 3;
/** What the reading process may use, MB. */
const most = 700;

const folder = mkdtempSync(join(tmpdir(), 'chengshu-long-'));
try {
  mkdirSync(join(folder, 'long-line'));
  const block = Buffer.alloc(4 * 1024 * 1024, 'x');
  for (const [name, start, end] of [
    ['bare.csv', '', ''],
    ['quoted.csv', '编号,名称\n1,"', '"\n'],
    ['cells.csv', '编号,名称\n', ''],
    ['string.json', '[{"a":"', '"}]'],
  ] as const) {
    const file = openSync(join(folder, 'long-line', name), 'wx');
    writeSync(file, start);
    const filling = name === 'cells.csv' ? Buffer.alloc(block.length, '12,') : block;
    for (let written = 0; written < gigabyte; written += filling.length) writeSync(file, filling);
    writeSync(file, end);
    closeSync(file);
  }
  const report = await runSuite(folder, {
    name: 'long-line',
    takes: /./,
    judge: ({ code, milliseconds, megabytes }) => {
      console.log(`${code} after ${(milliseconds / 1000).toFixed(1)} s, peak ${megabytes} MB`);
      return code === 'COLLECT_TOO_LARGE' && megabytes < most ? null : `${code}, ${megabytes} MB`;
    },
  });
  const bad = report === null ? ['not read'] : [...report.crashed, ...report.hung, ...report.wrong];
  for (const line of bad) console.log(`! ${line}`);
  process.exitCode = bad.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
