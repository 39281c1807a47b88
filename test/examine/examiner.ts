/** The process that takes files through a platform of its own, named line by line on its standard input; tells of each as a line of JSON. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { doorClient } from '../door-client.ts';
import { openPlatform, provider } from '../river.ts';
import { judged, type Told } from './judge.ts';
import { passageOf } from './passage.ts';

/** Megabytes beyond which the process begins afresh. */
const most = 700;

const [data = '', root = '', expectations = ''] = process.argv.slice(2);
const { k } = await openPlatform({ folder: data });
const client = doorClient(k, await k.actor('provider-steward', provider));
for await (const file of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const passage = await passageOf(k, client, file);
  const expected = join(expectations, `${relative(root, file)}.expected.json`);
  const told: Told = {
    ...(await judged(file, passage, existsSync(expected) ? expected : null)),
    file: relative(root, file),
    seconds: (performance.now() - began) / 1000,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  // Work that met a bug is queued again and would be the next file's; and what many files left behind goes with the process.
  if (passage.end === 'broken' || told.megabytes > most) break;
}
await k.close();
process.exit(0);
