/** What a person reads before accepting. */
import { say } from '../say.ts';
import type { Proposal, Upload, Withheld } from './shapes.ts';

/** Prints the counts of the rows read, the proposal, and the rows that the proposed key withholds. */
export function print(upload: Upload, p: Proposal, withheld: Withheld): void {
  const { rows } = upload;
  say(
    `“${upload.name}”：读入 ${rows?.rowsIn} 行 = 数据 ${rows?.rowsData} + 拒收 ${rows?.rowsRefused} + 非数据 ${rows?.rowsOther}`,
    `${rows?.rowsIn} rows = ${rows?.rowsData} data + ${rows?.rowsRefused} refused + ${rows?.rowsOther} not data`,
  );
  for (const s of upload.reading?.said ?? []) console.log(`  · ${s.zh} · ${s.en}`);
  for (const c of p.columns) console.log(`  ${c.column} → ${c.element}  ${c.sensitivity} 级  ${c.name}  （${c.why.zh}）`);
  for (const k of p.keys) console.log(`  主键候选 · key: ${k.columns.join('+')}  缺 ${k.absent}  重复 ${k.repeated}`);
  const key = p.key.map((name) => p.columns.find((c) => c.name === name)?.column ?? name);
  if (key.length === 0) say('  主键：没有，不隔离任何一行', 'no key: no row is withheld');
  else say(`  主键：${key.join('+')}`, `key: ${key.join('+')}`);
  console.log(`  规则 · rules: ${p.rules.map((r) => r.title.zh).join('、') || '—'}`);
  if (withheld.count > 0) say(`  这个主键隔离 ${withheld.count} 行`, `the key withholds ${withheld.count} rows`);
  for (const r of withheld.rows) {
    const cells = key.map((c) => r.values[c] ?? '—').join('+');
    console.log(`    第 ${r.row} 行 · row ${r.row}: ${cells}（${r.reason.zh}）`);
  }
  if (withheld.count > withheld.rows.length) say(`    其余见上传页的“主键”一步`, `the others stand in step 3 of the page`);
  const of = p.rows.looked < p.rows.data ? { zh: `（从 ${p.rows.data} 行中抽取）`, en: ` picked of ${p.rows.data}` } : { zh: '', en: '' };
  console.log(
    `  试行 · trial: ${p.rows.looked} 行${of.zh}中 ${p.rows.governed} 行可入表 · ${p.rows.governed} of ${p.rows.looked} rows${of.en} pass`,
  );
  for (const c of p.checks.filter((x) => x.failed > 0))
    console.log(`    ${c.title.zh}：${c.failed}/${c.checked}（${c.severity === 'block' ? '隔离' : '提醒'}）`);
}
