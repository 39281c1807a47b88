/** The merges that a sheet declares (ECMA-376 part 1, 18.3.1.55). They stand behind its cells, so they are looked for before the cells are read. */
import { ConnectorRefusal } from '#declare/connector';
import type { Merge } from './sheet-notes.ts';
import type { Workbook } from './workbook.ts';
import { columnOf } from './xlsx-cells.ts';

/** A sheet holds fewer; each is kept while its cells are read. */
const mostMerges = 1_000_000;
/** An element that may be cut between two pieces. */
const longestElement = 256;
const longestPrefix = 32;
const endTag = /<\/(?:\w+:)?$/;
const mergeCell = /<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']/gi;

/**
 * Merges of a sheet's part, in no order. Only the end of the part is looked at: what stands in front of the cells' end tag is no merge.
 * @throws ConnectorRefusal too-large
 */
export async function mergesOf(workbook: Workbook, part: string): Promise<readonly Merge[]> {
  let rest = '';
  let isBehind = false;
  let merges: Merge[] = [];
  for await (const piece of workbook.text(part)) {
    let text = rest + piece;
    const end = text.lastIndexOf('sheetData>');
    if (end >= 0 && endTag.test(text.slice(Math.max(0, end - longestPrefix), end))) {
      isBehind = true;
      merges = [];
      text = text.slice(end + 'sheetData>'.length);
    }
    let read = Math.max(0, text.length - longestElement);
    if (isBehind)
      for (const found of text.matchAll(mergeCell)) {
        const [, from = '', top, to = '', bottom] = found;
        const [rows, columns] = [
          [Number(top), Number(bottom)],
          [columnOf(from) - 1, columnOf(to) - 1],
        ];
        merges.push({ top: Math.min(...rows), bottom: Math.max(...rows), left: Math.min(...columns), right: Math.max(...columns) });
        if (merges.length > mostMerges)
          throw new ConnectorRefusal(
            'too-large',
            `the sheet declares more than ${mostMerges} merged cells`,
            `工作表声明的合并单元格超过 ${mostMerges} 处`,
          );
        read = Math.max(read, found.index + found[0].length);
      }
    rest = text.slice(read);
  }
  return merges;
}
