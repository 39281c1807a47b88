/** One sheet of a workbook as rows of cell texts (ECMA-376 part 1, SpreadsheetML), read piece by piece. */
import { ConnectorRefusal, type Hidden } from '#declare/connector';
import { cellText, type NumberFormat, numberFormat } from './number-format.ts';
import { parseWhole, type Workbook, workbookLimits } from './workbook.ts';
import { columnOf, unescapeText } from './xlsx-cells.ts';

/** A row of the sheet's XML: its grid row number and its cells by position; a hole or null is an absent cell. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly (string | null | undefined)[];
}

/** The largest grid Excel knows. */
const mostRows = 1_048_576;
const mostColumns = 16_384;

interface Book {
  readonly sheets: readonly { readonly name: string; readonly part: string; readonly visible: boolean }[];
  readonly strings: string | null;
  readonly styles: string | null;
  readonly from1904: boolean;
}

/**
 * Yields the rows that the sheet's XML holds, in ascending order, with the bytes of the sheet read so far. `name` null takes the first
 * visible sheet. Formulas give their stored value, booleans TRUE and FALSE, errors their text (`#N/A`). Merged cells: the file holds the
 * text in the top-left cell, the others are absent. Refuses with `no-sheet`, `not-a-workbook` and `too-large`.
 */
export async function* sheetRows(
  workbook: Workbook,
  name: string | null,
): AsyncGenerator<{ rows: SheetRow[]; done: number; size: number; hidden: Hidden }> {
  const book = await readBook(workbook);
  const sheet = name === null ? book.sheets.find((s) => s.visible) : book.sheets.find((s) => s.name === name);
  if (sheet === undefined)
    throw new ConnectorRefusal(
      'no-sheet',
      `${name === null ? 'no visible sheet' : `no sheet ${name}`}; sheets: ${book.sheets.map((s) => s.name).join(', ')}`,
    );
  const strings = book.strings === null ? [] : await readStrings(workbook, book.strings);
  const formats = book.styles === null ? [] : await readFormats(workbook, book.styles);
  const reader = new SheetReader(strings, formats, book.from1904);
  const size = workbook.size(sheet.part);
  for await (const done of workbook.parse(sheet.part, reader)) yield { rows: reader.take(), done, size, hidden: reader.hidden };
}

async function readBook(workbook: Workbook): Promise<Book> {
  const main = (await relationsOf(workbook, '')).find((r) => r.type === 'officeDocument');
  if (main === undefined) throw new ConnectorRefusal('not-a-workbook', 'the archive holds no workbook', '压缩包里没有工作簿');
  if (main.target.endsWith('.bin'))
    throw new ConnectorRefusal(
      'not-a-workbook',
      'the file is a binary .xlsb workbook; save it as .xlsx',
      '这是 .xlsb 二进制工作簿，请另存为 .xlsx',
    );
  const relations = await relationsOf(workbook, main.target);
  const sheets: { name: string; part: string; visible: boolean }[] = [];
  let from1904 = false;
  await parseWhole(workbook, main.target, {
    open(element, attributes) {
      if (element === 'workbookPr') from1904 = isTrue(attributes.date1904);
      if (element !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((r) => r.id === id);
      if (relation?.type === 'worksheet')
        sheets.push({ name: attributes.name ?? '', part: relation.target, visible: (attributes.state ?? 'visible') === 'visible' });
    },
  });
  const part = (type: string): string | null => {
    const target = relations.find((r) => r.type === type)?.target;
    return target !== undefined && workbook.has(target) ? target : null;
  };
  return { sheets, strings: part('sharedStrings'), styles: part('styles'), from1904 };
}

/** The worksheets in their order. `size` is the unpacked size of the sheet's part, bytes. */
export async function sheetsOf(workbook: Workbook): Promise<readonly { name: string; visible: boolean; size: number }[]> {
  return (await readBook(workbook)).sheets.map(({ name, visible, part }) => ({ name, visible, size: workbook.size(part) }));
}

interface Relation {
  readonly id: string;
  /** Last word of the relationship type, the same in the transitional and the strict form. */
  readonly type: string;
  readonly target: string;
}

async function relationsOf(workbook: Workbook, part: string): Promise<Relation[]> {
  const folder = part.split('/').slice(0, -1);
  const path = [...folder, '_rels', `${part.split('/').at(-1)}.rels`].join('/');
  const relations: Relation[] = [];
  if (!workbook.has(path)) return relations;
  await parseWhole(workbook, path, {
    open(element, { Id, Type, Target, TargetMode }) {
      if (element !== 'Relationship' || Id === undefined || Type === undefined || Target === undefined || TargetMode === 'External') return;
      const steps = Target.startsWith('/') ? [] : [...folder];
      for (const step of Target.split('/')) {
        if (step === '..') steps.pop();
        else if (step !== '.' && step !== '') steps.push(step);
      }
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), target: steps.join('/') });
    },
  });
  return relations;
}

async function readStrings(workbook: Workbook, part: string): Promise<string[]> {
  if (workbook.size(part) > workbookLimits.strings)
    throw new ConnectorRefusal(
      'too-large',
      `the shared strings unpack to more than ${workbookLimits.strings} bytes`,
      `文字表展开后超过 ${workbookLimits.strings} 字节`,
    );
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = false;
  await parseWhole(workbook, part, {
    open(name) {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't') inText = !phonetic;
    },
    text(text) {
      if (inText) current += text;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si') strings.push(unescapeText(current));
    },
  });
  return strings;
}

/** What every cell style shows of a number, by the number of the style. */
async function readFormats(workbook: Workbook, part: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let inCells = false;
  await parseWhole(workbook, part, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
      else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) {
        const id = Number(attributes.numFmtId ?? 0);
        formats.push(numberFormat(id, codes.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return formats;
}

class SheetReader {
  readonly #strings: readonly string[];
  readonly #formats: readonly NumberFormat[];
  readonly #from1904: boolean;
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
  readonly hidden: { columns: number[]; rows: number; firstRow: number | null } = { columns: [], rows: 0, firstRow: null };

  constructor(strings: readonly string[], formats: readonly NumberFormat[], from1904: boolean) {
    this.#strings = strings;
    this.#formats = formats;
    this.#from1904 = from1904;
  }

  /** The rows finished since the last call. */
  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
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
      if (this.#value !== null) this.#cells[this.#column - 1] = this.#textOf(this.#value);
    } else if (name === 'row') {
      this.#rows.push({ number: this.#row, cells: this.#cells });
      if (!this.#isHiddenRow || !this.#cells.some((c) => c != null && c !== '')) return;
      this.hidden.rows++;
      this.hidden.firstRow ??= this.#row;
    }
  }

  #hide({ hidden, width, min, max }: Readonly<Record<string, string>>): void {
    if (!isTrue(hidden) && Number(width ?? 1) !== 0) return;
    for (let place = Number(min); place <= Math.min(Number(max), mostColumns); place++) this.hidden.columns.push(place - 1);
  }

  #textOf(value: string): string | null {
    switch (this.#type) {
      case 's': {
        const text = this.#strings[Number(value)];
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
        return cellText(value, this.#formats[this.#style], this.#from1904);
      }
    }
  }
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';
