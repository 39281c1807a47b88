/** Nations (ethnic groups): the codes of GB/T 3304. */
import { codeList } from '#declare';
import { readTable } from './csv.ts';

/** Code, name with 族, and the two letters of GB/T 3304 (empty where there are none). */
export const nations = readTable('nation.csv', ['code', 'name', 'letters']).map((row) => ({
  ...row,
  letters: row.letters.replace('--', ''),
}));

export default codeList({
  id: 'nation',
  title: { zh: '民族代码', en: 'Nations' },
  basis: 'GB/T 3304-1991',
  edition: '1991',
  overlays: null,
  items: nations.map(({ code, name }) => ({ code, title: { zh: name }, validFrom: null, validTo: null })),
});
