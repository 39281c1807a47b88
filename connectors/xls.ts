/** Legacy workbooks (.xls, MS-XLS), and what systems name so: tables in HTML and in the XML of Excel 2003. Read by a library, in a process of its own that may use little memory and little time. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Connector, ConnectorRefusal, connector, type SheetNotes } from '#declare/connector';
import { beginning, textOf } from './csv-survey.ts';
import { isTableMarkup } from './markup.ts';
import { deliverSheet, type SheetPiece, surveyOf } from './sheet-delivery.ts';
import { noNotes } from './sheet-notes.ts';
import { isCompound, isEncryptedWorkbook, startOf } from './workbook.ts';

const settings = z.strictObject({});

/** Megabytes the reader may use, and seconds it may take. A sheet of this format has at most 65,536 rows of 256 cells. */
const memory = 1024;
const seconds = 120;

/** What the reader prints, a JSON text per line. */
type Line =
  | { readonly sheets: Parameters<typeof surveyOf>[0] }
  | ({ readonly hiddenColumns: readonly number[] } & Pick<SheetNotes, 'merged' | 'across' | 'formatsLost'>)
  | { readonly row: number; readonly cells: (string | null)[]; readonly hidden: boolean }
  | { readonly refusal: [string, string, string] };

const xls: Connector = connector({
  id: 'xls',
  title: { zh: '旧版工作簿（XLS）', en: 'Legacy workbook (XLS)' },
  takes: 'file',
  settings,
  async read({ source, since }, effects) {
    const reader = openReader(await effects.file(), source.layout?.sheet ?? '', effects.signal);
    async function* pieces(): AsyncGenerator<SheetPiece> {
      let count = 0;
      let notes = noNotes;
      for await (const line of reader.lines)
        if ('hiddenColumns' in line) {
          const { hiddenColumns: columns, ...told } = line;
          notes = { ...notes, ...told, hidden: { ...notes.hidden, columns } };
          yield { rows: [], done: count, size: 65_536, notes };
        } else if ('row' in line) {
          const { rows, firstRow } = notes.hidden;
          if (line.hidden) notes = { ...notes, hidden: { columns: [], rows: rows + 1, firstRow: firstRow ?? line.row } };
          yield { rows: [{ number: line.row, cells: line.cells }], done: ++count, size: 65_536, notes };
        }
    }
    return deliverSheet(pieces(), { source, since }, effects, reader.close);
  },
  async survey(effects) {
    const path = await effects.file();
    const isMarkup = isTableMarkup(textOf(await beginning(effects)));
    if (!isMarkup && (!isCompound(await startOf(path, 8)) || (await isEncryptedWorkbook(path)))) return null;
    const reader = openReader(path, null, effects.signal);
    try {
      for await (const line of reader.lines)
        if ('sheets' in line) {
          const counted = (n: number) =>
            isMarkup
              ? { zh: `网页或 XML 格式的表格，共 ${n} 张`, en: `${n} tables in HTML or XML` }
              : { zh: `旧版工作簿，工作表 ${n} 张`, en: `a legacy workbook with ${n} sheets` };
          return { settings: {}, encoding: null, ...surveyOf(line.sheets, counted) };
        }
    } finally {
      reader.close();
    }
    throw new ConnectorRefusal('not-a-workbook', 'the file holds no sheet', '文件里没有工作表');
  },
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default xls;

/** Starts the reader on a file; `sheet` null asks for the list of sheets alone, '' for the first. */
function openReader(path: string, sheet: string | null, signal: AbortSignal): { lines: AsyncGenerator<Line>; close: () => void } {
  const script = fileURLToPath(new URL('./xls-reader.ts', import.meta.url));
  const child = spawn(process.execPath, [`--max-old-space-size=${memory}`, script, path, ...(sheet === null ? [] : [sheet])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {},
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const close = (): void => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', close, { once: true });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  child.stderr.resume();
  async function* lines(): AsyncGenerator<Line> {
    for await (const text of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = JSON.parse(text) as Line;
      if ('refusal' in line) {
        const [code, en, zh] = line.refusal;
        throw new ConnectorRefusal(code as 'encrypted', en, zh);
      }
      yield line;
    }
    const code = await ended;
    clearTimeout(timer);
    signal.throwIfAborted();
    if (late) throw new ConnectorRefusal('too-large', `reading took more than ${seconds} seconds`, `读取超过 ${seconds} 秒`);
    // Out of memory it is aborted; any other end is the content's fault.
    if (code !== 0 && code !== null && code !== 134)
      throw new ConnectorRefusal('not-a-workbook', `the reader ended (${code})`, `读取程序出错（${code}），文件可能已损坏`);
    if (code !== 0)
      throw new ConnectorRefusal(
        'too-large',
        `the reader ended (${code ?? 'killed'}): the workbook asks for more memory than it may use`,
        '工作簿需要的内存超过限额，读取程序已终止',
      );
  }
  return { lines: lines(), close };
}
