/** Sex: the codes of GB/T 2261.1. */
import { codeList } from '#declare';
import { readTable } from './csv.ts';

export default codeList({
  id: 'sex',
  title: { zh: '性别代码', en: 'Sex' },
  basis: 'GB/T 2261.1-2003',
  edition: '2003',
  overlays: null,
  items: readTable('sex.csv', ['code', 'name', 'nameEn']).map(({ code, name, nameEn }) => ({
    code,
    title: { zh: name, en: nameEn },
    validFrom: null,
    validTo: null,
  })),
});
