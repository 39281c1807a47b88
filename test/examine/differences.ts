/** Where the landed grid of a file differs from a second reading of the file. */
import { csvGrid } from './grids/csv.ts';
import { type Json, jsonIn, jsonOf, listsOf, namesOf, scalarsOf, textOf, textsOf, under } from './grids/json.ts';
import { saysStored, xlsxGrid } from './grids/xlsx.ts';
import type { Passed } from './passage.ts';

/** What a comparison came to. */
export interface Compared {
  /** Cells that were compared. */
  readonly cells: number;
  readonly differences: readonly string[];
  /** Why there is no second reading, where there is none. */
  readonly none?: string;
}

/** Compares what landed with a second reading of the file. */
export async function compared(file: string, passed: Passed): Promise<Compared> {
  const { connector, layout, settings } = passed.upload.reading;
  const encoding = layout.encoding ?? 'utf-8';
  if (connector === 'csv') return comparedText(csvGrid(file, encoding, String(settings['delimiter'] ?? ',')), passed);
  if (connector === 'xlsx') return comparedSheet(await xlsxGrid(file, layout.sheet), passed);
  if (connector === 'json') return comparedJson(jsonOf(file, encoding, settings['lines'] === true), passed);
  return { cells: 0, differences: [], none: `no second reader for ${connector}` };
}

const quoted = (text: string | null | undefined): string => JSON.stringify(text ?? null);

/** The first cells of rows that fill no other, from the top down: what may be a heading of those below. */
type Headings = readonly { readonly row: number; readonly text: string }[];

/** Whether a cell beyond the file's own says the heading above its row, behind those of higher levels. */
function saysHeading(text: string, row: number, headings: Headings): boolean {
  const above = headings.filter((h) => h.row < row && !/^[（(]?\s*单位/u.test(h.text));
  const nearest = above.at(-1)?.text;
  if (nearest === undefined || !(text === nearest || text.endsWith(`·${nearest}`))) return false;
  const higher = text.slice(0, text.length - nearest.length);
  return higher === '' || above.some((h) => higher.includes(h.text));
}

function comparedText(grid: ReturnType<typeof csvGrid>, { landed }: Passed): Compared {
  const differences: string[] = [];
  let cells = 0;
  const seen = new Set<number>();
  const own = Math.max(...[...grid.values()].map((wanted) => wanted?.length ?? 0));
  const headings = [...grid].flatMap(([row, wanted]) => {
    const filled = wanted?.map((c) => c.trim()).filter((c) => c !== '') ?? [];
    return filled.length === 1 ? [{ row, text: filled[0] as string }] : [];
  });
  for (const { row, fault, cells: found } of landed) {
    seen.add(row);
    const wanted = grid.get(row);
    // A row that was refused is withheld and listed as that; what it holds stands there raw.
    if (fault !== null || wanted === null) continue;
    if (wanted === undefined) differences.push(`row ${row} is not in the file`);
    for (let c = 0; wanted && c < Math.max(found.length, wanted.length); c++) {
      cells++;
      if ((found[c] ?? '') === (wanted[c] ?? '') || (c >= own && saysHeading(found[c] ?? '', row, headings))) continue;
      differences.push(`row ${row}, cell ${c + 1}: ${quoted(found[c])} is ${quoted(wanted[c])}`);
    }
  }
  for (const [row, wanted] of grid)
    if (!seen.has(row) && wanted?.some((c) => c.trim() !== '')) differences.push(`row ${row} of the file did not land`);
  return { cells, differences };
}

function comparedSheet(grid: Awaited<ReturnType<typeof xlsxGrid>>, { landed }: Passed): Compared {
  const differences: string[] = [];
  let cells = 0;
  const seen = new Set<number>();
  const filledOf = (row: number) => [...(grid.get(row) ?? [])].filter(([, cell]) => !saysStored(null, cell));
  const own = Math.max(...[...grid.keys()].map((row) => filledOf(row).at(-1)?.[0] ?? 0));
  const headings = landed.flatMap(({ row, cells: found }) => {
    const [only, ...others] = filledOf(row);
    const text = only && others.length === 0 ? (found[only[0] - 1]?.trim() ?? '') : '';
    return text === '' ? [] : [{ row, text }];
  });
  for (const { row, fault, cells: found } of landed) {
    seen.add(row);
    if (fault !== null) continue;
    const wanted = grid.get(row);
    for (let c = 1; c <= Math.max(found.length, ...(wanted?.keys() ?? [])); c++) {
      cells++;
      const [text, cell] = [found[c - 1] ?? null, wanted?.get(c)];
      if (saysStored(text, cell) || (c > own && saysHeading(text ?? '', row, headings))) continue;
      differences.push(`row ${row}, cell ${c}: ${quoted(text)} is ${JSON.stringify(cell?.value ?? null)} ${cell?.format ?? ''}`);
    }
  }
  for (const row of grid.keys()) if (!seen.has(row) && filledOf(row).length > 0) differences.push(`row ${row} of the sheet did not land`);
  return { cells, differences };
}

/**
 * A JSON file has no grid of its own: every landed cell must be a value, a name or a whole part of the file, at its very place where the rows
 * are one of its lists; and no value may be missing, unless the platform offers other tables of the file that may hold it.
 */
function comparedJson(whole: Json, passed: Passed): Compared {
  const { columns } = passed.upload.reading;
  const rows = passed.landed.filter((r) => r.fault === null);
  const differences: string[] = [];
  const [scalars, names, parts] = [scalarsOf(whole), namesOf(whole), textsOf(whole)];
  let cells = 0;
  for (const { row, cells: found } of rows)
    for (const [c, text] of found.entries()) {
      cells++;
      if (text === null || text === '' || scalars.has(text) || names.has(text) || parts.has(text)) continue;
      // A place in a list or a depth in a tree is counted and stands nowhere.
      if (!names.has(columns[c] ?? '') && /^\d{1,6}$/u.test(text)) continue;
      differences.push(`row ${row}, ${columns[c]}: ${quoted(text)} is not in the file`);
    }
  const placed = listsOf(whole)
    .filter((items) => items.length === passed.landed.length)
    .map((items) => misplaced(items, passed))
    .toSorted((a, b) => b.known - a.known || a.differences.length - b.differences.length)[0];
  differences.push(...(placed?.differences ?? []));
  if (passed.sheets.length <= 1) differences.push(...missing(scalars, passed.landed));
  return { cells, differences };
}

/** Cells that are not what stands in the item of their row under the name of their column; `known` columns are names of the items. */
function misplaced(
  items: readonly Json[],
  { landed, upload }: Passed,
): { readonly known: number; readonly differences: readonly string[] } {
  const { columns } = upload.reading;
  const at = (item: Json, column: string): Json | undefined => under(item, column) ?? under(item, `properties.${column}`);
  const known = columns.map((column) => items.some((item) => at(item, column) !== undefined));
  const differences = landed.flatMap(({ row, fault, cells }, i) =>
    fault !== null
      ? []
      : columns.flatMap((column, c) => {
          const value = known[c] ? at(items[i] as Json, column) : undefined;
          if (!known[c] || (cells[c] ?? null) === shown(value)) return [];
          return [`row ${row}, ${column}: ${quoted(cells[c])} is ${quoted(shown(value))}`];
        }),
  );
  return { known: known.filter(Boolean).length, differences };
}

const shown = (value: Json | undefined): string | null => (value === undefined ? null : value.is === 'scalar' ? value.text : textOf(value));

/** Values of the file that stand in fewer cells than in the file. A row that was refused holds its own raw, where what cannot be kept is marked. */
function missing(scalars: ReadonlyMap<string, number>, rows: Passed['landed']): string[] {
  const held = new Map<string, number>();
  const refused = rows.flatMap((r) => (r.fault === null ? [] : [r.cells[0] ?? '']));
  for (const { cells } of rows.filter((r) => r.fault === null))
    for (const text of cells) {
      if (text === null) continue;
      held.set(text, (held.get(text) ?? 0) + 1);
      const inner = /^[[{]/u.test(text) ? jsonIn(text) : undefined;
      if (inner) scalarsOf(inner, held);
    }
  return [...scalars].flatMap(([text, count]) =>
    (held.get(text) ?? 0) + refused.filter((raw) => raw.includes(text.replaceAll('\0', '\u2400').toWellFormed())).length < count
      ? [`${quoted(text)} stands ${count} times in the file and ${held.get(text) ?? 0} times in what landed`]
      : [],
  );
}
