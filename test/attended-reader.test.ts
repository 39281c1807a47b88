/** A reader that hangs, dies or ends of itself costs the file it was at, or none, and never the others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attended } from './attended-reader.ts';

test('only the file that a reader hangs or dies at is lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chengshu-attended-'));
  const script = join(folder, 'reader.mjs');
  writeFileSync(
    script,
    `import { createInterface } from 'node:readline';
     let heard = 0;
     for await (const file of createInterface({ input: process.stdin })) {
       if (file === 'hangs') await new Promise(() => setInterval(() => undefined, 1000));
       if (file === 'dies') process.exit(3);
       console.log(JSON.stringify({ file, heard: ++heard }));
       if (file === 'enough') process.exit(0);
     }`,
  );
  const told: { file: string; heard: number }[] = [];
  try {
    const files = ['a', 'hangs', 'b', 'enough', 'c', 'dies', 'd'];
    const lost = await attended<(typeof told)[number]>({ script, files, patience: 3, tell: (t) => told.push(t) });
    expect(lost).toEqual({ hung: ['hangs'], died: [{ file: 'dies', code: '3' }] });
    expect(told).toEqual([
      { file: 'a', heard: 1 },
      { file: 'b', heard: 1 },
      { file: 'enough', heard: 2 },
      { file: 'c', heard: 1 },
      { file: 'd', heard: 1 },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
