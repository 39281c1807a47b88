/** The form for a source is drawn from its connector's settings: each is called in Chinese and in English. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { connectors } from './index.ts';

test('every setting has its label and its note in both languages', () => {
  const said = connectors.flatMap(
    (c) => Object.values(z.toJSONSchema(c.settings, { io: 'input' }).properties ?? {}) as unknown[] as Record<string, unknown>[],
  );
  expect(said.length).toBeGreaterThan(5);
  for (const s of said) {
    expect([s['title'], s['description'] ?? '无']).toEqual([
      expect.stringMatching(/\p{Script=Han}/u),
      expect.stringMatching(/\p{Script=Han}/u),
    ]);
    expect([s['titleEn'], s['descriptionEn'] ?? 'none']).toEqual([expect.stringMatching(/^[ -~]+$/u), expect.stringMatching(/^[ -~]+$/u)]);
    expect('description' in s).toBe('descriptionEn' in s);
  }
});
