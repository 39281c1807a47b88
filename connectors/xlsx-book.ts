/** What a workbook (ECMA-376 part 1, SpreadsheetML) says outside its sheets: which sheets there are, its texts, its number formats. */
import { ConnectorRefusal } from '#declare/connector';
import { type NumberFormat, numberFormat } from './number-format.ts';
import { parseWhole, type Workbook, workbookLimits } from './workbook.ts';
import { isTrue, unescapeText } from './xlsx-cells.ts';

/** The sheets of a workbook and the parts they refer to. */
export interface Book {
  readonly sheets: readonly { readonly name: string; readonly part: string; readonly visible: boolean }[];
  readonly strings: string | null;
  readonly styles: string | null;
  readonly from1904: boolean;
}

/** What else is a zip archive, by a part that it has and a workbook has not. */
const others = [
  { part: 'word/document.xml', zh: 'Word 文档', en: 'a document of Word' },
  { part: 'ppt/presentation.xml', zh: 'PowerPoint 演示文稿', en: 'a presentation of PowerPoint' },
  { part: 'content.xml', zh: 'OpenDocument 文件（.ods、.odt）', en: 'an OpenDocument file (.ods, .odt)' },
  { part: 'index/document.iwa', zh: 'Numbers 或 Pages 文件', en: 'a file of Numbers or Pages' },
] as const;

/** Reads the list of sheets. @throws ConnectorRefusal not-a-workbook */
export async function readBook(workbook: Workbook): Promise<Book> {
  const main = (await relationsOf(workbook, '')).find((r) => r.type === 'officeDocument');
  const other = others.find(({ part }) => workbook.has(part));
  if (other)
    throw new ConnectorRefusal(
      'not-a-workbook',
      `the file is ${other.en}; save its table as .xlsx`,
      `这是 ${other.zh}，请把其中的表另存为 .xlsx`,
    );
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

/** The texts that cells refer to by number. @throws ConnectorRefusal too-large */
export async function readStrings(workbook: Workbook, part: string): Promise<string[]> {
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

/** What every cell style shows of a number, by the number of the style; null where the part cannot be read, which costs the formats and not the file. */
export async function readFormats(workbook: Workbook, part: string): Promise<NumberFormat[] | null> {
  try {
    return await formatsIn(workbook, part);
  } catch (cause) {
    if (cause instanceof ConnectorRefusal && cause.code === 'not-a-workbook') return null;
    throw cause;
  }
}

async function formatsIn(workbook: Workbook, part: string): Promise<NumberFormat[]> {
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
