/** A process that stores objects until it is killed: `<folder> <step>` kills itself at that step of the first object; `-` stores three and ends. */
import { disk, type ObjectEffects } from '../src/kernel/objects/effects.ts';
import { openObjects } from '../src/kernel/objects/objects.ts';

const [folder = '', at = '-'] = process.argv.slice(2);
const dieAt = (step: string): void => {
  if (step === at) process.kill(process.pid, 'SIGKILL');
};
const effects: ObjectEffects = {
  syncFile: async (path) => {
    dieAt('before sync');
    await disk.syncFile(path);
    dieAt('after sync');
  },
  rename: async (from, to) => {
    dieAt('before rename');
    await disk.rename(from, to);
    dieAt('after rename');
  },
  syncFolder: disk.syncFolder,
};

const objects = openObjects(folder, effects);
async function* content(n: number) {
  yield Buffer.from(`object ${n}\n`);
  if (n === 0) dieAt('while writing');
  yield Buffer.alloc(100_000, n);
}
for (let n = 0; n < 3; n++) console.log(`stored ${(await objects.put(content(n))).digest}`);
