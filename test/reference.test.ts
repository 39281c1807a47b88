/** The generated reference and the web client's schema say what the code says now. */
import { expect, test } from 'vitest';
import { drifted } from '../scripts/reference.ts';

test('docs/reference and web/client/schema.ts are up to date (npm run docs)', async () => {
  expect(await drifted()).toEqual([]);
});
