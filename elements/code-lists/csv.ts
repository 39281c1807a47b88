/** Reading the tables beside the code lists: comma-separated, quoted where a comma stands inside, a header row. */
import { readFileSync } from 'node:fs';

/**
 * The rows of `elements/data/<file>` by column name. The files are ours, so a row of another width is a mistake and throws.
 */
export function readTable<Column extends string>(file: string, columns: readonly Column[]): readonly Readonly<Record<Column, string>>[] {
  const [head = '', ...lines] = readFileSync(new URL(`../data/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const names = cells(head);
  const places = columns.map((column) => names.indexOf(column));
  if (places.includes(-1)) throw new Error(`${file} has no column ${columns[places.indexOf(-1)]}`);
  return lines.map((line) => {
    const row = cells(line);
    if (row.length !== names.length) throw new Error(`${file}: ${row.length} cells instead of ${names.length} in: ${line}`);
    return Object.fromEntries(columns.map((column, i) => [column, row[places[i] as number]])) as Record<Column, string>;
  });
}

function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/gu)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
