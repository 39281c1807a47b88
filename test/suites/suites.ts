/** The suites of awkward files that are read, and what each must give. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attended } from '../attended-reader.ts';
import type { Outcome } from './reading.ts';

const reader = fileURLToPath(new URL('./reader.ts', import.meta.url));
/** A file that says nothing for so long hangs, seconds. */
const patience = 90;

type Told = Omit<Outcome, 'picture'> & { readonly megabytes: number };

export interface Suite {
  readonly name: string;
  /** Files of the suite, below its folder. */
  readonly takes: RegExp;
  /** What is wrong with an outcome, or null. */
  readonly judge: (told: Told) => string | null;
}

export interface Report {
  files: number;
  served: number;
  refused: Record<string, number>;
  crashed: string[];
  hung: string[];
  wrong: string[];
  megabytes: number;
  slowest: number;
  seconds: number;
}

export const suites: readonly Suite[] = [
  { name: 'csv-spectrum', takes: /^csvs[/\\].*\.csv$/, judge: asExpected },
  { name: 'json-testsuite', takes: /\.json$/, judge: asNamed },
  { name: 'poi-spreadsheets', takes: /\.(xls|xlsx|xlsm|xltx|xlsb|ooxml|csv)$/i, judge: () => null },
];

/** csv-spectrum: the rows are those of the JSON file beside it. An absent cell is an empty text there. */
function asExpected(told: Told): string | null {
  const text = readFileSync(join(dirname(told.file), '..', 'json', basename(told.file).replace(/csv$/, 'json')), 'utf8');
  // Copies of the suite that went through git have no CR left in the CSV; the expected text still has.
  const hasCr = readFileSync(told.file).includes(13);
  const expected = [JSON.parse(hasCr ? text : text.replaceAll('\\r\\n', '\\n'))].flat() as Record<string, string>[];
  // The expected text of one file is itself broken: it holds replacement characters and another telephone number than its CSV.
  if (text.includes('\ufffd')) return told.rows.length === expected.length ? null : `${told.rows.length} rows, not ${expected.length}`;
  const rows = told.rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v ?? ''])));
  return JSON.stringify(rows) === JSON.stringify(expected)
    ? null
    : `${told.code} ${JSON.stringify(rows)} is not ${JSON.stringify(expected)}`;
}

/** json-testsuite: what begins n_ is never read as JSON; what begins y_ is, where it is rows, and is told to be no table otherwise. */
function asNamed(told: Told): string | null {
  const name = basename(told.file);
  if (name.startsWith('n_')) return told.verdict === 'refused' ? null : `${told.code} read ${told.rows.length} rows of it`;
  if (!name.startsWith('y_')) return null;
  const value = JSON.parse(readFileSync(told.file, 'utf8').replace(/^\ufeff/, '')) as unknown;
  // An object of nothing but empty lists holds no row; neither does a list of blanks, or of what no table can hold.
  const isHollow = (v: unknown): boolean => Object.values(v as object).every((list) => Array.isArray(list) && list.length === 0);
  const says = (v: unknown): boolean =>
    typeof v === 'object' && v !== null ? Object.keys(v).length > 0 : v !== null && String(v).replaceAll(/[ \t\r\n\0]/g, '') !== '';
  const isTable = Array.isArray(value) ? value.some(says) : typeof value === 'object' && value !== null && !isHollow(value);
  return isTable === (told.verdict === 'served') ? null : `${told.verdict} (${told.code})`;
}

/** Reads every file of a suite; null where it is not there. */
export async function runSuite(folder: string, suite: Suite): Promise<Report | null> {
  const root = join(folder, suite.name);
  if (!existsSync(root)) return null;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => suite.takes.test(f))
    .sort()
    .map((f) => join(root, f));
  const began = performance.now();
  const report: Report = {
    files: files.length,
    served: 0,
    refused: {},
    crashed: [],
    hung: [],
    wrong: [],
    megabytes: 0,
    slowest: 0,
    seconds: 0,
  };
  const { hung, died } = await attended<Told>({ script: reader, files, patience, tell: (told) => note(report, suite, told) });
  report.hung.push(...hung);
  report.crashed.push(...died.map((d) => `${d.file}: the reader ended with ${d.code}`));
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

function note(report: Report, suite: Suite, told: Told): void {
  report.megabytes = Math.max(report.megabytes, told.megabytes);
  report.slowest = Math.max(report.slowest, told.milliseconds);
  if (told.verdict === 'served') report.served += 1;
  else if (told.verdict === 'refused') report.refused[told.code] = (report.refused[told.code] ?? 0) + 1;
  else {
    report.crashed.push(`${told.file}: ${told.code}`);
    return;
  }
  const wrong = suite.judge(told);
  if (wrong !== null) report.wrong.push(`${told.file}: ${wrong}`);
}
