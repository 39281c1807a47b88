/** Rows among the data of a file that are none: headings of groups, sums, the header on every page. Found to be proposed; a person may say otherwise. */
import type { Aside, Layout } from '#declare';
import type { Kernel } from '#kernel/stage';
import { headOf, marksOf } from './grid.ts';
import { type Said, shapeOf } from './layout-of.ts';

/** What was found, and why. */
export interface FoundAsides {
  readonly asides: readonly Aside[];
  readonly said: readonly Said[];
}

/** A table of fewer columns has rows with one cell anyway. */
const fewestColumns = 3;
/** Nobody prints a wider one with headings and sums; every cell is asked several times, and 1,600 of them take minutes. */
const mostColumns = 256;
/** Headings are fewer than what stands below them. */
const mostHeadings = 0.4;
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
  if (columns > mostColumns) return { asides: [], said: [] };
  const { head, titles } = headOf(layout);
  const { first, count, isTotal, row } = marksOf(columns);
  const data = `read_parquet($1) where _kind = 'data'`;
  const inHeader = (of: string): string =>
    `list_contains((select list(${of}) from read_parquet($1) where _row > ${titles} and _row <= ${head}), ${of})`;
  // The first cell is asked first: to hold every row against the header took longer than all the rest.
  const begin = `coalesce(${marksOf(1).first}, '')`;
  const header = head > titles ? `(case when ${inHeader(begin)} then ${inHeader(row)} else false end)` : 'false';
  const [counts] = await kernel.warehouse.query<{ rows: string; totals: string; headers: string; lone: string }>(
    `select count(*)::VARCHAR as rows, count_if(${isTotal})::VARCHAR as totals, count_if(${header})::VARCHAR as headers,
       count_if(${count} = 1 and not ${isTotal})::VARCHAR as lone from ${data}`,
    [object],
    { signal },
  );
  const n = (text: string | undefined): number => Number(text ?? 0);
  const found: FoundAsides[] = [];
  const add = (aside: Aside, zh: string, en: string): void => {
    found.push({ asides: [aside], said: [{ zh, en }] });
  };
  if (n(counts?.headers) > 0)
    add('header', `表头在数据中间又出现 ${counts?.headers} 次，不是数据`, `the header comes again ${counts?.headers} times among the data`);
  if (n(counts?.totals) > 0)
    add('total', `${counts?.totals} 行是合计、小计，不是数据`, `${counts?.totals} rows are sums (合计, 小计) and no data`);
  const lone = n(counts?.lone);
  if (lone > 0 && columns >= fewestColumns && lone < mostHeadings * n(counts?.rows)) {
    const [{ usual } = { usual: 0 }] = await kernel.warehouse.query<{ usual: number }>(
      `select quantile_disc(${count}, 0.5) as usual from ${data}`,
      [object],
      { signal },
    );
    if (usual < fewestColumns) return together(found);
    const head500 = await kernel.warehouse.query<{ filled: number; cells: (string | null)[] }>(
      `select ${count} as filled, ${row} as cells from ${data} and not ${isTotal} order by _row limit ${looked}`,
      [object],
      { signal },
    );
    const full = head500.filter((r) => r.filled > 1).map((r) => r.cells);
    const alone = await kernel.warehouse.query<{ text: string; cells: (string | null)[] }>(
      `select ${first} as text, ${row} as cells from ${data} and ${count} = 1 and not ${isTotal} order by _row limit ${looked}`,
      [object],
      { signal },
    );
    const headings = alone.filter(({ text, cells }) =>
      isHeading(
        text,
        full.map((r) => r[cells.indexOf(text)] ?? null),
      ),
    );
    if (headings.length >= 0.9 * alone.length)
      add(
        'heading',
        `${lone} 行只填了一格（如“${alone[0]?.text.slice(0, 20)}”），是分组标题或说明，不是数据`,
        `${lone} rows fill one cell only ('${alone[0]?.text.slice(0, 20)}'): headings or notes, no data`,
      );
  }
  return together(found);
}

const together = (found: readonly FoundAsides[]): FoundAsides => ({
  asides: found.flatMap((f) => f.asides),
  said: found.flatMap((f) => f.said),
});

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
