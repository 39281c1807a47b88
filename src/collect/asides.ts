/** Rows among the data of a file that are none: headings of groups, sums, the header on every page. Found to be proposed; a person may say otherwise. */
import type { Aside, Layout } from '#declare';
import type { Kernel } from '#kernel/stage';
import { type Said, shapeOf } from './cell-shape.ts';
import { headOf, marksOf } from './grid.ts';
import { isUnitLine } from './unit-words.ts';

/** What was found, and why. */
export interface FoundAsides {
  readonly asides: readonly Aside[];
  /** Whether the headings say of the rows below them what group they are. */
  readonly hasGroups: boolean;
  readonly said: readonly Said[];
}

/** A table of fewer columns has rows with one cell anyway. */
const fewestColumns = 3;
/** Nobody prints a wider one with headings and sums; every cell is asked several times, and 1,600 of them take minutes. */
const mostColumns = 256;
/** Headings are fewer than what stands below them. */
const mostHeadings = 0.4;
/** Or, where all are numbered as headings are, not many more than it: they stand in levels. */
const mostNumbered = 0.6;
/** Rows looked at. */
const looked = 500;

/** Looks for them in the rows that were laid out as data (`object` holds them). */
export async function findAsides(
  kernel: Kernel,
  object: string,
  layout: Layout,
  columns: number,
  signal: AbortSignal,
): Promise<FoundAsides> {
  if (columns > mostColumns) return { asides: [], hasGroups: false, said: [] };
  const { head, titles } = headOf(layout);
  const { first, count, isTotal, row } = marksOf(columns);
  const data = `read_parquet($1) where _kind = 'data'`;
  const inHeader = (of: string): string =>
    `list_contains((select list(${of}) from read_parquet($1) where _row > ${titles} and _row <= ${head}), ${of})`;
  // The first cell is asked first: to hold every row against the header took longer than all the rest.
  const begin = `coalesce(${marksOf(1).first}, '')`;
  const header = head > titles ? `(case when ${inHeader(begin)} then ${inHeader(row)} else false end)` : 'false';
  const isLone = `(${count} = 1 and not ${isTotal})`;
  const [counts] = await kernel.warehouse.query<{ rows: string; totals: string; headers: string; lone: string }>(
    `select count(*)::VARCHAR as rows, count_if(${isTotal})::VARCHAR as totals, count_if(${header})::VARCHAR as headers,
       count_if(${isLone})::VARCHAR as lone from ${data}`,
    [object],
    { signal },
  );
  const n = (text: string | undefined): number => Number(text ?? 0);
  const [rows, totals, headers, lone] = [n(counts?.rows), n(counts?.totals), n(counts?.headers), n(counts?.lone)];
  const asides: Aside[] = [];
  const said: Said[] = [];
  if (headers > 0) {
    asides.push('header');
    said.push({ zh: `表头在数据中间又出现 ${headers} 次，不是数据`, en: `the header comes again ${headers} times among the data` });
  }
  if (totals > 0) {
    asides.push('total');
    said.push({ zh: `${totals} 行是合计、小计，不是数据`, en: `${totals} rows are sums (合计, 小计) and no data` });
  }
  if (lone === 0) return { asides, hasGroups: false, said };
  const alone = await kernel.warehouse.query<{ text: string; cells: (string | null)[] }>(
    `select ${first} as text, ${row} as cells from ${data} and ${isLone} order by _row limit ${looked}`,
    [object],
    { signal },
  );
  // A row with one cell right above the header that comes again is the caption of a block, however many columns there are.
  const isCaption =
    headers > 0 && (await captionsIn(kernel, object, `select _row, ${isLone} as lone, ${header} as again from ${data}`, signal)) === lone;
  if (!isCaption && !(await areHeadings(kernel, object, { rows, lone, columns }, alone, { count, isTotal, row, data }, signal)))
    return { asides, hasGroups: false, said };
  asides.push('heading');
  const example = alone[0]?.text.slice(0, 20);
  const spoken = alone.filter(({ text }) => !isUnitLine(text));
  const values = spoken.filter(({ text }) => !isNote(text));
  const hasGroups = values.length + (isCaption ? 1 : 0) > 1 && values.length >= 0.8 * spoken.length;
  said.push(
    hasGroups
      ? {
          zh: `${lone} 行只填了一格（如“${example}”），是分组标题：不作数据，写入新的一列“分组”`,
          en: `${lone} rows fill one cell only ('${example}'): headings of groups, no data; a new column holds for each row the heading above it`,
        }
      : {
          zh: `${lone} 行只填了一格（如“${example}”），是分组标题或说明，不是数据`,
          en: `${lone} rows fill one cell only ('${example}'): headings or notes, no data`,
        },
  );
  return { asides, hasGroups, said };
}

/** Rows that fill one cell and are followed by the header that comes again, or by more of them and then the header. */
async function captionsIn(kernel: Kernel, object: string, rows: string, signal: AbortSignal): Promise<number> {
  const next =
    'first_value(case when not lone then again end ignore nulls) over (order by _row rows between 1 following and unbounded following)';
  const [found] = await kernel.warehouse.query<{ captions: string }>(
    `select count_if(lone and next)::VARCHAR as captions from (select lone, ${next} as next from (${rows}))`,
    [object],
    { signal },
  );
  return Number(found?.captions ?? 0);
}

/** Whether rows that fill one cell are no data: few, and unlike the values of the column that they stand in. */
async function areHeadings(
  kernel: Kernel,
  object: string,
  { rows, lone, columns }: { readonly rows: number; readonly lone: number; readonly columns: number },
  alone: readonly { readonly text: string; readonly cells: readonly (string | null)[] }[],
  { count, isTotal, row, data }: Readonly<Record<'count' | 'isTotal' | 'row' | 'data', string>>,
  signal: AbortSignal,
): Promise<boolean> {
  const isNumbered = alone.every(({ text }) => headed.test(text));
  if (columns < fewestColumns || lone >= (isNumbered ? mostNumbered : mostHeadings) * rows) return false;
  const [{ usual } = { usual: 0 }] = await kernel.warehouse.query<{ usual: number }>(
    `select quantile_disc(${count}, 0.5) as usual from ${data}`,
    [object],
    { signal },
  );
  if (usual < fewestColumns) return false;
  const head = await kernel.warehouse.query<{ filled: number; cells: (string | null)[] }>(
    `select ${count} as filled, ${row} as cells from ${data} and not ${isTotal} order by _row limit ${looked}`,
    [object],
    { signal },
  );
  const full = head.filter((r) => r.filled > 1).map((r) => r.cells);
  const headings = alone.filter(({ text, cells }) =>
    isHeading(
      text,
      full.map((r) => r[cells.indexOf(text)] ?? null),
    ),
  );
  return headings.length >= 0.9 * alone.length;
}

/** A remark says nothing of the rows below it. */
const isNote = (text: string): boolean => /^(注|备注|说明|附[：:注]|其中)|[。；]$/u.test(text);

/** Numbered, in brackets, with a colon or a full stop: a heading or a note by itself. */
const headed =
  /^([一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十\d]+[章节部分类组]|\d{1,2}[.、．]\D|其中|注|备注|说明|附)|[：:。；]$|[（(][^（()）]*[)）]$/u;

/** Whether a cell that stands alone in its row is no value of its column: a heading by its own words, or not like the values there. */
function isHeading(text: string, values: readonly (string | null)[]): boolean {
  if (headed.test(text)) return true;
  const present = values.filter((v) => v !== null);
  const shape = shapeOf(text);
  if (shape !== 'text') return false;
  const marked = present.filter((v) => shapeOf(v) !== 'text').length;
  return marked >= 0.8 * present.length || text.length > 1.5 * Math.max(0, ...present.map((v) => v.length));
}
