/**
 * `npm run grades` scores the grades and masks that are proposed for the project's own files; `npm run grades -- <folder> <gold.json>` those of another
 * folder, by grades that a person has written ({"file": {"column": 1…4}}). Prints precision, recall and every column that differs.
 */
import '../../scripts/usage.ts';
import { existsSync } from 'node:fs';
import setup from '../postgres.ts';
import { goldIn, gradedOf, ownFiles, ownGold, told } from './score.ts';

const [folder, gold] = process.argv.slice(2);
if (folder !== undefined && (gold === undefined || !existsSync(folder) || !existsSync(gold))) {
  console.log(`skipped: no folder at ${folder} or no grades at ${gold ?? '(not named)'}`);
  process.exit(0);
}
const close = await setup();
try {
  console.log(told(folder === undefined ? await gradedOf(ownFiles, ownGold()) : await gradedOf(folder, goldIn(gold as string))));
} finally {
  await close();
}
