/** A text file of invented people, as large as a bench wants, written by DuckDB in a moment: about one row in a hundred has a fault. */
import { DuckDBInstance } from '@duckdb/node-api';

/** Columns of the file. */
export const peopleColumns = ['序号', '姓名', '公民身份号码', '联系电话', '地址', '出生日期', '更新时间'] as const;

/** Writes `rows` people from number `from` on, with telephones of one prefix; division prefix 3499 was never issued. */
export async function writePeople(path: string, rows: number, { from = 0, phone = '138' } = {}): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const c = await instance.connect();
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.map((w, i) => `cast(substring(body, ${i + 1}, 1) as int) * ${w}`).join(' + ');
  await c.run(`copy (
    select n as "序号", '居民' || chr(cast(19968 + n % 5000 as int)) as "姓名",
      case when n % 211 = 0 then body || 'Z' else body || substring('10X98765432', (${sum}) % 11 + 1, 1) end as "公民身份号码",
      '${phone}' || lpad(cast(n % 100000000 as varchar), 8, '0') as "联系电话", '云岭区幸福路' || (n % 900 + 1) || '号' as "地址",
      strftime(day, '%Y-%m-%d') as "出生日期", '2026-10-0' || (1 + n % 9) || ' 10:20:30' as "更新时间"
    from (select n, day, '34990' || (1 + n % 4) || strftime(day, '%Y%m%d') || lpad(cast(n // 40000 % 1000 as varchar), 3, '0') as body
      from (select range as n, date '1890-01-01' + cast(range % 40000 as int) as day from range(${from}, ${from + rows})))
  ) to '${path}' (header, delimiter ',')`);
  c.closeSync();
  instance.closeSync();
}
