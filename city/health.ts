/** 卫健 health records of residents: a GB18030 text file with a comma-padded title row, dates in every form, old identity numbers. */
import { addressIn, phoneNumber } from './addresses.ts';
import { dayNumber, dayText } from './calendar.ts';
import { type Draft, draftRow, type Settled, settle } from './draft.ts';
import { addExtraRows } from './extra-rows.ts';
import { identityChecks, nulls, plantFaults, swaps } from './faults.ts';
import { anyDateForm, blankWay, identityWays, writeDate, writeOtherwise } from './forms.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

export const healthColumns = ['姓名', '身份证号', '性别', '出生日期', '联系电话', '居住地址', '建档日期', '建档机构'] as const;
/** Rows above the data: the title and the header. */
export const healthHead = 2;

/** The records as delivered; row numbers are grid rows of the file. */
export function healthRecords(source: string, random: Random, people: readonly Person[]): Settled {
  const draft: Draft = { source, columns: healthColumns, rows: [] };
  for (const p of people) {
    if (p.nation !== null && p.homonym === null && !random.chance(0.72)) continue;
    const address = random.chance(0.04) ? addressIn(random, p.living) : p.livingAddress;
    const phone = random.chance(0.06) ? null : random.chance(0.12) ? phoneNumber(random) : p.phone;
    const institution = `云川市${random.pick(p.living.townships).zh}${random.chance(0.8) ? '卫生服务中心' : '卫生院'}`;
    const row = draftRow([p.name, p.identity, p.sex === '1' ? '男' : '女', null, phone, address, null, institution], {
      person: p.identity,
    });
    writeDate(draft, row, '出生日期', p.birth, anyDateForm(random));
    // A file is opened in a later year than the birth: exchanging day and month must not make it precede the birth.
    const openedYear = Math.max(2009, Number(p.birth.slice(0, 4)) + 1);
    writeDate(
      draft,
      row,
      '建档日期',
      dayText(random.int(dayNumber(`${openedYear}-01-01`), dayNumber('2024-12-31'))),
      random.chance(0.8) ? 'iso' : 'slash',
    );
    if (p.homonym !== null) row.traps.push({ kind: 'homonym', column: '姓名', value: p.name, expected: p.identity });
    if (address !== p.homeAddress) row.traps.push({ kind: 'moved-address', column: '居住地址', value: address, expected: null });
    draft.rows.push(row);
  }
  plantFaults(draft, random, [
    identityChecks(draft, random, 0.002, 3, '身份证号'),
    swaps(draft, 0.0025, 3, '出生日期', () => anyDateForm(random)),
    nulls(draft, 0.0025, 3, ['姓名', '身份证号', '性别', '出生日期']),
  ]);
  writeOtherwise(draft, random, [...identityWays(random, '身份证号', true), blankWay(random, '姓名')]);
  const total = (rows: readonly unknown[]) => ({ 居住地址: `共${rows.length}人` });
  addExtraRows(draft, random, { duplicateShare: 0.002, duplicates: 3, totals: 3, label: '姓名', total, totalAfter: null }, 60);
  return settle(draft, healthHead + 1);
}
