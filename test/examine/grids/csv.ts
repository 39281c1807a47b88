/** A second reading of a text file (RFC 4180, and what departments make of it), which shares nothing with the connector. */
import { readFileSync } from 'node:fs';

/** Rows of cells by row number from 1. A cell is text, empty where nothing stands; null is a row that no two readers need agree on. */
export type TextGrid = ReadonlyMap<number, readonly string[] | null>;

/** Reads a text file, a record a row. A record whose quotes are out of order is null: the platform refuses it. */
export function csvGrid(path: string, encoding: string, delimiter: string): TextGrid {
  const text = new TextDecoder(encoding).decode(readFileSync(path));
  const grid = new Map<number, readonly string[] | null>();
  let at = 0;
  let row = 1;
  while (at < text.length) {
    const cells: string[] = [];
    let isBroken = false;
    for (;;) {
      const quoted = quotedAt(text, at);
      if (quoted !== null && (quoted.end >= text.length || isEnd(text, quoted.end, delimiter))) {
        cells.push(quoted.cell);
        at = quoted.end;
      } else {
        let end = at;
        while (end < text.length && !isEnd(text, end, delimiter)) end++;
        const cell = text.slice(at, end);
        isBroken ||= cell.trimStart().startsWith('"');
        cells.push(cell);
        at = end;
      }
      if (!text.startsWith(delimiter, at)) break;
      at += delimiter.length;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    grid.set(row++, isBroken ? null : cells);
  }
  return grid;
}

const isEnd = (text: string, at: number, delimiter: string): boolean =>
  text[at] === '\n' || text[at] === '\r' || text.startsWith(delimiter, at);

/** The quoted cell that begins here, and the place behind its closing quote; null where none does or none ends. */
function quotedAt(text: string, from: number): { readonly cell: string; readonly end: number } | null {
  if (text[from] !== '"') return null;
  for (let at = from + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return null;
    if (text[at + 1] !== '"') return { cell: text.slice(from + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
}
