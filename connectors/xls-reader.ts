/** The process that reads one legacy workbook: prints its sheets, or the rows of one, as lines of JSON. Nothing else runs in it. */
import { readFileSync } from 'node:fs';
import xlsx from 'xlsx';
import { textOf } from './csv-survey.ts';
import { isTableMarkup } from './markup.ts';
import { cellText, numberFormat } from './number-format.ts';
import { beginRows } from './sheet-delivery.ts';
import { Merges, type SheetRow } from './sheet-notes.ts';
import { readOldCodePages } from './xls-code-pages.ts';

const [path, sheet] = process.argv.slice(2);
const print = (line: unknown): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const refuse = (code: string, en: string, zh: string): void => print({ refusal: [code, en, zh] });

/** A cell as text: dates as ISO, numbers without the noise of binary fractions, errors by their name. */
function shownText(cell: xlsx.CellObject | undefined, from1904: boolean): string | null {
  if (cell === undefined || cell.v === undefined || cell.v === null) return null;
  if (cell.t === 'e') return cell.w ?? '#ERROR';
  if (cell.t === 'b') return cell.v ? 'TRUE' : 'FALSE';
  if (cell.t !== 'n') return String(cell.v);
  const stored = Number((cell.v as number).toPrecision(15)).toExponential();
  return cellText(stored, typeof cell.z === 'string' ? numberFormat(-1, cell.z) : undefined, from1904);
}

/** Rows of a sheet that hold anything. */
function* rowsOf(cells: xlsx.WorkSheet, book: xlsx.WorkBook): Generator<SheetRow & { readonly cells: (string | null)[] }> {
  if (!cells['!ref']) return;
  const range = xlsx.utils.decode_range(cells['!ref']);
  const from1904 = book.Workbook?.WBProps?.date1904 === true;
  for (let r = range.s.r; r <= range.e.r; r++) {
    const row: (string | null)[] = [];
    for (let c = 0; c <= range.e.c; c++) row.push(shownText(cells[xlsx.utils.encode_cell({ r, c })], from1904));
    if (row.some((cell) => cell !== null)) yield { number: r + 1, cells: row };
  }
}

function main(): void {
  let book: xlsx.WorkBook;
  let formatsLost = false;
  readOldCodePages(() => {
    formatsLost = true;
  });
  try {
    const bytes = readFileSync(path as string);
    // Styles say which rows and columns are hidden.
    const options = { cellDates: false, cellNF: true, cellHTML: false, cellFormula: false, cellStyles: true, dense: false };
    // Cells of HTML are texts: a number of 18 digits must not become an amount.
    const text = textOf(bytes);
    book = isTableMarkup(text)
      ? xlsx.read(text, { ...options, type: 'string', raw: true })
      : xlsx.read(bytes, { ...options, type: 'buffer' });
  } catch (error) {
    const said = (error as Error).message;
    // A truncated container is taken for a zip archive by the library: what it says of zip encryption is not about a password.
    if (/password|encrypt/i.test(said) && !/zip/i.test(said))
      refuse('encrypted', 'the workbook is protected by a password', '工作簿设有打开密码');
    else if (/Cannot find Workbook stream/.test(said))
      refuse(
        'not-a-workbook',
        'the file is of Office but no workbook (a document of Word, a message): save its table as .xlsx',
        '这是 Office 文件，但不是工作簿（例如 Word 文档、邮件），请把其中的表另存为 .xlsx',
      );
    else refuse('not-a-workbook', `the workbook cannot be read: ${said}`, `工作簿读不出来（${said}）`);
    return;
  }
  const nameOf = (name: string): string => name.replaceAll('\0', '\ufffd');
  const isVisible = (i: number): boolean => !book.Workbook?.Sheets?.[i]?.Hidden;
  const visible = book.SheetNames.filter((_, i) => isVisible(i));
  if (sheet === undefined) {
    const sheets = book.SheetNames.map((name, i) => {
      const cells = book.Sheets[name] ?? {};
      const begins =
        visible.length > 1 &&
        isVisible(i) &&
        rowsOf(cells, book)
          .take(beginRows)
          .map((row) => row.cells);
      return { name: nameOf(name), size: Object.keys(cells).length, visible: isVisible(i), ...(begins && { begins: [...begins] }) };
    });
    print({ sheets });
    return;
  }
  const name = sheet === '' ? visible[0] : book.SheetNames.find((n) => nameOf(n) === sheet);
  const cells = name === undefined ? undefined : book.Sheets[name];
  if (cells === undefined) {
    const names = book.SheetNames.map(nameOf);
    refuse('no-sheet', `no sheet ${sheet}; sheets: ${names.join(', ')}`, `没有工作表“${sheet}”；有：${names.join('、')}`);
    return;
  }
  if (!cells['!ref']) return;
  const range = xlsx.utils.decode_range(cells['!ref']);
  const hiddenColumns = (cells['!cols'] ?? []).flatMap((c, i) => (c?.hidden && i <= range.e.c ? [i] : []));
  const merges = new Merges((cells['!merges'] ?? []).map(({ s, e }) => ({ top: s.r + 1, bottom: e.r + 1, left: s.c, right: e.c })));
  for (const row of rowsOf(cells, book))
    print({ row: row.number, cells: merges.fill(row).cells, hidden: cells['!rows']?.[row.number - 1]?.hidden === true });
  print({ hiddenColumns, ...merges.told, formatsLost });
}

main();
