/** Writing what departments report as files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type City, deliveryOf } from './city.ts';
import { encodeGb18030 } from './gb18030.ts';
import { healthColumns } from './health.ts';
import { insuranceColumns } from './insurance.ts';
import { marketWorkbook } from './market-workbook.ts';
import { sourceOf } from './sources.ts';
import { csvText, titleRow } from './text-file.ts';

export interface CityFile {
  /** Id of the source. */
  readonly source: string;
  readonly name: string;
  readonly path: string;
}

/** Bytes of each file, by source id. The same city gives the same bytes. */
export async function cityFileBytes(city: City): Promise<ReadonlyMap<string, Buffer>> {
  const health = [
    titleRow('云川市居民健康档案名册（演示数据）', healthColumns.length),
    healthColumns,
    ...deliveryOf(city, 'health-records').rows,
  ];
  const insurance = [insuranceColumns, ...deliveryOf(city, 'insured-persons').rows];
  return new Map([
    ['health-records', encodeGb18030(csvText(health, '\r\n'))],
    ['market-enterprises', await marketWorkbook(deliveryOf(city, 'market-enterprises'))],
    // The mark that spreadsheet programs put before UTF-8 text.
    ['insured-persons', Buffer.from(`\uFEFF${csvText(insurance, '\n')}`)],
  ]);
}

/** Writes the files into a folder (made when missing) under their Chinese names. */
export async function writeCityFiles(folder: string, city: City): Promise<readonly CityFile[]> {
  await mkdir(folder, { recursive: true });
  const files: CityFile[] = [];
  for (const [source, bytes] of await cityFileBytes(city)) {
    const name = sourceOf(source).fileName as string;
    const path = join(folder, name);
    await writeFile(path, bytes);
    files.push({ source, name, path });
  }
  return files;
}
