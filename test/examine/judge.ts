/** The faults that a careful steward finds in the passage of a file, with or without an expectation. */
import { readFileSync } from 'node:fs';
import { isDecimal, plain } from './decimal.ts';
import { compared } from './differences.ts';
import { expectedSchema, type Fault, unmet, withheldRows } from './expected.ts';
import type { Passage, Passed } from './passage.ts';

/** The verdict told of a file. */
export interface Told {
  readonly file: string;
  readonly end: Passage['end'];
  /** Connector that read it, or code of what stopped it. */
  readonly by: string;
  readonly read: number;
  readonly data: number;
  readonly withheld: number;
  /** Cells that were held against a second reading; null where there is none. */
  readonly compared: number | null;
  readonly expected: boolean;
  readonly faults: readonly Fault[];
  /** Every withheld row with its reason, rows of one reason in one line. */
  readonly reasons: readonly string[];
  /** The proposal, for a writer of an expectation. */
  readonly proposed: string;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Judges a file; `expected` is the path of its expectation, null where it has none. */
export async function judged(file: string, passage: Passage, expected: string | null): Promise<Omit<Told, 'seconds' | 'megabytes'>> {
  const faults: Fault[] = [];
  const told = {
    file,
    end: passage.end,
    expected: expected !== null,
    read: 0,
    data: 0,
    withheld: 0,
    compared: null,
    reasons: [],
    proposed: '',
  };
  if (passage.end === 'broken') faults.push({ kind: 'inner', says: `${passage.code} ${passage.says}`.slice(0, 600) });
  if (expected !== null) faults.push(...unmet(expectedSchema.parse(JSON.parse(readFileSync(expected, 'utf8'))), passage));
  else if (passage.end === 'refused') faults.push({ kind: 'refused', says: `${passage.code}: ${passage.says}` });
  if (passage.end !== 'passed') return { ...told, by: passage.code, faults };
  const { passed } = passage;
  const grid = await compared(file, passed).catch((error: unknown) => ({ cells: 0, differences: [`the second reading failed: ${error}`] }));
  const withheld = withheldRows(passed);
  const reasons = reasonsOf(passed, withheld);
  faults.push(...few('grid', grid.differences), ...few('unlisted', reasons.unlisted), ...few('counts', miscounted(passed, withheld)));
  faults.push(...few('lost', lostValues(passed)), ...few('changed', changedNumbers(passed)));
  const { rows } = passed.upload;
  return {
    ...told,
    by: passed.upload.reading.connector,
    read: rows.rowsIn,
    data: rows.rowsData,
    withheld: withheld.length,
    compared: 'none' in grid ? null : grid.cells,
    faults,
    reasons: reasons.listed,
    proposed: proposedText(passed),
  };
}

/** A kind of fault with how many there are and the first of them. */
const few = (kind: string, all: readonly string[]): Fault[] =>
  all.length === 0 ? [] : [{ kind, says: `${all.length}: ${all.slice(0, 4).join('; ')}`.slice(0, 700) }];

/** Rows 3, 5–9 as a text. */
export function rangesOf(rows: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && row === last[1] + 1) last[1] = row;
    else if (!last || row !== last[1]) ranges.push([row, row]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** The reasons of the withheld rows as the platform lists them, and those rows that it lists no reason for. */
function reasonsOf({ landed, findings }: Passed, withheld: readonly number[]): { listed: string[]; unlisted: string[] } {
  const blocks = findings.filter((f) => f.severity === 'block');
  const byRule = Map.groupBy(blocks, (f) => `${f.title.zh}${f.field === null ? '' : ` (${f.field})`}`);
  const listed = [...byRule].map(
    ([title, some]) =>
      `rows ${rangesOf(some.map((f) => f.row))}: ${title}: ${some[0]?.value == null ? '' : `${JSON.stringify(some[0].value)} `}${some[0]?.reason.zh}`,
  );
  const told = new Set(blocks.filter((f) => f.reason.zh.trim() !== '').map((f) => f.row));
  const faultOf = new Map(landed.flatMap((r) => (r.fault === null ? [] : [[r.row, r.fault] as const])));
  const refused = Map.groupBy(faultOf, ([, fault]) => fault);
  for (const [fault, rows] of refused)
    if (rows.some(([row]) => !told.has(row))) listed.push(`rows ${rangesOf(rows.map(([r]) => r))}: ${fault}`);
  return { listed, unlisted: withheld.filter((row) => !told.has(row) && !faultOf.has(row)).map((row) => `row ${row} has no reason`) };
}

/** The sums of rows that do not come out even. */
function miscounted({ upload, landed, counts, governed }: Passed, withheld: readonly number[]): string[] {
  const { rowsIn, rowsData, rowsRefused, rowsOther } = upload.rows;
  const sums: [string, number, number][] = [
    ['rows read = data + refused + other', rowsIn, rowsData + rowsRefused + rowsOther],
    ['rows read = rows landed', rowsIn, landed.length],
    ['data + refused = governed + quarantined', rowsData + rowsRefused, counts.governed + counts.quarantined],
    ['governed = rows of the table', counts.governed, governed.size],
    ['quarantined = rows withheld', counts.quarantined, withheld.length],
  ];
  return sums.flatMap(([what, a, b]) => (a === b ? [] : [`${what}: ${a} is not ${b}`]));
}

/** A cell that is nothing but a word for no value. */
const noValue =
  /^(null|nil|none|n\/?a|#n\/a|nan|na|undefined|\\n|[-–—－‐―_.…·×xX*/\\?？]+|缺|缺失|无|空|暂无|不详|未知|未统计|未填|无数据)$/iu;

/** Values that are gone from a governed row without a finding that says so. */
function lostValues({ landed, governed, fields, findings, upload }: Passed): string[] {
  const told = new Set(findings.flatMap((f) => (f.field === null ? [] : [`${f.row} ${f.field}`])));
  return landed.flatMap(({ row, cells }) => {
    const values = governed.get(row);
    if (!values) return [];
    return fields.flatMap((f) => {
      const raw = cells[upload.reading.columns.indexOf(f.column)]?.trim() ?? '';
      if (raw === '' || (values[f.name] ?? '') !== '' || noValue.test(raw) || told.has(`${row} ${f.name}`)) return [];
      return [`row ${row}, ${f.column}: ${JSON.stringify(raw)} is gone`];
    });
  });
}

/** Plain decimals whose governed number is another one. */
function changedNumbers({ landed, governed, fields, upload }: Passed): string[] {
  return landed.flatMap(({ row, cells }) => {
    const values = governed.get(row);
    if (!values) return [];
    return fields.flatMap((f) => {
      const raw = cells[upload.reading.columns.indexOf(f.column)]?.trim() ?? '';
      const value = values[f.name] ?? null;
      if (f.type !== 'number' || value === null || !isDecimal(raw)) return [];
      return plain(raw) === plain(value) ? [] : [`row ${row}, ${f.column} (${f.element}): ${raw} became ${value}`];
    });
  });
}

function proposedText({ upload, fields, proposal, sheets }: Passed): string {
  const { layout, said } = upload.reading;
  const key = proposal.key.length === 0 ? 'none' : proposal.key.map((k) => fields.find((f) => f.name === k)?.column ?? k).join('+');
  const head = `titles ${layout.titleRows} header ${layout.headerRows} sheet ${layout.sheet} of ${sheets.length} key ${key} fill ${layout.fillDown}`;
  return [head, fields.map((f) => `${f.column}=${f.element}`).join(' '), said.map((s) => s.zh).join('；')].join(' | ');
}
