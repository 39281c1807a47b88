/** What the format of a cell adds to its number, in both kinds of workbooks; the legacy one counts its days from 1904 and hides two rows. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { cellText, numberFormat } from './number-format.ts';
import { effectsOf, parseRecords, sourceOf, textOf } from './test-delivery.ts';
import xls from './xls.ts';

const shown = (stored: string, code: string): string => cellText(stored, numberFormat(200, code), false);

test.each([
  ['0.125', '0.0%', '12.5%'],
  ['0.07', '0%', '7%'],
  ['-1.5', '0.00%;[Red]-0.00%', '-150%'],
  ['0.12345', '0%', '12.345%'],
  ['42', '000000', '000042'],
  ['42', '"HT"0000', 'HT0042'],
  ['12.5', '00', '12.5'],
  ['4375', '#,##0"套"', '4375套'],
  ['12.5', '0.00\\ "万元"_ ', '12.5万元'],
  ['-3', '0"℃"', '-3℃'],
  // A comma behind the digits, a condition, a currency or a remark do not say what the number is.
  ['12500', '0.0,"千元"', '12500'],
  ['12500', '0!.0,"万"', '12500'],
  ['1', '[=1]"男";[=2]"女"', '1'],
  ['5', '[$$-409]#,##0.00', '5'],
  ['5', '#,##0.00_);[Red](#,##0.00)', '5'],
  ['5', '"共"0"页"', '5'],
  ['5', 'General', '5'],
  ['3.4E+17', '0', '3.4E+17'],
  ['45351', 'yyyy"年"m"月"', '2024-02-29'],
])('%s as %s is %s', (stored, code, text) => expect(shown(stored, code)).toBe(text));

test('the percentages of Excel that have no code in the file', () => {
  expect([9, 10, 2].map((id) => cellText('0.5', numberFormat(id, undefined), false))).toEqual(['50%', '50%', '0.5']);
});

test('a legacy workbook: days from 1904, seconds, hours beyond a day, percentages, zeros, units, hidden rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xls-test-'));
  try {
    const path = join(folder, 'a.xls');
    await writeFile(path, gunzipSync(Buffer.from(workbook, 'base64')));
    const header = ['时刻', '到岗', '累计', '完成率', '工号', '补助'];
    const source = sourceOf({
      columns: header,
      layout: { encoding: null, sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
    });
    const delivery = await xls.read({ source, since: null }, effectsOf(path));
    expect(parseRecords(await textOf(delivery)).map((r) => r.cells)).toEqual([
      header,
      ...[5, 6, 7, 8].map((day, i) => [`2024-03-0${day} 08:30:45`, '08:30:45', '30:15:00', '7%', `00004${2 + i}`, '12.5万元']),
    ]);
    expect(delivery.notes?.().hidden).toEqual({ columns: [], rows: 2, firstRow: 3 });
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Written by xlwt and packed. */
const workbook = [
  'H4sIAAAAAAACA+1YW0hUQRj+5+zZdL2ul81bbtuWWt7aqIewy1pRPiW6PXRRKc0Fo3YN7cUgukqFBUEPUfQidLMHu4EVFdRbUGAUFASBFj5JD4FdHsrtm3/P',
  '2q6dAYUKqv2H88/8/8yc7ztz/jPzc54NZgz13sgfpkmykiw0HrLRjCifwGWLGHZCfygkm5E6EVcoLn+V2BLxImdY6V7q0wT5DuX7HiaNruuPoIne4mqk3VTb',
  'HvS7/qCsZg7NQnJYAS3oPDxplMesMllvZ53F+hqPvM+6mj0nWa/A2CGxhQa9taVLjSjepLlJ3jGN9W2e85pHLyIHPZZRvP+UCI+10qqOHc274h3xjv+nw6mn',
  '0AXCflDjD/o7pJ1LF/GhURekIhCoaG11tbVVBQJVnZ1OPZkuyW2joa0JHqduo8ukE3kqPUWy74rs87A4dQf14ZQQHqokD4qbEmrX1LtpiLIx6gJ9DLmIxiIn',
  'zENX3P9n/YLg/xLrT1D4ExERZn4bgsrMn4QoMfMnI1zM/CmIHDN/KkLIzJ+m4JOu4GNX8MlQ8MlU8MlS8MlW8HEo+MxU8MlR8MlV8MlT8MlX8ClQ8Jml4FOo',
  '4ONU8Jltwue0hg3iAIW28cHejXc9KHNH0sTyuvedX2kJpyHyQv8n/zIfKo/vTCOqhft6eywkTjTYW452wh5p+rwBlf9Yny9Jpqeczthj0plUPuZToFsRDbKd',
  'wYe9HTH8te/D8/Utdd6t7DnAKWw40S2SHClEB+UMTE7jHitF7lrKM8pYH+K7FnA7n3U2RqIurnMYjXWHecwR7i0GzmKWF96SqPZ8tLtH6+84u995F6DdXzO8',
  'N7v/lbcXO6UN7AWXw1QuysW5s1LueiO1MJKiN6zzfkqQEjW7wT1kZPPp9I2SuJnBOmzJ1RETlmasVdiywLJMWDosfcKywrIaOGISjgWrJzhtA9vNT4Ij1WGP',
  'ADd+9FsvvWGPhpULHB+6crV0zPsAMS6A50AMEb6Pq9A51JMlsSSKFoXiMlCkL5dRRg0Uuep5MSgaSn4MigaUAkaZRf3QhVEoFhMU6XMySnJ7GAUhifnRKBbc',
  '1RWDYkGZwyhuugk9NwpFN1kx6ZvHKGUGig6UohgUHSjFMSg6UEoYZT4NQC8wUFZqmTQglwfp8Q9JorjEJS7/rQje5Im3NN044OTxlmD81/mGazz+m+SfFR+1',
  'o+zBUbWWgqg7qGta8TOTrCJyLzHFOZH/hVI2Ar2DdlIL89g57fhF0iOin2fKE+2/7hOaLv74dHj+ZvzvGq+o5gAWAAA=',
].join('');
