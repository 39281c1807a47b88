/** The printed report of examined files: a line of the table, its withheld rows and faults below it, and the sums. */
import type { Examined } from './examine.ts';

const wide = 48;
const line = (file: string, read: string, withheld: string, verdict: string): string =>
  `${file.padEnd(wide)} ${read.padStart(8)} ${withheld.padStart(8)}  ${verdict}`;

/** The head of the table. */
export const head = line('file', 'read', 'withheld', 'verdict');

/** One file. */
export function said(file: Examined, full: boolean): string {
  const how = [
    file.end === 'passed' ? file.by : `${file.end} ${file.by}`,
    ...(file.end !== 'passed' ? [] : [file.compared === null ? 'no second reading' : `${file.compared} cells compared`]),
    ...(file.expected ? ['as expected'] : []),
    ...(file.faults.length > file.red.length ? [`${file.faults.length - file.red.length} borne`] : []),
    `${file.seconds.toFixed(1)} s`,
  ].join(', ');
  const isGreen = file.red.length === 0;
  return [
    line(file.file, String(file.read), String(file.withheld), isGreen ? `green (${how})` : `RED (${how.replace(', as expected', '')})`),
    ...file.reasons.map((r) => `    withheld ${r}`),
    ...file.red.map((f) => `  ! ${f.kind}: ${f.says}`),
    ...(full && file.proposed !== '' ? [`    ${file.proposed}`] : []),
  ].join('\n');
}

/** The sums, and whether all is green. A folder without a file is not. */
export function totals(files: readonly Examined[]): { readonly text: string; readonly isGreen: boolean } {
  const red = files.filter((f) => f.red.length > 0);
  const sum = (of: (f: Examined) => number): number => files.reduce((n, f) => n + of(f), 0);
  const kinds = Map.groupBy(
    red.flatMap((f) => [...new Set(f.red.map((x) => x.kind))]),
    (kind) => kind,
  );
  const text = [
    `${files.length} files, ${files.length - red.length} green, ${red.length} red; ${sum((f) => f.read)} rows read, ${sum((f) => f.data)} of data, ${sum((f) => f.withheld)} withheld; ` +
      `${sum((f) => f.compared ?? 0)} cells compared, ${files.filter((f) => f.end === 'passed' && f.compared === null).length} files without a second reading; ` +
      `${files.filter((f) => f.expected).length} with an expectation; peak ${Math.max(0, ...files.map((f) => f.megabytes))} MB; ${sum((f) => f.seconds).toFixed(0)} s`,
    ...[...kinds].map(([kind, some]) => `  ${kind}: ${some.length}`),
    ...red.map((f) => `  ! ${f.file}: ${[...new Set(f.red.map((x) => x.kind))].join(', ')}`),
  ].join('\n');
  return { text, isGreen: files.length > 0 && red.length === 0 };
}
