/** The process that reads the files of one suite, named line by line on its standard input; prints what came of each as a line of JSON. */
import { createInterface } from 'node:readline';
import { type Outcome, openReading } from './reading.ts';

/** Rows given back of each file. */
const most = 100;

const reading = await openReading();
for await (const path of createInterface({ input: process.stdin })) {
  const { picture: _, ...outcome }: Outcome = await reading.of(path, most);
  const line = JSON.stringify({ ...outcome, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) });
  // The reader of lines ends one at either of these too.
  process.stdout.write(`${line.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}\n`);
}
await reading.close();
