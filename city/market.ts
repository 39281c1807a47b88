/** 市场监管 register of enterprises: a workbook by place, with subtotals where people put them. */
import { type Draft, type DraftRow, draftRow, type Settled, settle } from './draft.ts';
import type { Enterprise } from './enterprises.ts';
import { addExtraRows } from './extra-rows.ts';
import { absentCodes, creditChecks, identityChecks, nulls, plantFaults } from './faults.ts';
import { anyDateForm, blankWay, codeWays, identityWays, writeDate, writeOtherwise } from './forms.ts';
import { absentIndustries } from './industries.ts';
import { placeNow } from './overlay.ts';
import type { Random } from './random.ts';

export const marketColumns = [
  '所属区县',
  '统一社会信用代码',
  '企业名称',
  '类型',
  '法定代表人',
  '法定代表人证件号',
  '成立日期',
  '注册资本（万元）',
  '行业代码',
  '登记状态',
  '住所',
] as const;
/** Rows above the data: two titles, two rows of header. */
export const marketHead = 4;

/**
 * The register as delivered; row numbers are grid rows of the sheet. `rows` hold the district in the first row of each district only,
 * as the merged cell does.
 */
export function enterpriseRegister(source: string, random: Random, enterprises: readonly Enterprise[]): Settled {
  const draft: Draft = { source, columns: marketColumns, rows: [] };
  const lastOfPlace = new Map<string, DraftRow>();
  const district = new Map<DraftRow, string>();
  for (const e of enterprises) {
    const name = placeNow(e.place).zh;
    const { name: leader, identity } = e.representative;
    const first = lastOfPlace.has(name) ? null : name;
    const cells = [first, e.credit, e.name, e.type, leader, identity, null, String(e.capital), e.industry, e.status, e.address];
    const row = draftRow(cells, { enterprise: e.credit });
    writeDate(draft, row, '成立日期', e.founded, anyDateForm(random));
    lastOfPlace.set(name, row);
    district.set(row, name);
    draft.rows.push(row);
  }
  plantFaults(draft, random, [
    creditChecks(draft, random, 0.0025, 4, '统一社会信用代码'),
    identityChecks(draft, random, 0.0015, 2, '法定代表人证件号'),
    nulls(draft, 0.002, 3, ['企业名称', '统一社会信用代码', '成立日期']),
    absentCodes(draft, 0.0025, 3, '行业代码', absentIndustries),
  ]);
  writeOtherwise(draft, random, [
    ...codeWays(random, '统一社会信用代码'),
    ...identityWays(random, '法定代表人证件号', true),
    blankWay(random, '企业名称'),
  ]);
  const total = (rows: readonly DraftRow[]) => {
    const place = district.get(rows.at(-1) as DraftRow);
    const sum = rows.filter((r) => district.get(r) === place).reduce((s, r) => s + Number(r.cells[7] ?? 0), 0);
    return { '注册资本（万元）': String(sum) };
  };
  const totalAfter = [...lastOfPlace.values()];
  addExtraRows(draft, random, { duplicateShare: 0.002, duplicates: 3, totals: 4, label: '统一社会信用代码', total, totalAfter }, 0);
  // A repeated row stands inside the merged cell as well.
  for (const row of draft.rows) if (row.repeats) row.cells[0] = null;
  return settle(draft, marketHead + 1);
}
