/**
 * How a script of package.json is used: the comment at the head of its own file. Imported, it answers `--help` before anything of
 * the file is started; what was given wrongly is named above the same text.
 */
import { readFileSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/** The comment at the head of a file, as lines without stars. */
export const headOf = (file: string): string =>
  (/^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8'))?.[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/^ *\* ?/, '').trim())
    .filter((line) => line !== '')
    .join('\n');

const head = (): string => headOf(process.argv[1] ?? '');

if (process.argv.slice(2).some((a) => a === '--help' || a === '-h')) {
  console.log(head());
  process.exit(0);
}

/** Says what was wrong and how it is used, and ends with 2. */
export function wrongUsage(fault: string): never {
  console.error(`${fault}\n\n${head()}`);
  process.exit(2);
}

/** The options that were given. An unknown one ends the script with its usage. */
export function optionsOf<const O extends NonNullable<ParseArgsConfig['options']>>(options: O) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return wrongUsage((error as Error).message);
  }
}

/** The number at a place of the arguments, from 0, or the usual one. */
export function numberAt(place: number, usual: number): number {
  const given = process.argv[place + 2];
  return given === undefined ? usual : numberOf(given);
}

/** A positive number that was given as text. */
export function numberOf(given: string): number {
  const number = Number(given);
  return Number.isFinite(number) && number > 0 ? number : wrongUsage(`not a number above 0: ${given}`);
}
