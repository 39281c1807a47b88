/** The console's files: built when their sources changed since the last build, and served. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'web/dist/.built');

/** Digest of everything the build reads. */
function digest(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const part of ['web', 'declare'])
    for (const entry of readdirSync(join(root, part), { recursive: true, withFileTypes: true }).sort((a, b) =>
      join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1,
    )) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path.includes('node_modules') || path.includes(join('web', 'dist'))) continue;
      hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  return hash.digest('hex');
}

/** Resolves when web/dist is up to date. */
export async function buildWeb(tell: (zh: string, en: string) => void): Promise<void> {
  const wanted = digest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const began = performance.now();
  const output: Buffer[] = [];
  const code = await new Promise<number | null>((done, failed) => {
    const vite = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'web', '--logLevel', 'error'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Whatever the caller runs as: a development build of the screens is twice the size and behaves otherwise.
      env: { ...process.env, NODE_ENV: 'production' },
    });
    vite.stdout.on('data', (d: Buffer) => output.push(d));
    vite.stderr.on('data', (d: Buffer) => output.push(d));
    vite.on('error', failed);
    vite.on('exit', done);
  });
  if (code !== 0) throw new Error(`the console could not be built:\n${Buffer.concat(output).toString()}`);
  writeFileSync(stamp, wanted);
  tell(`控制台已构建，用时 ${((performance.now() - began) / 1000).toFixed(1)} 秒`, 'the console is built');
}

/** Serves what was built, where it was; every address that is no file's is a page of the console. */
export async function serveWeb(fastify: FastifyInstance): Promise<void> {
  const dist = join(root, 'web/dist');
  if (!existsSync(dist)) return;
  await fastify.register(fastifyStatic, {
    root: dist,
    index: false,
    wildcard: false,
    // Nobody resumes a page; a range beyond the end would leave as an error of ours.
    acceptRanges: false,
    maxAge: '1h',
    setHeaders: (reply, path) => {
      if (path.endsWith('.html')) reply.header('cache-control', 'no-cache');
    },
  });
  // Every address of the console is a link: the page itself decides what it shows. A part of an older console is gone, and no page.
  fastify.get('/*', { schema: { hide: true } }, (request, reply) =>
    /^\/(api|assets)\//.test(request.url) ? reply.callNotFound() : reply.sendFile('index.html'),
  );
}
