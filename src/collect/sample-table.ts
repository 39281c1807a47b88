/** A sample of an undeclared table: its first rows as they lie there, kept like the rows of a file that was laid out. */
import { rm } from 'node:fs/promises';
import type { Connector } from '#declare';
import { Refusal } from '#kernel/errors';
import type { JobContext } from '#kernel/jobs/jobs';
import type { Kernel } from '#kernel/stage';
import { gridSql } from './grid.ts';
import { withHead } from './propose-layout.ts';
import type { Upload, UploadReading, UploadTrial } from './uploads.ts';

/** Rows of a sample, at most; of wide rows fewer, as no more than 8 MiB are read. */
const sampleRows = 20_000;

/** Reads the sample of what was picked; no more of the table is read. @throws Refusal COLLECT_TABLE_EMPTY, those of the connector */
export async function sampleTable(
  kernel: Kernel,
  connectors: readonly Connector[],
  upload: Pick<Upload, 'name'>,
  picked: UploadReading,
  context: JobContext,
): Promise<{ readonly trial: UploadTrial; readonly reading: UploadReading }> {
  const connector = connectors.find((c) => c.id === picked.connector);
  if (!connector) throw new Refusal('COLLECT_CONNECTOR_UNKNOWN', { connector: picked.connector });
  const { signal } = context;
  await context.progress(0, null, { zh: '正在读取样本', en: 'Reading a sample' });
  const { columns, settings } = picked;
  const object = kernel.objects.staging();
  const file = { name: upload.name, original: null };
  try {
    const { rows, whole } = await withHead(
      kernel,
      connector,
      file,
      { settings, layout: null, columns },
      sampleRows,
      signal,
      async (path, head) => ({
        ...(await kernel.warehouse.copyToParquet(gridSql(null, head.width, columns.length), [path], object, { signal })),
        whole: head.whole,
      }),
    );
    const [{ refused } = { refused: '0' }] = await kernel.warehouse.query<{ refused: string }>(
      `select count(*)::VARCHAR as refused from read_parquet($1) where _kind = 'refused'`,
      [object],
      { signal },
    );
    if (rows === 0) throw new Refusal('COLLECT_TABLE_EMPTY', { name: upload.name });
    const { digest } = await kernel.objects.adopt(object);
    const said = whole
      ? { zh: `整张表 ${rows} 行都读了`, en: `all ${rows} rows were read` }
      : {
          zh: `只读了表里的前 ${rows} 行作样本，推荐按样本作出`,
          en: `the first ${rows} rows were read as a sample, which all is proposed by`,
        };
    const trial = { object: digest, rowsIn: rows, rowsData: rows - Number(refused), rowsRefused: Number(refused), rowsOther: 0 };
    return { trial, reading: { ...picked, said: [said, ...picked.said] } };
  } finally {
    await rm(object, { force: true });
  }
}
