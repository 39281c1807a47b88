/** 公安 household register (户籍人口, table hjrk), delivered as a whole: the department most trusted about who a person is. */
import { dayNumber, dayText, instantText } from './calendar.ts';
import { type Draft, draftRow, type Settled, settle } from './draft.ts';
import { addExtraRows } from './extra-rows.ts';
import { absentCodes, identityChecks, nulls, plantFaults, swaps } from './faults.ts';
import { blankWay, identityWays, writeDate, writeOtherwise } from './forms.ts';
import { absentDivisions, placeNow } from './overlay.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** Columns of hjrk after its primary key `rid`. */
export const registerColumns = ['gmsfhm', 'xm', 'xb', 'mz', 'csrq', 'hjdz', 'xzqh', 'gxsj'] as const;

const absentNations = ['57', '60', '72', '88', '00'];
const firstUpdate = dayNumber('2021-01-01');
const lastUpdate = dayNumber('2025-06-29');

/** The register as delivered; row numbers are `rid`, from 1 without a gap. */
export function policeRegister(source: string, random: Random, people: readonly Person[]): Settled {
  const draft: Draft = { source, columns: registerColumns, rows: [] };
  for (const p of people) {
    if (!p.registered) continue;
    const updated = instantText(dayText(random.int(firstUpdate, lastUpdate)), random.int(28_800, 64_800));
    const row = draftRow([p.identity, p.name, p.sex, p.nation, null, p.homeAddress, placeNow(p.home).code, updated], {
      person: p.identity,
    });
    writeDate(draft, row, 'csrq', p.birth, 'compact');
    if (p.homonym !== null) row.traps.push({ kind: 'homonym', column: 'xm', value: p.name, expected: p.identity });
    draft.rows.push(row);
  }
  plantFaults(draft, random, [
    identityChecks(draft, random, 0.0022, 3, 'gmsfhm'),
    swaps(draft, 0.0022, 3, 'csrq', () => 'compact'),
    nulls(draft, 0.0015, 3, ['xm', 'csrq', 'xzqh', 'xb', 'gmsfhm']),
    absentCodes(draft, 0.0012, 3, 'xzqh', absentDivisions),
    absentCodes(draft, 0.0012, 3, 'mz', absentNations),
  ]);
  writeOtherwise(draft, random, [...identityWays(random, 'gmsfhm', false), blankWay(random, 'xm')]);
  addExtraRows(draft, random, { duplicateShare: 0.0012, duplicates: 3, totals: 0, label: 'xm', total: () => ({}), totalAfter: null }, 40);
  return settle(draft, 1);
}
