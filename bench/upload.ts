/**
 * `npm run bench:upload -- [rows]`: a text file of invented people (20 million rows are 2 GB) from `chengshu upload --yes` to an answer by its key:
 * sent in parts while the server is killed once with SIGKILL, read, proposed, landed, governed, published, asked for, granted, called, found in the log.
 * Prints how long each step took and the most memory that all processes held.
 */

import { spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { systemClock } from '#kernel/clock';
import { readConfig } from '#kernel/config';
import { openKernel } from '#kernel/open';
import { createCityIn } from '../bin/city/create.ts';
import { install, passwordOf } from '../bin/city/install.ts';
import { type Client, signIn } from '../bin/client.ts';
import { createStages } from '../bin/stages.ts';
import { startStack } from '../bin/up.ts';
import { numberAt } from '../scripts/usage.ts';
import { peopleColumns, writePeople } from './people-file.ts';

const rows = numberAt(0, 20_000_000);
const place = mkdtempSync(join(tmpdir(), 'chengshu-upload-'));
const path = join(place, 'roster.csv');
await writePeople(path, rows);
const { size } = statSync(path);
console.log(`${rows} rows, ${(size / 1e6).toFixed(0)} MB are written`);

const data = join(place, 'data');
const config = readConfig({ '--data': data, '--scale': '0.02', '--port': '19720' }, { CHENGSHU_SCHEDULE: 'off' });
const stack = await startStack(config, () => undefined);
const kernel = openKernel(stack.site, createStages(), { name: 'bench', clock: systemClock, connections: 2 });
await install(kernel, stack.site.key);
await createCityIn(stack, config);
await kernel.close();
const as = (account: string): Promise<Client> => signIn(stack.address, account, passwordOf(stack.site.key, account));
const [operator, police, developer, auditor] = [await as('operator'), await as('police'), await as('civil-dev'), await as('auditor')];
const watch = new Worker(new URL('./memory-watch.ts', import.meta.url), { workerData: process.pid });
const began = performance.now();

const sending = uploaded();
await killedOnTheWay();
const said = await sending;
console.log(said.split('\n').slice(-4).join('\n').trimEnd());

interface Run {
  readonly job: string;
  readonly state: string;
  readonly about: string;
  readonly startedAt: string;
  readonly endedAt: string;
}
const { rows: runs } = await operator.get<{ rows: Run[] }>('/api/runs?limit=100');
const ours = runs.filter((r) => r.about.includes('roster') || r.job === 'read-upload' || r.job === 'propose-columns').reverse();
for (const r of ours.filter((run) => run.job !== 'probe-source'))
  console.log(`  ${r.job.padEnd(18)} ${r.state}, ${((Date.parse(r.endedAt) - Date.parse(r.startedAt)) / 1000).toFixed(1)} s`);

const { governed, quarantined } = await police.get<{ governed: number; quarantined: number }>('/api/govern/tables/roster');
if (governed + quarantined !== rows) throw new Error(`${governed} governed and ${quarantined} quarantined rows are not ${rows}`);

await operator.post('/api/catalog/entries/roster/steps', { step: 'publish', opinion: '同意发布' });
const service = await police.get<{ returns: { field: string }[]; keyFields: { field: string }[] }>('/api/share/services/roster');
const request = await developer.post<{ id: string }>('/api/share/requests', {
  service: 'roster',
  purpose: '核验居民身份',
  legalBasis: '政务数据共享条例第十五条',
  scene: '救助核验',
  fields: service.returns.map((r) => r.field),
  rowFilter: null,
  until: `${new Date().getFullYear() + 1}-12-31`,
  contact: '何敏 0349-6234567',
});
await operator.post(`/api/share/requests/${request.id}/steps`, { step: 'admit', opinion: '材料齐全' });
await police.post(`/api/share/requests/${request.id}/steps`, { step: 'approve', opinion: '同意' });
const { grant } = await developer.get<{ grant: string }>(`/api/share/requests/${request.id}`);
const { secret } = await developer.post<{ secret: string }>(`/api/share/grants/${grant}/keys`, { name: 'bench' });
const place3 = peopleColumns.indexOf('公民身份号码');
for (const line of await sampleLines()) {
  const value = line.split(',')[place3] as string;
  const asked = performance.now();
  const reply = await fetch(`${stack.address}/api/gateway/roster/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ field: service.keyFields[0]?.field, value }),
  });
  const text = await reply.text();
  const { count, record } = JSON.parse(text) as { count: number; record: { id: string } };
  if (reply.status !== 200 || count !== 1 || text.includes(value)) throw new Error(`${reply.status} ${text}`);
  const { rows: records } = await auditor.get<{ rows: { id: string }[] }>(`/api/log?limit=1&id=${record.id}`);
  if (records[0]?.id !== record.id) throw new Error(`record ${record.id} is not in the log`);
  console.log(`  answered masked and recorded after ${(performance.now() - asked).toFixed(0)} ms: ${text.slice(0, 120)}…`);
}
watch.postMessage('told');
const peak = await new Promise<number>((told) => watch.once('message', told));
console.log(
  `${rows} rows served after ${((performance.now() - began) / 60_000).toFixed(1)} min: ${governed} governed, ${quarantined} quarantined`,
);
console.log(`our peak memory, all processes together with PostgreSQL, ${Math.round(peak)} MB; load ${loadavg()[0]?.toFixed(2)}`);
await stack.stop();
rmSync(place, { recursive: true, force: true });
process.exit(0);

/** The command as a person types it; what it said. */
function uploaded(): Promise<string> {
  const command = fileURLToPath(new URL('../bin/chengshu.ts', import.meta.url));
  const child = spawn(process.execPath, [command, 'upload', path, '--yes', '--user', 'police', '--data', data], {
    env: { ...process.env, CHENGSHU_PASSWORD: passwordOf(stack.site.key, 'police') },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return new Promise((done, failed) =>
    child.on('exit', (code) => (code === 0 ? done(text) : failed(new Error(`the upload ended with ${code}:\n${text}`)))),
  );
}

/** Kills the server with SIGKILL once a third of the file has arrived. */
async function killedOnTheWay(): Promise<void> {
  for (;;) {
    const [upload] = (await police.get<{ rows: { received: number; bytes: number }[] }>('/api/collect/uploads?limit=1')).rows;
    if (upload && upload.received > upload.bytes / 3) {
      if (upload.received === upload.bytes) throw new Error('the file had arrived before the server could be killed');
      const processes = JSON.parse(readFileSync(join(data, 'run', 'processes.json'), 'utf8')) as { name: string; pid: number }[];
      process.kill(processes.find((p) => p.name === 'serve')?.pid as number, 'SIGKILL');
      console.log(`the server was killed when ${upload.received} of ${upload.bytes} bytes had arrived`);
      return;
    }
    await new Promise((r) => setTimeout(r, 20));
  }
}

/** Rows of the file whose number is in order: the first, one in the middle, one near the end. */
async function sampleLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const from of [0, Math.floor(size / 2), Math.max(0, size - 2000)]) {
    let n = 0;
    for await (const line of createInterface({ input: createReadStream(path, { start: from, end: from + 1999 }) }))
      if (n++ > 0 && line.split(',').length === peopleColumns.length && /,\d{17}[\dX],/.test(line)) {
        lines.push(line);
        break;
      }
  }
  return lines;
}
