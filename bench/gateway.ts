/**
 * `npm run bench:gateway -- [seconds a round] [rounds]`: a `query` with everything on (key, grant, masks, record committed before the answer) beside a
 * do-nothing node:http server and beside bare pg behind Fastify, the same bytes, at 32 and 256 connections, turn by turn (A B C A B C …).
 * A ratio is the median of per-round ratios; where they spread over more than 15% there is no claim. On a machine on which others work too, calls
 * a second say little; there the CPU time of everything that took part (servers, PostgreSQL, load) tells what a call costs.
 */

import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateCity } from '#city/index';
import { systemClock } from '#kernel/clock';
import { readConfig } from '#kernel/config';
import { openAuditLog } from '#kernel/facts/audit';
import { openKernel } from '#kernel/open';
import { createCityIn } from '../bin/city/create.ts';
import { install, passwordOf } from '../bin/city/install.ts';
import { type Client, signIn } from '../bin/client.ts';
import { createStages } from '../bin/stages.ts';
import { startStack } from '../bin/up.ts';
import { numberAt } from '../scripts/usage.ts';
import { compileGrant } from '../src/gateway/compile.ts';
import { median, told } from './installation.ts';
import type { LoadOrder, LoadResult } from './load.ts';

const seconds = numberAt(0, 4);
const rounds = numberAt(1, 5);
const place = mkdtempSync(join(tmpdir(), 'chengshu-bench-'));
const config = readConfig(
  { '--data': join(place, 'data'), '--scale': '0.3', '--seed': '7', '--port': '19700' },
  { CHENGSHU_SCHEDULE: 'off' },
);
const stack = await startStack(config, () => undefined);
const kernel = openKernel(stack.site, createStages(), { name: 'bench', clock: systemClock, connections: 2 });
await install(kernel, stack.site.key);
await createCityIn(stack, config);

const as = (account: string): Promise<Client> => signIn(stack.address, account, passwordOf(stack.site.key, account));
const { grant, secret, service } = await granted();
const compiled = await compileGrant(kernel, await kernel.documents.snapshot(), grant, 0, kernel.clock.today());
const [field, key] = [...(compiled?.keys ?? [])][0] ?? [];
if (!compiled || !field || !key) throw new Error('the grant compiles to nothing');
const people = generateCity({ seed: 7, scale: 0.3 }).people.map((p) => p.identity);
const path = `/api/gateway/${service}/query`;
const ask = async (value: string) => {
  const reply = await fetch(`${stack.address}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ field, value }),
  });
  return { status: reply.status, text: await reply.text() };
};
// Keys whose answers have the same length, so that all three sides send the same bytes.
const answers = new Map<number, string[]>();
let sample = '';
for (const value of people.slice(0, 400)) {
  const { status, text } = await ask(value);
  if (status !== 200 || !text.includes('"count":1')) continue;
  answers.set(text.length, [...(answers.get(text.length) ?? []), value]);
}
const values = [...answers.values()].sort((a, b) => b.length - a.length)[0] ?? [];
sample = (await ask(values[0] as string)).text;
const bodies = values.map((value) => JSON.stringify({ field, value }));

const order = join(place, 'baseline.json');
const tail = sample.slice(sample.indexOf(',"grant"'));
writeFileSync(order, JSON.stringify({ body: sample, url: stack.site.urls.app, text: key.statement.text, limit: compiled.limit, tail }));
const nothing = await baseline('nothing');
const bare = await baseline('bare');
for (const value of values.slice(0, 20)) {
  const ours = (await ask(value)).text;
  const reply = await fetch(`http://127.0.0.1:${bare.port}/query`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ field, value }),
  });
  const other = await reply.text();
  const rowsOf = (text: string) => text.slice(0, text.indexOf(',"grant"'));
  if (rowsOf(ours) !== rowsOf(other) || ours.length !== other.length) throw new Error(`the answers differ:\n${ours}\n${other}`);
}
console.log(`${values.length} keys, ${Buffer.byteLength(sample)} bytes an answer; the rows of both are equal`);
const before = await counted();
let calls = 0;

for (const connections of [32, 256]) {
  const sides = { ours: [] as Round[], bare: [] as Round[], nothing: [] as Round[] };
  for (let round = 0; round <= rounds; round++)
    for (const side of ['ours', 'bare', 'nothing'] as const) {
      const port = side === 'ours' ? Number(new URL(stack.address).port) : side === 'bare' ? bare.port : nothing.port;
      const measured = await load({
        port,
        path: side === 'ours' ? path : '/query',
        headers: side === 'ours' ? { authorization: `Bearer ${secret}` } : {},
        bodies,
        connections,
        milliseconds: round === 0 ? 1000 : seconds * 1000,
      });
      if (measured.wrong > 0) throw new Error(`${side}: ${measured.wrong} answers were not 200`);
      if (side === 'ours') calls += measured.answers;
      if (round > 0) sides[side].push(measured);
    }
  const rate = (r: Round) => (r.answers / r.milliseconds) * 1000;
  const cpu = (r: Round) => r.server + r.database + r.load;
  const ratio = (a: Round[], b: Round[], of: (r: Round) => number) => a.map((r, i) => of(r) / of(b[i] as Round));
  const middle = (all: Round[], of: (r: Round) => number, digits = 1) => median(all.map(of)).toFixed(digits);
  console.log(`${connections} connections:`);
  for (const [name, all] of Object.entries(sides))
    console.log(
      `  ${name.padEnd(8)} ${middle(all, rate, 0)} /s, p50 ${middle(all, (r) => r.p50)} ms, p99 ${middle(all, (r) => r.p99)} ms; CPU-ms per 1,000: server ${middle(all, (r) => r.server)}, PostgreSQL ${middle(all, (r) => r.database)}, load ${middle(all, (r) => r.load)}`,
    );
  for (const name of ['bare', 'nothing'] as const) {
    console.log(`  ours ÷ ${name}: ${told(ratio(sides.ours, sides[name], rate))}`);
    console.log(`  CPU of ${name} ÷ CPU of ours, everything counted: ${told(ratio(sides[name], sides.ours, cpu))}`);
  }
}
const after = await counted();
if (after - before !== calls) throw new Error(`${after - before} records for ${calls} calls`);
console.log(`${calls} calls measured, as many records`);
console.log(`load ${loadavg()[0]?.toFixed(2)}`);
nothing.child.kill();
bare.child.kill();
await kernel.close();
await stack.stop();
rmSync(place, { recursive: true, force: true });
process.exit(0);

/** One round; CPU-milliseconds per 1,000 answers of the servers, of PostgreSQL and of the load itself. */
type Round = LoadResult & { readonly server: number; readonly database: number; readonly load: number };

/** Approves the request that waits, and makes a key under its grant. */
async function granted(): Promise<{ grant: string; secret: string; service: string }> {
  const police = await as('police');
  const { rows } = await (await as('civil')).get<{ rows: { id: string; provider: string }[] }>('/api/share/requests?limit=1');
  const request = rows[0];
  if (!request) throw new Error('no request waits');
  for (const client of [police, await as('operator')])
    await client.post(`/api/share/requests/${request.id}/steps`, { step: 'approve', opinion: '同意' }).catch(() => undefined);
  const developer = await as('civil-dev');
  const shown = await developer.get<{ grant: string; service: string }>(`/api/share/requests/${request.id}`);
  for (let i = 0; i < 100; i++) await new Promise((r) => setTimeout(r, 20));
  const { secret } = await developer.post<{ secret: string }>(`/api/share/grants/${shown.grant}/keys`, { name: 'bench' });
  return { grant: shown.grant, secret, service: shown.service };
}

async function baseline(kind: 'nothing' | 'bare') {
  const child = fork(fileURLToPath(new URL('./baseline.ts', import.meta.url)), [kind, order]);
  const port = await new Promise<number>((done) => child.once('message', (m: { port: number }) => done(m.port)));
  return { child, port };
}

/** Calls that the log holds. */
async function counted(): Promise<number> {
  const log = openAuditLog(stack.site.urls.audit);
  const { count } = await log.list({ door: 'gateway', limit: 1, offset: 0 });
  await log.close();
  return count;
}

async function load(spec: LoadOrder): Promise<Round> {
  const file = join(place, 'load.json');
  writeFileSync(file, JSON.stringify(spec));
  const before = spent();
  const child = spawn(process.execPath, [fileURLToPath(new URL('./load.ts', import.meta.url)), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (d: Buffer) => {
    text += d.toString();
  });
  await new Promise((done) => child.once('close', done));
  const after = spent();
  const result = JSON.parse(text) as LoadResult;
  const per = (ms: number) => (ms / result.answers) * 1000;
  return { ...result, server: per(after.server - before.server), database: per(after.database - before.database), load: per(result.cpu) };
}

/** CPU-milliseconds so far of the processes that this one started: of PostgreSQL's, and of all others (the server with every feature on, worker, warehouse, both baselines), which idle but the one that is asked. */
function spent(): { readonly server: number; readonly database: number } {
  const known = new Map<number, { readonly parent: number; readonly name: string; readonly ticks: number }>();
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n)))
    try {
      const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      const fields = rest.split(' ');
      known.set(Number(pid), { parent: Number(fields[1]), name, ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It ended while we looked.
    }
  const isStarted = (pid: number): boolean => {
    const parent = known.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isStarted(parent));
  };
  const sum = { server: 0, database: 0 };
  for (const [pid, { name, ticks }] of known) if (isStarted(pid)) sum[name.startsWith('postgres') ? 'database' : 'server'] += ticks * 10;
  return sum;
}
