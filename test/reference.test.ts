/** The generated reference and the web client's schema say what the code says now. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drifted } from '../scripts/reference.ts';

test('docs/reference and web/client/schema.ts are up to date (npm run docs)', async () => {
  expect(await drifted()).toEqual([]);
});

test('every schema that openapi.json refers to is in it', () => {
  const text = readFileSync(new URL('../docs/reference/openapi.json', import.meta.url), 'utf8');
  const { schemas } = (JSON.parse(text) as { components: { schemas: Record<string, unknown> } }).components;
  const named = new Set([...text.matchAll(/"\$ref": "#\/components\/schemas\/([^"]+)"/g)].map((m) => m[1] as string));
  expect(named.size).toBeGreaterThan(0);
  expect([...named].filter((name) => !(name in schemas))).toEqual([]);
});
