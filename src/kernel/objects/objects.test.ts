/** The object store: content addresses, one object for the same content, and the order of steps that survives a power cut. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjects, type ObjectEffects } from './objects.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'chengshu-objects-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));
async function* of(...parts: string[]) { for (const p of parts) yield Buffer.from(p); }

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
  const effects: ObjectEffects = { syncFile: async () => void steps.push('sync file'), rename: async (a, b) => { steps.push('rename'); await rename(a, b); }, syncFolder: async (p) => void steps.push(p === folder ? 'sync store' : 'sync folder') };
  await openObjects(folder, effects).put(of('x'));
  expect(steps).toEqual(['sync file', 'sync store', 'rename', 'sync folder']);
});

test('a broken stream and a crash before the rename leave no object, and what a dead process left is swept', async () => {
  const objects = openObjects(folder);
  await expect(objects.put((async function* () { yield Buffer.from('half'); throw new Error('cut off'); })())).rejects.toThrow('cut off');
  const failing = openObjects(folder, { syncFile: async () => undefined, rename: async () => { throw new Error('power cut'); }, syncFolder: async () => undefined });
  await expect(failing.put(of('whole'))).rejects.toThrow('power cut');
  writeFileSync(join(folder, 'staging', '4194304-left'), 'left by a dead process');
  openObjects(folder);
  expect(existsSync(join(folder, 'staging', '4194304-left'))).toBe(false);
  await expect(objects.open('0'.repeat(64))).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
  await expect(objects.open('../../etc/passwd')).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
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
