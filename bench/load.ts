/**
 * The load of an HTTP bench, a process of its own: `node bench/load.ts <order.json>`. Every connection sends its next request when its answer is
 * whole (keep-alive, no pipelining). Prints JSON: answers, those that were not 200, milliseconds, bytes of a body, latencies, CPU-milliseconds used.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bodies, sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
}
export interface LoadResult {
  readonly answers: number;
  readonly wrong: number;
  readonly milliseconds: number;
  readonly bytes: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpu: number;
}

const order = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as LoadOrder;
const head = Object.entries({
  host: `127.0.0.1:${order.port}`,
  connection: 'keep-alive',
  'content-type': 'application/json',
  ...order.headers,
});
const requests = order.bodies.map((body) =>
  Buffer.from(
    `POST ${order.path} HTTP/1.1\r\n${head.map(([k, v]) => `${k}: ${v}`).join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ),
);
let answers = 0;
let wrong = 0;
let bytes = 0;
let turn = 0;
const times: number[] = [];
const end = performance.now() + order.milliseconds;
const began = performance.now();
const cpu = process.cpuUsage();

await Promise.all(Array.from({ length: order.connections }, () => new Promise<void>((done, failed) => open(done, failed))));
const used = process.cpuUsage(cpu);
times.sort((a, b) => a - b);
const result: LoadResult = {
  answers,
  wrong,
  milliseconds: performance.now() - began,
  bytes,
  p50: times[Math.floor(times.length * 0.5)] ?? 0,
  p99: times[Math.floor(times.length * 0.99)] ?? 0,
  cpu: (used.user + used.system) / 1000,
};
console.log(JSON.stringify(result));

function open(done: () => void, failed: (error: Error) => void): void {
  const socket: Socket = connect(order.port, '127.0.0.1');
  socket.setNoDelay(true);
  let sent = 0;
  let got: Buffer = Buffer.alloc(0);
  const next = (): void => {
    if (performance.now() >= end) {
      socket.end();
      done();
      return;
    }
    sent = performance.now();
    socket.write(requests[turn++ % requests.length] as Buffer);
  };
  socket.on('connect', next);
  socket.on('error', failed);
  socket.on('data', (chunk: Buffer) => {
    got = got.length === 0 ? chunk : Buffer.concat([got, chunk]);
    const split = got.indexOf('\r\n\r\n');
    if (split < 0) return;
    const headers = got.toString('latin1', 0, split);
    const length = Number(/content-length: (\d+)/i.exec(headers)?.[1] ?? 0);
    if (got.length < split + 4 + length) return;
    answers++;
    bytes = length;
    if (!headers.startsWith('HTTP/1.1 200')) wrong++;
    times.push(performance.now() - sent);
    got = Buffer.alloc(0);
    next();
  });
}
