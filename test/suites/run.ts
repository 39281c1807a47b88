/**
 * `npm run suites -- [folder]` (or SUITES=folder): published suites of awkward files go through proposal and reading. Prints per suite how many were
 * served, refused (by code), crashed, hung, and the peak memory of the reading process; ends with 1 on any crash, hang or wrong verdict.
 */
import '../../scripts/usage.ts';
import { existsSync } from 'node:fs';
import { runSuite, suites } from './suites.ts';

const folder = process.argv[2] ?? process.env.SUITES;
if (folder === undefined || !existsSync(folder)) {
  console.log(`skipped: no folder of suites${folder === undefined ? ' was named (argument or SUITES)' : ` at ${folder}`}`);
  process.exit(0);
}
let wrong = 0;
for (const suite of suites) {
  const report = await runSuite(folder, suite);
  if (report === null) {
    console.log(`${suite.name}: skipped, not in ${folder}`);
    continue;
  }
  const codes = Object.entries(report.refused).sort((a, b) => b[1] - a[1]);
  console.log(
    `${suite.name}: ${report.files} files, ${report.served} served, ${codes.reduce((n, [, c]) => n + c, 0)} refused, ${report.crashed.length} crashed, ${report.hung.length} hung, ${report.wrong.length} wrong; peak ${report.megabytes} MB; slowest ${(report.slowest / 1000).toFixed(1)} s; ${report.seconds.toFixed(0)} s`,
  );
  for (const [code, count] of codes) console.log(`  ${code} ${count}`);
  for (const line of [...report.crashed, ...report.hung, ...report.wrong]) console.log(`  ! ${line}`);
  wrong += report.crashed.length + report.hung.length + report.wrong.length;
}
process.exit(wrong === 0 ? 0 : 1);
