/** Requests as bytes: over kept connections where the client library lets them through, else over a bare socket. */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Request {
  readonly method: string;
  /** Path with query, as it goes onto the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

const patienceMs = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** Sends a request; undefined when no answer came in ten seconds. What the client library refuses to write goes over a bare socket. */
export function send(port: number, r: Request): Promise<Answer | undefined> {
  return new Promise((done) => {
    const headers = { ...r.headers, ...(r.body && { 'content-length': String(r.body.length) }) };
    try {
      const out = request({ host: '127.0.0.1', port, agent, method: r.method, path: r.path, headers, timeout: patienceMs }, (reply) => {
        const parts: Buffer[] = [];
        reply.on('data', (d: Buffer) => parts.push(d));
        reply.on('end', () =>
          done({ status: reply.statusCode ?? 0, headers: reply.headers as never, body: Buffer.concat(parts).toString() }),
        );
        reply.on('error', () => done(undefined));
      });
      out.on('timeout', () => out.destroy(new Error('late')));
      // A kept connection may be closed by the other side just as it is used.
      out.on('error', (e) => (/late/.test(e.message) ? done(undefined) : void sendBare(port, bytesOf(r)).then(done)));
      out.end(r.body);
    } catch {
      void sendBare(port, bytesOf(r)).then(done);
    }
  });
}

/** The request as it would be written by somebody who checks nothing. */
export function bytesOf(r: Request): Buffer {
  const lines = Object.entries({ host: 'localhost', ...r.headers, ...(r.body && { 'content-length': String(r.body.length) }) });
  const head = `${r.method} ${r.path} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}connection: close\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), r.body ?? Buffer.alloc(0)]);
}

/** Writes bytes and reads the first answer; status 0 when the connection was closed without one, undefined when nothing came in time. */
export function sendBare(port: number, bytes: Buffer): Promise<Answer | undefined> {
  return new Promise((done) => {
    const parts: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true }, () => socket.write(bytes));
    // Whose body is shorter than it said would be waited for; the server hears that nothing more comes.
    const nothingMore = setTimeout(() => socket.end(), 1000);
    const end = (answer: Answer | undefined): void => {
      clearTimeout(nothingMore);
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(patienceMs, () => end(undefined));
    socket.on('data', (d: Buffer) => parts.push(d));
    socket.on('error', () => end(answerOf(Buffer.concat(parts).toString())));
    socket.on('end', () => end(answerOf(Buffer.concat(parts).toString())));
  });
}

function answerOf(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(lines.map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 1).trim()]));
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
