/** Grades and masks that are proposed for the columns of files, held against grades written by hand. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createStages } from '../../bin/stages.ts';
import { testKernel } from '../kernel.ts';
import type { River } from '../river.ts';
import { proposed, sendFile } from '../upload-river.ts';

export type Grade = 1 | 2 | 3 | 4;
/** Grade of each column by file, relative to the folder. */
export type Gold = Readonly<Record<string, Readonly<Record<string, Grade>>>>;

/** A column with what it should be and what it is proposed as. A grade of 3 or more is shown masked. */
export interface Graded {
  readonly file: string;
  readonly column: string;
  readonly gold: Grade;
  readonly proposed: Grade;
  readonly why: string;
}

interface Proposal {
  readonly columns: readonly { readonly column: string; readonly sensitivity: Grade; readonly why: { readonly zh: string } }[];
}

/** Reads the gold beside or outside a folder. */
export const goldIn = (path: string): Gold => JSON.parse(readFileSync(path, 'utf8')) as Gold;

/** Uploads every file that the gold names and reads the proposed grades. Throws where a file or a column of the gold is not there. */
export async function gradedOf(folder: string, gold: Gold): Promise<readonly Graded[]> {
  const k = await testKernel(createStages(), { models: true });
  try {
    const steward = await k.actor('provider-steward', 'civil-affairs');
    const ok: River['ok'] = async (method, url, as, body) => {
      const reply = await k.call(method, url, as, body);
      if (reply.status !== 200) throw new Error(`${method} ${url}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body;
    };
    const graded: Graded[] = [];
    for (const [file, grades] of Object.entries(gold)) {
      const upload = await sendFile({ k, steward, ok }, basename(file), readFileSync(join(folder, file)));
      const { columns } = await proposed<Proposal>({ k, steward, ok }, upload);
      for (const [column, grade] of Object.entries(grades)) {
        const found = columns.find((c) => c.column === column);
        if (!found) throw new Error(`${file} has no column '${column}': ${columns.map((c) => c.column).join(', ')}`);
        graded.push({ file, column, gold: grade, proposed: found.sensitivity, why: found.why.zh });
      }
    }
    return graded;
  } finally {
    await k.close();
  }
}

/**
 * Precision is the share of the proposed that is right, recall the share of the right that is proposed. Each is 1 where there was nothing to be
 * wrong in.
 */
export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly right: number;
  readonly proposed: number;
  readonly gold: number;
}

function scoreOf(graded: readonly Graded[], is: (grade: Grade) => boolean): Score {
  const [told, gold] = [graded.filter((g) => is(g.proposed)), graded.filter((g) => is(g.gold))];
  const right = told.filter((g) => is(g.gold)).length;
  return {
    precision: told.length === 0 ? 1 : right / told.length,
    recall: gold.length === 0 ? 1 : right / gold.length,
    right,
    proposed: told.length,
    gold: gold.length,
  };
}

/** Of masks (a grade of 3 or 4), and of each grade. */
export const scoresOf = (graded: readonly Graded[]): { readonly mask: Score; readonly grades: Readonly<Record<Grade, Score>> } => ({
  mask: scoreOf(graded, (g) => g >= 3),
  grades: {
    1: scoreOf(graded, (g) => g === 1),
    2: scoreOf(graded, (g) => g === 2),
    3: scoreOf(graded, (g) => g === 3),
    4: scoreOf(graded, (g) => g === 4),
  },
});

/** The scores and every column that is graded otherwise, for a person to read. */
export function told(graded: readonly Graded[]): string {
  const line = (name: string, s: Score): string =>
    `${name}: precision ${(100 * s.precision).toFixed(1)}% (${s.right}/${s.proposed}), recall ${(100 * s.recall).toFixed(1)}% (${s.right}/${s.gold})`;
  const { mask, grades } = scoresOf(graded);
  const wrong = graded.filter((g) => g.gold !== g.proposed);
  return [
    `${graded.length} columns of ${new Set(graded.map((g) => g.file)).size} files`,
    line('masked (grade 3 or 4)', mask),
    ...([1, 2, 3, 4] as const).map((g) => line(`grade ${g}`, grades[g])),
    ...wrong.map((g) => `  ${g.file}, ${g.column}: ${g.proposed}, should be ${g.gold} (${g.why})`),
  ].join('\n');
}

/** The project's own files and their grades. */
export const ownFiles = new URL('files/', import.meta.url).pathname;
export const ownGold = (): Gold => {
  const gold = goldIn(new URL('gold.json', import.meta.url).pathname);
  const ungraded = readdirSync(ownFiles).filter((f) => gold[f] === undefined);
  if (ungraded.length > 0) throw new Error(`no grades are written for ${ungraded.join(', ')}`);
  return gold;
};
