/** Industry sections with divisions, of the 2017 edition and of the 2011 edition that it replaced. */
import { codeList } from '#declare';
import { readTable } from './csv.ts';

/** The divisions of GB/T 4754-2017; `division2011` is the number in the edition before, empty for the one that is new. */
export const divisions2017 = readTable('industry.csv', ['section', 'division', 'divisionName', 'division2011']);

/** From division 79 on a number means different industries in the two editions: the day decides which. */
export default codeList({
  id: 'industry',
  title: { zh: '国民经济行业分类（门类和大类）', en: 'Industrial classification: sections and divisions' },
  basis: 'GB/T 4754-2017; GB/T 4754-2011',
  edition: '2017',
  overlays: null,
  items: [
    ...divisions2017.map((row) => item(row.section, row.division, row.divisionName, '2017-10-01', null)),
    ...divisions2017
      .filter((row) => row.division2011 !== '')
      .map((row) => item(row.section, row.division2011, row.divisionName, '2011-11-01', '2017-09-30')),
  ],
});

function item(section: string, division: string, zh: string, validFrom: string, validTo: string | null) {
  return { code: `${section}${division}`, title: { zh }, validFrom, validTo };
}
