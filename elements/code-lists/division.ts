/** Divisions of GB/T 2260: every code of province, prefecture and county seen since 1980, with the widest period its revisions allow. */
import { codeList } from '#declare';
import { readTable } from './csv.ts';

const rows = readTable('division.csv', ['code', 'name', 'firstSeen', 'lastSeen']);
/** Months (YYYYMM) of the revisions compared, in order. */
const revisions = [...new Set(rows.flatMap((row) => [row.firstSeen, row.lastSeen]))].sort();
/** Regions that the statistical lists leave out and that were never anything but in force. */
const ALWAYS = new Set(['710000', '810000', '820000']);

/**
 * A code first listed by one revision came into force after the one before; a code last listed by one ceased at the latest with the
 * next. Too wide rather than too narrow: a right code must not be doubted because revisions were years apart.
 */
export default codeList({
  id: 'division',
  title: { zh: '行政区划代码', en: 'Division codes' },
  basis: 'GB/T 2260（1980年至2023年历次修订）',
  edition: '2023-06',
  editionDay: '2023-06-30',
  overlays: null,
  items: rows.map(({ code, name, firstSeen, lastSeen }) => {
    const before = revisions[revisions.indexOf(firstSeen) - 1];
    const after = revisions[revisions.indexOf(lastSeen) + 1];
    const always = ALWAYS.has(code);
    return {
      code,
      title: { zh: name },
      validFrom: before === undefined || always ? null : firstDayAfter(before),
      validTo: after === undefined || always ? null : lastDayOf(after),
    };
  }),
});

function firstDayAfter(revision: string): string {
  return new Date(Date.UTC(Number(revision.slice(0, 4)), Number(revision.slice(4)), 1)).toISOString().slice(0, 10);
}

function lastDayOf(revision: string): string {
  return new Date(Date.UTC(Number(revision.slice(0, 4)), Number(revision.slice(4)), 0)).toISOString().slice(0, 10);
}
