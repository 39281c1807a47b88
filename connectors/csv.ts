/** Text files of values that commas, tabs or other delimiters separate, as departments export and report them. */
import { z } from 'zod';
import { type Connector, ConnectorRefusal, connector, readSettings, setting } from '#declare/connector';
import { delimiters } from './csv-delimiters.ts';
import { CsvScanner } from './csv-records.ts';
import { surveyText } from './csv-survey.ts';
import { noNotes } from './sheet-notes.ts';
import { decodeText } from './text-decoding.ts';
import { demandWidth } from './widest.ts';

const settings = z.strictObject({
  delimiter: z
    .enum(delimiters)
    .default(',')
    .meta(setting({ zh: '分隔符', en: 'Delimiter' }, { zh: '两格之间的字符', en: 'What stands between two cells' })),
});

/** Rows of sums among the data are often short. */
const totals = ['合计', '小计', '总计', '共计', '累计', '本页'] as const;

/**
 * Every row of the grid comes out with its row number, titles, header, blank rows and footer included; the layout is applied by the
 * machine. The width is the number of columns the source declares, or that of the delivered header where it is wider, so that a column
 * nobody declared is seen. What counts as a row, an absent cell and a fault is told in csv-records.ts; a line with bytes that the
 * encoding does not have is refused; a file of which more than a hundredth of the lines are such gives `wrong-encoding`, one without a byte `empty`.
 */
const csv: Connector = connector({
  id: 'csv',
  title: { zh: '文本文件（CSV）', en: 'Text file (CSV)' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    const { delimiter } = readSettings(settings, source);
    const layout = source.layout;
    if (layout === null || layout.encoding === null)
      throw new ConnectorRefusal('settings', 'a text file needs a layout with an encoding', '文本文件的版式须写明编码');
    const headRows = layout.titleRows + layout.headerRows;
    const progress = (bytes: number): void => effects.progress(bytes, null);
    const blocks = decodeText(await effects.open(), layout.encoding, progress, true)[Symbol.asyncIterator]();

    let head: Buffer = Buffer.alloc(0);
    let last = false;
    let header: ReturnType<typeof CsvScanner.widestOf> = null;
    while (header === null) {
      effects.signal.throwIfAborted();
      const block = await blocks.next();
      if (block.done) last = true;
      else head = Buffer.concat([head, block.value]);
      header = CsvScanner.widestOf(head, last, delimiter, layout.titleRows + 1, headRows);
    }
    if (last && head.length === 0) throw new ConnectorRefusal('empty', 'the file has no content', '文件没有内容');
    // A file of nothing but broken quoting has no good row to be as wide as.
    const width = demandWidth(Math.max(1, source.columns.length, header.filled));
    const scanner = new CsvScanner({
      delimiter,
      width,
      ...(layout.headerRows > 0 && header.cells > 0 && { fewest: header.cells }),
      headRows,
      footer: [...layout.footer, ...(layout.asides?.includes('total') ? totals : [])],
    });

    async function* bytes(): AsyncGenerator<Uint8Array> {
      try {
        yield* scanner.push(head, last);
        while (!last) {
          effects.signal.throwIfAborted();
          const block = await blocks.next();
          last = block.done === true;
          yield* scanner.push(block.done ? Buffer.alloc(0) : block.value, last);
        }
      } finally {
        await blocks.return(undefined);
      }
    }
    const { lengths } = header;
    return {
      width,
      names: null,
      lengths,
      bytes: bytes(),
      notes: () => ({ ...noNotes, short: scanner.short, unpaired: scanner.unpaired }),
      position: () => null,
    };
  },
  survey: surveyText,
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default csv;
