/** 人社 insured persons with their employers: a UTF-8 text file, the third word about people and the second about enterprises. */
import { addressIn, phoneNumber } from './addresses.ts';
import { addDays, dayNumber, dayText } from './calendar.ts';
import { type Draft, draftRow, type Settled, settle } from './draft.ts';
import type { Enterprise } from './enterprises.ts';
import { addExtraRows } from './extra-rows.ts';
import { creditChecks, identityChecks, nulls, plantFaults } from './faults.ts';
import { codeWays, identityWays, writeDate, writeOtherwise } from './forms.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

export const insuranceColumns = ['姓名', '公民身份号码', '单位统一社会信用代码', '单位名称', '参保日期', '手机号', '居住地址'] as const;
/** Rows above the data: the header. */
export const insuranceHead = 1;

const lastDay = dayNumber('2024-12-31');

/** The insured as delivered; row numbers are grid rows of the file. Who works on their own account has no employer. */
export function insuredPersons(source: string, random: Random, people: readonly Person[], enterprises: readonly Enterprise[]): Settled {
  const draft: Draft = { source, columns: insuranceColumns, rows: [] };
  for (const p of people) {
    if (p.birth > '2004-12-31' || (p.nation !== null && !random.chance(0.7))) continue;
    const employer = random.chance(0.9) ? random.pick(enterprises) : null;
    // The insurance hears late of moves, and not at all of some.
    const address = random.chance(0.4) ? p.homeAddress : random.chance(0.06) ? addressIn(random, p.home) : p.livingAddress;
    const phone = random.chance(0.25) ? phoneNumber(random) : p.phone;
    const credit = employer?.credit ?? null;
    const employerName = employer ? (employer.formerName ?? employer.name) : null;
    const row = draftRow([p.name, p.identity, credit, employerName, null, phone, address], { person: p.identity, enterprise: credit });
    const from = Math.max(dayNumber(addDays(p.birth, 6940)), dayNumber('1996-01-01'), employer ? dayNumber(employer.founded) : 0);
    writeDate(draft, row, '参保日期', dayText(random.int(Math.min(from, lastDay), lastDay)), random.chance(0.85) ? 'iso' : 'compact');
    if (p.homonym !== null) row.traps.push({ kind: 'homonym', column: '姓名', value: p.name, expected: p.identity });
    if (address !== p.homeAddress) row.traps.push({ kind: 'moved-address', column: '居住地址', value: address, expected: null });
    draft.rows.push(row);
  }
  plantFaults(draft, random, [
    identityChecks(draft, random, 0.0025, 3, '公民身份号码'),
    creditChecks(draft, random, 0.0025, 3, '单位统一社会信用代码'),
    nulls(draft, 0.0025, 3, ['姓名', '公民身份号码', '参保日期']),
  ]);
  writeOtherwise(draft, random, [...identityWays(random, '公民身份号码', true), ...codeWays(random, '单位统一社会信用代码')]);
  const total = (rows: readonly unknown[]) => ({ 单位名称: `参保${rows.length}人` });
  addExtraRows(draft, random, { duplicateShare: 0.0025, duplicates: 3, totals: 2, label: '姓名', total, totalAfter: null }, 60);
  return settle(draft, insuranceHead + 1);
}
