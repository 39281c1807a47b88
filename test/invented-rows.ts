/** What columns of invented rows are proposed to be: the rows as a file, and names, numbers and firms of persons who do not exist. */
import type { River } from './river.ts';
import { invented, type ProposedColumn, proposed, type Shown, sendFile } from './upload-river.ts';

export interface Proposed {
  readonly columns: readonly ProposedColumn[];
  readonly key: readonly string[];
  readonly keys: readonly { columns: string[]; absent: number; repeated: number; examples: { values: string[]; rows: number }[] }[];
  readonly rows: { data: number; governed: number };
  readonly checks: readonly { id: string; severity: string; failed: number | null }[];
  readonly rules: readonly { kind: string; slots: Readonly<Record<string, string>> }[];
}

let sent = 0;
/** Sends rows as a file and returns the proposal for it. */
export async function judgedOn(river: River, rows: readonly (readonly unknown[])[]): Promise<Proposed & { upload: Shown }> {
  const upload = await sendFile(river, `表${++sent}.csv`, Buffer.from(`${rows.map((r) => r.join(',')).join('\n')}\n`));
  return { ...(await proposed<Proposed>(river, upload)), upload };
}
export const elementsOf = (p: Proposed): Record<string, string> => Object.fromEntries(p.columns.map((c) => [c.column, c.element]));
export const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

export const numberOf = (i: number): string => invented(`34990119${60 + i}01${10 + (i % 18)}${100 + i}`);
export const nameOf = (i: number): string => `${'赵钱孙李周吴郑王冯陈'[i % 10]}${'伟芳娜敏静丽强磊军洋'[i % 10]}${'明'.repeat(i % 2)}`;
export const firmOf = (i: number): string => `云川市${'青石云岭'[i % 4]}${'甲乙丙丁戊'[i % 5]}商贸有限公司`;
export const phoneOf = (i: number): string => `1381234${1000 + i}`;
export const addressOf = (i: number): string => `云川市云岭区幸福路${i + 1}号`;
