/** First two characters of a unified social credit code: who registers, and what kind of body. */
import { codeList } from '#declare';
import { readTable } from './csv.ts';

export default codeList({
  id: 'credit-code-category',
  title: { zh: '登记管理部门和机构类别代码', en: 'Registration authority and body category' },
  basis: 'GB 32100-2015 表1及其后的修改',
  edition: '2015',
  overlays: null,
  items: readTable('credit-code-category.csv', ['authorityCode', 'authorityName', 'categoryCode', 'categoryName']).map((row) => ({
    code: `${row.authorityCode}${row.categoryCode}`,
    title: { zh: `${row.authorityName}：${row.categoryName}` },
    validFrom: null,
    validTo: null,
  })),
});
