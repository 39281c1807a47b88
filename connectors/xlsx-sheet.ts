/** One sheet of a workbook as rows of cell texts (ECMA-376 part 1, SpreadsheetML), read piece by piece. */
import { ConnectorRefusal, type SheetNotes } from '#declare/connector';
import { cellText, type NumberFormat } from './number-format.ts';
import { beginRows, type surveyOf } from './sheet-delivery.ts';
import { type Merge, Merges, type SheetRow, Tally } from './sheet-notes.ts';
import type { Workbook } from './workbook.ts';
import { readBook, readFormats, readStrings } from './xlsx-book.ts';
import { columnOf, isTrue, unescapeText } from './xlsx-cells.ts';
import { mergesOf } from './xlsx-merges.ts';

/** The largest grid Excel knows. */
const mostRows = 1_048_576;
const mostColumns = 16_384;

/**
 * Yields the rows that the sheet's XML holds, in ascending order, with the bytes of the sheet read so far. `name` null takes the first
 * visible sheet. Formulas give their stored value, booleans TRUE and FALSE, errors their text (`#N/A`). Merged cells: the file holds the
 * text in the top-left cell; where the merge spans rows each of them takes it in that column (see `Merges`). Refuses with `no-sheet`, `not-a-workbook` and `too-large`.
 */
export async function* sheetRows(
  workbook: Workbook,
  name: string | null,
): AsyncGenerator<{ rows: SheetRow[]; done: number; size: number; notes: SheetNotes }> {
  const book = await readBook(workbook);
  const sheet = name === null ? book.sheets.find((s) => s.visible) : book.sheets.find((s) => s.name === name);
  if (sheet === undefined)
    throw new ConnectorRefusal(
      'no-sheet',
      `${name === null ? 'no visible sheet' : `no sheet ${name}`}; sheets: ${book.sheets.map((s) => s.name).join(', ')}`,
    );
  const strings = book.strings === null ? [] : await readStrings(workbook, book.strings);
  const formats = book.styles === null ? [] : await readFormats(workbook, book.styles);
  const merges = await mergesOf(workbook, sheet.part);
  const reader = new SheetReader({ strings, formats: formats ?? [], formatsLost: formats === null, from1904: book.from1904, merges });
  const size = workbook.size(sheet.part);
  for await (const done of workbook.parse(sheet.part, reader)) yield { rows: reader.take(), done, size, notes: reader.notes };
}

/** The worksheets in their order. `size` is the unpacked size of the sheet's part, bytes. */
export async function sheetsOf(workbook: Workbook): Promise<Parameters<typeof surveyOf>[0]> {
  const { sheets, strings, from1904 } = await readBook(workbook);
  const all = sheets.map(({ name, visible, part }) => ({ name, visible, size: workbook.size(part) }));
  if (all.filter((s) => s.visible).length < 2) return all;
  const known = {
    strings: strings === null ? [] : await readStrings(workbook, strings),
    formats: [],
    formatsLost: false,
    from1904,
    merges: [],
  };
  const begun: Parameters<typeof surveyOf>[0][number][] = [];
  for (const [i, sheet] of all.entries()) {
    const begins = sheet.visible ? await beginningOf(workbook, sheets[i]?.part ?? '', new SheetReader(known)) : null;
    begun.push({ ...sheet, ...(begins && { begins }) });
  }
  return begun;
}

/** The first rows of a sheet; null where it cannot be read, which matters when it is chosen. */
async function beginningOf(workbook: Workbook, part: string, reader: SheetReader): Promise<SheetRow['cells'][] | null> {
  const rows: SheetRow[] = [];
  try {
    for await (const _ of workbook.parse(part, reader)) {
      rows.push(...reader.take());
      if (rows.length >= beginRows) break;
    }
  } catch (cause) {
    if (cause instanceof ConnectorRefusal) return null;
    throw cause;
  }
  return rows.slice(0, beginRows).map((row) => row.cells);
}

/** What the rest of the workbook, and the end of the sheet, say of its cells. */
interface KnownOfSheet {
  readonly strings: readonly string[];
  readonly formats: readonly NumberFormat[];
  readonly formatsLost: boolean;
  readonly from1904: boolean;
  readonly merges: readonly Merge[];
}

/** Handlers of a sheet's part: its rows as texts, and the sentences said of them. */
export class SheetReader {
  readonly #known: KnownOfSheet;
  #rows: SheetRow[] = [];
  #row = 0;
  #cells: (string | null | undefined)[] = [];
  #column = 0;
  #type = 'n';
  #style = -1;
  #value: string | null = null;
  #collecting = false;
  #phonetic = false;
  #inCell = false;
  #isHiddenRow = false;
  #hasFormula = false;
  readonly #hidden: { columns: number[]; rows: number; firstRow: number | null } = { columns: [], rows: 0, firstRow: null };
  readonly #unreckoned = new Tally();
  readonly #merges: Merges;

  constructor(known: KnownOfSheet) {
    this.#known = known;
    this.#merges = new Merges(known.merges);
  }

  /** The rows finished since the last call. */
  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  get notes(): SheetNotes {
    return { ...this.#merges.told, hidden: this.#hidden, unreckoned: this.#unreckoned.told, formatsLost: this.#known.formatsLost };
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'col') this.#hide(attributes);
    else if (name === 'c') {
      this.#inCell = true;
      this.#column = attributes.r === undefined ? this.#column + 1 : columnOf(attributes.r);
      if (this.#column < 1 || this.#column > mostColumns)
        throw new ConnectorRefusal(
          'too-large',
          `row ${this.#row} has a cell outside the ${mostColumns} columns of a sheet`,
          `第 ${this.#row} 行有超出 ${mostColumns} 列的单元格`,
        );
      this.#type = attributes.t ?? 'n';
      this.#style = attributes.s === undefined ? -1 : Number(attributes.s);
      this.#value = null;
      this.#hasFormula = false;
    } else if (name === 'row') {
      const number = attributes.r === undefined ? this.#row + 1 : Number(attributes.r);
      if (!(number > this.#row))
        throw new ConnectorRefusal(
          'not-a-workbook',
          `row ${attributes.r} of the sheet is out of order`,
          `工作表第 ${attributes.r} 行次序不对`,
        );
      if (!Number.isInteger(number) || number > mostRows)
        throw new ConnectorRefusal(
          'too-large',
          `row ${attributes.r} is outside the ${mostRows} rows of a sheet`,
          `第 ${attributes.r} 行超出 ${mostRows} 行`,
        );
      this.#row = number;
      this.#isHiddenRow = isTrue(attributes.hidden);
      this.#cells = [];
      this.#column = 0;
    } else if (!this.#inCell) return;
    else if (name === 'f') this.#hasFormula = true;
    else if (name === 'rPh') this.#phonetic = true;
    else if (name === 'v' || (name === 't' && !this.#phonetic)) {
      this.#collecting = true;
      this.#value ??= '';
    }
  }

  text(text: string): void {
    if (this.#collecting) this.#value = (this.#value ?? '') + text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#collecting = false;
    else if (name === 'rPh') this.#phonetic = false;
    else if (name === 'c') {
      this.#inCell = false;
      const text = this.#value === null ? null : this.#textOf(this.#value);
      if (text !== null) this.#cells[this.#column - 1] = text;
      else if (this.#hasFormula) this.#unreckoned.add(this.#row, this.#column - 1);
    } else if (name === 'row') {
      this.#rows.push(this.#merges.fill({ number: this.#row, cells: this.#cells }));
      if (!this.#isHiddenRow || !this.#cells.some((c) => c != null && c !== '')) return;
      this.#hidden.rows++;
      this.#hidden.firstRow ??= this.#row;
    }
  }

  #hide({ hidden, width, min, max }: Readonly<Record<string, string>>): void {
    if (!isTrue(hidden) && Number(width ?? 1) !== 0) return;
    for (let place = Number(min); place <= Math.min(Number(max), mostColumns); place++) this.#hidden.columns.push(place - 1);
  }

  #textOf(value: string): string | null {
    switch (this.#type) {
      case 's': {
        const text = this.#known.strings[Number(value)];
        if (text === undefined)
          throw new ConnectorRefusal('not-a-workbook', `row ${this.#row} refers to shared string ${value}, which does not exist`);
        return text;
      }
      case 'str':
      case 'inlineStr':
        return unescapeText(value);
      case 'b':
        return isTrue(value.trim()) ? 'TRUE' : 'FALSE';
      case 'e':
        return value;
      case 'd':
        return value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/, '$1 $2').replace(/^(\d{4}-\d\d-\d\d) 00:00:00(\.0+)?Z?$/, '$1');
      default: {
        if (value.trim() === '') return null;
        return cellText(value, this.#known.formats[this.#style], this.#known.from1904);
      }
    }
  }
}
