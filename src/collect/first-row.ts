/** A first row that is data already, told by what stands below it. */
import { filled, type Grid, isYear, repeatsBelow, shapeOf } from './cell-shape.ts';

/** A first row is data when, in the columns that hold amounts, dates or codes below, it holds such a value too. */
export function looksLikeData(row: readonly (string | null)[], below: Grid, width: number): boolean {
  // A row alone says nothing of what rows are like here.
  if (below.length === 0) return false;
  // A word above numbers, days or codes says what they are; above words it may be one of them.
  if (width === 1 && shapeOf(row[0]) === 'text' && below.filter((r) => shapeOf(r[0]) === 'text').length > below.length / 2) {
    const word = columnWord(row[0]);
    return word === undefined || below.filter((r) => columnWord(r[0]) === word).length > below.length / 2;
  }
  // The values of a row of words come again below when they are values. A header that is printed again on every page comes again whole.
  if (
    filled(row) > 1 &&
    repeatsBelow(
      row,
      below.filter((r) => r.some((c, i) => c !== (row[i] ?? null))),
    )
  )
    return true;
  let spoken = 0;
  let same = 0;
  for (let i = 0; i < width; i++) {
    const shapes = below.map((r) => shapeOf(r[i])).filter((s) => s !== 'none');
    const marked = shapes.filter((s) => s !== 'text').length;
    if (shapes.length === 0 || marked < 0.8 * shapes.length) continue;
    spoken++;
    const own = shapeOf(row[i]);
    // Years head the columns of a table of years: a number above numbers proves nothing by itself when it is a year and they are not.
    if (own !== 'text' && own !== 'none' && !(isYear(row[i]) && !below.every((r) => r[i] == null || isYear(r[i])))) same++;
  }
  return spoken > 0 ? same > spoken / 2 : wordsLikeBelow(row, below, width);
}

/** How values of one kind end: 云岭区, 青石区, 东湖县. */
const fewEndings = 3;
/** Rows from which on an ending says anything. */
const enoughRows = 3;

/** A first row of words is data when each column whose values end alike has such a word there too, and none of the words names a column. */
function wordsLikeBelow(row: readonly (string | null)[], below: Grid, width: number): boolean {
  if (namesColumns(row, below) || isNoneOfFew(row, below, width)) return false;
  let alike = 0;
  for (let i = 0; i < width; i++) {
    const own = row[i] ?? null;
    const values = below.flatMap((r) => r[i] ?? []).filter((v) => v.length > 1);
    const endings = new Set(values.map((v) => v.at(-1)));
    if (values.length < Math.max(enoughRows, 0.8 * below.length) || endings.size > fewEndings || endings.size > values.length / 2) continue;
    if (own === null || own.length < 2 || !endings.has(own.at(-1))) return false;
    alike++;
  }
  return alike > 0;
}

/** Whether each column below has few values that come again and again, and the word of the row is none of them. */
const isNoneOfFew = (row: readonly (string | null)[], below: Grid, width: number): boolean =>
  width > 1 &&
  Array.from({ length: width }, (_, i) => i).every((i) => {
    const values = below.flatMap((r) => r[i] ?? []);
    const distinct = new Set(values);
    return row[i] != null && values.length >= 0.8 * below.length && distinct.size <= values.length / 4 && !distinct.has(row[i] as string);
  });

/** Whether a word of the row says what a column is about and is not how the values below end as well. */
export const namesColumns = (row: readonly (string | null)[], below: Grid): boolean =>
  row.some((cell, i) => {
    const word = columnWord(cell);
    return word !== undefined && below.filter((r) => columnWord(r[i]) === word).length <= below.length / 2;
  });

/** With what the name of a column ends; of a list of words nothing else tells whether the first is one of them or says what they are. */
const columnWords =
  /(名|名称|名单|名录|清单|编号|代码|编码|号|号码|电话|手机|地址|住址|住所|日期|时间|年份|类型|类别|种类|状态|备注|说明|金额|数量|单位|部门|机构|企业|公司|地区|城市|区县|街道|社区|学校|项目|标题|内容|所[在属][省市县区地]|行政区|县区|市区|区域|省份|乡镇|人员|对象|学生|教师|职工|成员|户主|家庭|儿童|老人|党员|序号|字段|指标|性别|民族|邮箱|网址|id|name|code|no|number|phone|tel|mobile|city|title|url|email|date|time|type|address|value)$/iu;

/** Whether a grid of two columns is a form written downwards: labels of different things at the left, values of several kinds at the right. */
export function isWrittenDownwards(rows: Grid, width: number): boolean {
  const labels = rows.map((r) => r[0] ?? '');
  const kinds = new Set(rows.map((r) => shapeOf(r[1])).filter((s) => s !== 'none'));
  return (
    width === 2 &&
    rows.length >= 4 &&
    kinds.size > 1 &&
    new Set(labels).size === labels.length &&
    labels.filter((l) => columnWord(l) !== undefined || /[人数度额率期况见]$/u.test(l)).length >= labels.length / 2
  );
}

const columnWord = (cell: string | null | undefined): string | undefined =>
  columnWords.exec((cell ?? '').replace(/[（(【[].*$/u, '').trim())?.[1];
