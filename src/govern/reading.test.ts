/** Words about a row that shares its key with another. */
import { expect, test } from 'vitest';
import { reasonOf } from './reading.ts';

test('the other row was kept in its place, or is kept beside it where the rule only warns', () => {
  const reason = { zh: '本批中已有主键相同的行', en: 'another row of the delivery has the same key' };
  expect(reasonOf(reason, 'block', null, '7').zh).toBe('本批中已有主键相同的行（保留的是第7行）');
  expect(reasonOf(reason, 'warn', null, '7').zh).toBe('本批中已有主键相同的行（第7行，两行都保留）');
  expect(reasonOf(reason, 'warn', null, null).zh).toBe(reason.zh);
});
