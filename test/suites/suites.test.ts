/** A small hand-made sample of the published suites, read the same way; `npm run suites` reads the suites themselves. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuite, suites } from './suites.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chengshu-sample-'));
  const write = (path: string, content: string | Buffer): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('csv-spectrum/csvs/quotes.csv', '编号,说明\r\n1,"他说 ""好"""\r\n2,"一行,\r\n两行"\r\n');
  write(
    'csv-spectrum/json/quotes.json',
    JSON.stringify([
      { 编号: '1', 说明: '他说 "好"' },
      { 编号: '2', 说明: '一行,\r\n两行' },
    ]),
  );
  write('csv-spectrum/csvs/numbers.csv', 'a,b,c\n1,2,3');
  write('csv-spectrum/json/numbers.json', JSON.stringify([{ a: '1', b: '2', c: '3' }]));
  const json: Record<string, string> = {
    'y_objects.json': '[{"a":1.0},{"a":null,"b":{"c":[1,{"d":2}]}}]',
    'y_inside.json': '{"total":2,"rows":[{"a":"x"},{"a":"\\u0000"}]}',
    'y_numbers.json': '[1,2]',
    'y_empty.json': '[]',
    'n_comma.json': '[{"a":1},]',
    'n_gap.json': '[{"a":1},,{"a":2}]',
    'n_unclosed.json': '{"rows":[{"a":1}]',
    'n_extra.json': '[{"a":1}]]',
    'n_quote.json': '"',
    'n_word.json': '*',
    'n_deep.json': '['.repeat(100_000),
    'i_deep.json': `[{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`,
    'i_surrogate.json': '[{"a":"\\ud800"},{"a":"b"}]',
  };
  for (const [name, text] of Object.entries(json)) write(`json-testsuite/${name}`, text);
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1024, 0xff)]);
  write('poi-spreadsheets/broken.xls', ole);
  write('poi-spreadsheets/encrypted.xlsx', Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]));
  write('poi-spreadsheets/renamed.xlsx', '%PDF-1.7\n\u0001\u0002\u0003\u0004');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refused: Record<string, Record<string, number>> = {
  'csv-spectrum': {},
  'json-testsuite': { COLLECT_NOT_JSON: 4, COLLECT_NO_ROWS: 2, COLLECT_EMPTY: 1, COLLECT_TOO_LARGE: 2 },
  'poi-spreadsheets': { COLLECT_NOT_A_WORKBOOK: 1, COLLECT_WORKBOOK_ENCRYPTED: 1, COLLECT_FILE_UNKNOWN: 1 },
};

test.each(suites)(
  '$name: nothing crashes, hangs or is judged wrongly',
  async (suite) => {
    const report = await runSuite(folder, suite);
    expect(report).toMatchObject({ crashed: [], hung: [], wrong: [] });
    expect(report?.refused).toEqual(refused[suite.name]);
  },
  60_000,
);
