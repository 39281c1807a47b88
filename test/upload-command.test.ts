/** `upload --yes` on files that are, or only look like, a newer edition of something: what must be asked about is not decided. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../bin/client.ts';
import { encodingNamed } from '../bin/upload/encodings.ts';
import type { UploadOrder } from '../bin/upload/shapes.ts';
import { uploadFile } from '../bin/upload/upload.ts';
import { doorClient } from './door-client.ts';
import { openRiver, type River } from './river.ts';

let river: River;
let folder: string;
beforeAll(async () => {
  river = await openRiver();
  folder = await mkdtemp(join(tmpdir(), 'upload-command-'));
}, 120_000);
afterAll(async () => {
  await river.close();
  await rm(folder, { recursive: true });
});

/** The steward at the platform's own door; what is queued is worked off before anything is asked. */
const client = (told?: (path: string) => Promise<void>): Client => doorClient(river.k, river.steward, told);
const upload = async (name: string, lines: readonly string[], as: UploadOrder['as'] = null, by = client()): Promise<number> => {
  const file = join(folder, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  return uploadFile(by, { file, yes: true, json: true, as, encoding: null });
};
test('--encoding says what a text is in, whatever it was taken for', async () => {
  const file = join(folder, '課.csv');
  // 編號,名稱 and rows of 課.
  const big5 = Buffer.from('bd73b8b92ca657bad90a', 'hex');
  await writeFile(file, Buffer.concat([big5, ...[1, 2, 3, 4].map((n) => Buffer.from(`T${n},${n}\n`))]));
  const order = { file, yes: true, json: true, as: 'new' } as const;
  expect(await uploadFile(client(), { ...order, encoding: encodingNamed('Big5') })).toBe(0);
  const { rows } = (await river.ok('GET', '/api/collect/uploads?q=課', river.steward)) as unknown as { rows: { reading: object }[] };
  expect(rows[0]?.reading).toMatchObject({ columns: ['編號', '名稱'], layout: { encoding: 'big5' } });
  expect(() => encodingNamed('ebcdic')).toThrow(expect.objectContaining({ code: 'UPLOAD_ENCODING_UNKNOWN' }));
});

const header = '设备编号,设备型号,购置金额';
const rows = (mark: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${mark}${1000 + i},型号${mark}${i},${i * 10}.5`);
const governed = async (id: string): Promise<unknown> => (await river.ok('GET', `/api/govern/tables/${id}`, river.steward))['governed'];

test('--yes takes a file of the same name for a newer edition, and nothing else', async () => {
  expect(await upload('设备台账.csv', [header, ...rows('S', 12)])).toBe(0);
  expect(await governed('sbtz')).toBe(12);
  expect(await upload('设备台账（2026年）.csv', [header, ...rows('S', 13)])).toBe(0);
  expect(await governed('sbtz')).toBe(13);

  // With titles above and other delimiters it is the same table: the source is declared as it is written now.
  const written = ['设备台账;;', header.replaceAll(',', ';'), ...rows('S', 14).map((r) => r.replaceAll(',', ';'))];
  expect(await upload('设备台账2.csv', written)).toBe(0);
  expect(await governed('sbtz')).toBe(14);
  expect(await upload('设备台账3.csv', [header, ...rows('S', 13)])).toBe(0);
  expect(await governed('sbtz')).toBe(13);

  // The columns of another table may be the same: its rows must not replace these.
  const cars = [header, ...rows('C', 5)];
  await expect(upload('车辆台账.csv', cars)).rejects.toMatchObject({ code: 'UPLOAD_EDITION_UNSURE', params: { source: 'sbtz' } });
  expect(await governed('sbtz')).toBe(13);
  expect(await upload('车辆台账.csv', cars, 'new')).toBe(0);
  expect([await governed('sbtz'), await governed('cltz')]).toEqual([13, 5]);
  expect(await upload('新一批.csv', [header, ...rows('C', 6)], { to: 'cltz' })).toBe(0);
  expect([await governed('sbtz'), await governed('cltz')]).toEqual([13, 6]);
  await expect(upload('新一批.csv', cars, { to: 'nothing' })).rejects.toMatchObject({ code: 'UPLOAD_NO_EDITION' });

  // 10 where 10万元 stood is not 10元 until a person says so.
  const works = (unit: string): string[] => ['工程编号,投资额', ...Array.from({ length: 9 }, (_, i) => `G${i},${i + 10}${unit}`)];
  expect(await upload('工程投资.csv', works('万元'))).toBe(0);
  await expect(upload('工程投资1.csv', works(''))).rejects.toMatchObject({
    code: 'UPLOAD_EDITION_DOUBT',
    params: { what: '“投资额”9 个值没有写单位，会按“元”读' },
  });
  expect(await upload('工程投资2.csv', works('亿元'))).toBe(0);

  // Other columns under the same name are named, whatever their share.
  const swapped = rows('S', 12)
    .map((r) => r.split(','))
    .map(([a, b, c]) => [a, c, b].join(','));
  for (const [name, lines, what] of [
    ['设备台账1.csv', ['设备编号,购置金额,设备型号', ...swapped], /次序不同/u],
    ['设备台账.csv', ['设备编号,规格,厂家', ...rows('S', 12)], /多出 规格、厂家；缺少 设备型号、购置金额/u],
  ] as const)
    await expect(upload(name, lines)).rejects.toMatchObject({ code: 'UPLOAD_DRIFT', params: { what: expect.stringMatching(what) } });
  // What a person names is compared, whatever it is called and however few columns are the same.
  const far = upload('全新.csv', ['设备编号,规格,厂家', ...rows('S', 12)], { to: 'sbtz' });
  await expect(far).rejects.toMatchObject({ code: 'UPLOAD_DRIFT', params: { title: '设备台账' } });
  expect(await governed('sbtz')).toBe(13);

  // The proposed id is taken by another upload at the last moment: the next that is free is taken.
  const other = await client().post<{ id: string }>('/api/collect/uploads', { name: '别的.csv', bytes: 3 });
  const late = client(async (path) => {
    if (path.startsWith('/api/govern/uploads/')) await client().post(`/api/collect/uploads/${other.id}/id`, { id: 'rymc' });
  });
  expect(await upload('人员名册.csv', ['工号,岗位', 'A1,甲', 'A2,乙'], null, late)).toBe(0);
  expect(await governed('rymc-2')).toBe(2);
}, 240_000);
