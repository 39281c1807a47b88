/** Workbooks (.xlsx), as departments fill in and report them. */
import { z } from 'zod';
import { type Connector, ConnectorRefusal, connector, readSettings } from '#declare/connector';
import { deliverSheet, surveyOf } from './sheet-delivery.ts';
import { isCompound, isEncryptedWorkbook, openWorkbook, startOf } from './workbook.ts';
import { sheetRows, sheetsOf } from './xlsx-sheet.ts';

const settings = z.strictObject({});

/**
 * Every grid row from the first to the last one that holds anything comes out with its row number, rows missing in the file as absent
 * cells; the layout is applied by the machine. The width is the number of columns the source declares, or that of the delivered header
 * where it is wider. A row with more cells is `too-many-cells`, one with a character PostgreSQL text cannot hold (NUL, half a surrogate pair)
 * `encoding`; the raw text is then the row as CSV. How cells become text is told in xlsx-cells.ts and xlsx-sheet.ts: dates as
 * `YYYY-MM-DD[ HH:MM:SS]`, numbers with the 15 digits that a sheet shows, and what their format adds: a percent sign, a unit, the
 * zeros before a code (number-format.ts). A merge that spans rows has its value in each of them (sheet-notes.ts); the file that was delivered is kept, so
 * that a blank cell of it can be told from one that is filled.
 */
const xlsx: Connector = connector({
  id: 'xlsx',
  title: { zh: '工作簿（XLSX）', en: 'Workbook (XLSX)' },
  takes: 'file',
  settings,
  async read({ source }, effects) {
    readSettings(settings, source);
    if (source.layout === null) throw new ConnectorRefusal('settings', 'a workbook needs a layout', '工作簿须写明版式');
    const workbook = await openWorkbook(await effects.file());
    effects.signal.addEventListener('abort', () => workbook.close(), { once: true });
    return deliverSheet(sheetRows(workbook, source.layout.sheet), { source, since: null }, effects, () => workbook.close());
  },
  async survey(effects) {
    const path = await effects.file();
    const start = await startOf(path, 8);
    // An encrypted workbook is an OLE container: openWorkbook says so. Any other container is an .xls, which is another connector's.
    if (start.toString('latin1', 0, 2) !== 'PK' && !(isCompound(start) && (await isEncryptedWorkbook(path)))) return null;
    const workbook = await openWorkbook(path);
    try {
      const all = await sheetsOf(workbook);
      return {
        settings: {},
        encoding: null,
        ...surveyOf(all, (n) => ({ zh: `工作簿，工作表 ${n} 张`, en: `a workbook with ${n} sheets` })),
      };
    } finally {
      workbook.close();
    }
  },
  async probe() {
    return { reachable: true, columns: [], refusal: null };
  },
  receiptSql: () => null,
});

export default xlsx;
