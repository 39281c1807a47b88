/** The object store: content addresses, one object for the same content, and the order of steps that survives a power cut. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ObjectEffects, openObjects } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chengshu-objects-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
async function* of(...parts: string[]) {
  for (const p of parts) yield Buffer.from(p);
}

test('the same content twice is one object, under the digest of its content', async () => {
  const objects = openObjects(folder);
  const a = await objects.put(of('张', '三'));
  const b = await objects.put(of('张三'));
  expect(a).toEqual(b);
  expect(a.bytes).toBe(6);
  expect(readFileSync(await objects.open(a.digest), 'utf8')).toBe('张三');
  expect(readdirSync(join(folder, 'staging'))).toEqual([]);
});

test('file, rename, folder: in this order and no other', async () => {
  const steps: string[] = [];
  const effects: ObjectEffects = {
    syncFile: async () => void steps.push('sync file'),
    rename: async (a, b) => {
      steps.push('rename');
      await rename(a, b);
    },
    syncFolder: async (p) => void steps.push(p === folder ? 'sync store' : 'sync folder'),
  };
  const objects = openObjects(folder, effects);
  const { digest } = await objects.put(of('x'));
  expect(steps.splice(0)).toEqual(['sync file', 'sync store', 'rename', 'sync folder']);
  // What is there already may have been renamed by another process that has not synced it yet.
  await objects.put(of('x'));
  expect(steps.splice(0)).toEqual(['sync file', 'sync folder']);
  await objects.remove(digest);
  expect(steps.splice(0)).toEqual(['sync folder']);
  await openObjects(folder, effects).put(of('x'));
  expect(steps).toEqual(['sync file', 'sync store', 'rename', 'sync folder']);
});

test('a broken stream and a crash before the rename leave no object, and what a dead process left is swept', async () => {
  const objects = openObjects(folder);
  await expect(
    objects.put(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('cut off');
      })(),
    ),
  ).rejects.toThrow('cut off');
  const failing = openObjects(folder, {
    syncFile: async () => undefined,
    rename: async () => {
      throw new Error('power cut');
    },
    syncFolder: async () => undefined,
  });
  await expect(failing.put(of('whole'))).rejects.toThrow('power cut');
  // The second was left by a dead process that had the number this one has now.
  const left = ['4194304.17-left', `${process.pid}.17-left`].map((name) => join(folder, 'staging', name));
  for (const path of left) writeFileSync(path, 'left by a dead process');
  const mine = objects.staging();
  writeFileSync(mine, 'being made');
  openObjects(folder);
  expect(left.map((path) => existsSync(path))).toEqual([false, false]);
  expect(existsSync(mine)).toBe(true);
  await expect(objects.open('0'.repeat(64))).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  for (const wrong of [objects.open('../../etc/passwd'), objects.read('..'), objects.remove(`../${'a'.repeat(62)}`)])
    await expect(wrong).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
});

test('a finished file is adopted', async () => {
  const objects = openObjects(folder);
  const path = objects.staging();
  writeFileSync(path, 'made elsewhere');
  const stored = await objects.adopt(path);
  expect(existsSync(path)).toBe(false);
  let text = '';
  for await (const chunk of await objects.read(stored.digest)) text += Buffer.from(chunk).toString();
  expect(text).toBe('made elsewhere');
});

test('a file from elsewhere is moved in', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'chengshu-elsewhere-'));
  writeFileSync(join(elsewhere, 'report.xlsx'), 'delivered');
  const objects = openObjects(folder);
  const { digest, bytes } = await objects.adopt(join(elsewhere, 'report.xlsx'));
  expect([bytes, readFileSync(await objects.open(digest), 'utf8')]).toEqual([9, 'delivered']);
  expect([readdirSync(elsewhere), readdirSync(join(folder, 'staging'))]).toEqual([[], []]);
  rmSync(elsewhere, { recursive: true });
});

test.each(['while writing', 'before sync', 'after sync', 'before rename', 'after rename'])(
  'killed %s: the object is whole or absent, and the next start leaves nothing half-made',
  (step) => {
    const writer = fileURLToPath(new URL('../../../test/object-writer.ts', import.meta.url));
    const store = join(folder, 'objects');
    const killed = spawnSync(process.execPath, [writer, store, step], { encoding: 'utf8' });
    expect([killed.signal, killed.stdout]).toEqual(['SIGKILL', '']);
    expect(stored(store).length).toBe(step === 'after rename' ? 1 : 0);
    const again = spawnSync(process.execPath, [writer, store, '-'], { encoding: 'utf8' });
    expect(again.status).toBe(0);
    expect(readdirSync(join(store, 'staging'))).toEqual([]);
    expect(stored(store).sort()).toEqual(
      again.stdout
        .trim()
        .split('\n')
        .map((l) => l.replace('stored ', ''))
        .sort(),
    );
  },
);

/** The objects of a store, each held to its name. */
function stored(store: string): string[] {
  return readdirSync(store)
    .filter((name) => name !== 'staging')
    .flatMap((shard) =>
      readdirSync(join(store, shard)).map((name) => {
        expect(
          createHash('sha256')
            .update(readFileSync(join(store, shard, name)))
            .digest('hex'),
        ).toBe(name);
        return name;
      }),
    );
}
