/** Reading a whole list: also one that grows while it is read. */
import { expect, test } from 'vitest';
import { everyPage } from './every-page.ts';

/** Reads everything of a list that `grow` changes before every page after the first. */
async function read(rows: string[], size: number, grow: (rows: string[]) => void = () => undefined): Promise<string[]> {
  let asked = 0;
  const load = async ({ limit, offset }: { limit: number; offset: number }) => {
    if (asked++ > 0) grow(rows);
    return { rows: rows.slice(offset, offset + limit), count: rows.length };
  };
  const all: string[] = [];
  for await (const page of everyPage(load, (row) => row, size)) all.push(...page.rows);
  return all;
}
const list = (n: number): string[] => Array.from({ length: n }, (_, i) => `row ${i}`);

test('every row once, whatever the size of the pages', async () => {
  for (const n of [0, 1, 4, 5, 6, 23]) for (const size of [1, 5, 100]) expect(await read(list(n), size)).toEqual(list(n));
});

test('a list that grows in front with every look at it, as the log does, is read as it stood', async () => {
  let made = 0;
  const grown = await read(list(23), 5, (rows) => rows.unshift(`new ${made++}`));
  expect(grown).toEqual(list(23));
  expect(made).toBeGreaterThan(3);
});
