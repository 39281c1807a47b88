/** What a sheet says beside its cells, told to the person who delivers it. */
import type { SheetNotes } from '#declare';
import { fileColumns } from './group-column.ts';
import type { UploadReading } from './uploads.ts';

/**
 * The reading with the notes told beside it. Hidden columns are for a person to take, hidden rows are taken. Merges were read as the file declares
 * them; what they cover to the right is absent. A formula without a result is absent.
 */
export function withNotes<R extends UploadReading>(reading: R, notes: SheetNotes | undefined): R {
  if (!notes) return reading;
  const { hidden, merged, across, unreckoned, formatsLost, short, unpaired } = notes;
  const named = (places: readonly number[]): string[] => places.flatMap((place) => reading.columns[place] ?? []);
  const columns = named(hidden.columns);
  const told = (places: readonly number[], between: string): string => named(places).join(between);
  const covered = fileColumns(reading.columns, reading.layout).filter((_, place) =>
    across.some(({ from, to }) => from <= place && place <= to),
  );
  const said = [
    columns.length > 0 && {
      zh: `工作簿隐藏了 ${columns.length} 列（${columns.join('、')}）：先不采用，请确认`,
      en: `the workbook hides ${columns.length} columns (${columns.join(', ')}): not taken until a person does`,
    },
    hidden.rows > 0 && {
      zh: `工作簿隐藏了 ${hidden.rows} 行（从第 ${hidden.firstRow} 行起，可能是筛选）：照样读入，请核对`,
      en: `the workbook hides ${hidden.rows} rows (from row ${hidden.firstRow} on, by a filter perhaps): read like the others, please check`,
    },
    merged.cells > 0 && {
      zh: `${told(merged.columns, '、')}：文件声明了合并单元格，${merged.cells} 个被并入的单元格取合并单元格的值`,
      en: `${told(merged.columns, ', ')}: the file declares merged cells, and ${merged.cells} cells within them have the value of the merge`,
    },
    covered.length > 0 && {
      zh: `${covered.join('、')}：数据里有 ${across.length} 处横向合并单元格（从第 ${across[0]?.row} 行起），只有最左一格有值，其余当作缺失，请核对`,
      en: `${covered.join(', ')}: ${across.length} merges span columns within the data (from row ${across[0]?.row} on); only the leftmost cell has the value, the others are absent, please check`,
    },
    unreckoned.cells > 0 && {
      zh: `${told(unreckoned.columns, '、')}：${unreckoned.cells} 个公式没有存下结果（从第 ${unreckoned.firstRow} 行起），当作缺失；请用表格软件打开、重算并保存后再上传`,
      en: `${told(unreckoned.columns, ', ')}: ${unreckoned.cells} formulas have no stored result (from row ${unreckoned.firstRow} on) and are read as absent; open the file in a spreadsheet program, save it and upload it again`,
    },
    formatsLost && {
      zh: '工作簿的数字格式有读不出来的：日期可能成了序号，金额可能少了单位，请核对',
      en: 'number formats of the workbook cannot be read: a day may be a serial number, an amount may lack its unit, please check',
    },
    unpaired !== undefined &&
      unpaired.rows > 0 && {
        zh: `${unpaired.rows} 行的双引号没有配对（从第 ${unpaired.firstRow} 行起）：引号当作文字照样读入，请核对`,
        en: `${unpaired.rows} rows have quotes that do not pair (from row ${unpaired.firstRow} on): read as characters, please check`,
      },
    short !== undefined &&
      short.rows > 0 && {
        zh: `${short.rows} 行的单元格比表头少（从第 ${short.firstRow} 行起）：缺的当作末尾的空单元格照样读入${short.isOpen ? '；最后一行没有换行，可能没有写完' : ''}，请核对`,
        en: `${short.rows} rows have fewer cells than the header (from row ${short.firstRow} on): read with the last ones absent${short.isOpen ? '; the last row has no line break and may be cut off' : ''}, please check`,
      },
  ].filter((s) => s !== false);
  return { ...reading, ...(columns.length > 0 && { hidden: columns }), said: [...reading.said, ...said] };
}
