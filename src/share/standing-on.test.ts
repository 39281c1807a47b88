/** Whose entries say how a service is shared: those that its fields come from. */
import { expect, test } from 'vitest';
import type { Service } from '#declare';
import { tablesOf } from './standing-on.ts';

const feeds = [
  { table: 'register', map: { code: 'code', name: 'name', status: 'status' } },
  { table: 'insured', map: { code: 'employer', name: 'employerName', headcount: 'headcount' } },
  { table: 'taxes', map: { taxed: 'taxed' } },
];
const snapshot = { get: () => ({ feeds }) } as unknown as Parameters<typeof tablesOf>[1];
const tables = (on: Service['on'], keys: string[], returns: string[]) =>
  tablesOf({ on, keys, returns: returns.map((field) => ({ field, show: { shown: null } })) }, snapshot);

test('only the tables that a field of the service comes from say how it is shared', () => {
  expect(tables({ library: 'l' }, ['code'], ['status'])).toEqual(['register', 'insured']);
  expect(tables({ library: 'l' }, ['status'], ['status'])).toEqual(['register']);
  expect(tables({ library: 'l' }, ['headcount'], ['taxed'])).toEqual(['insured', 'taxes']);
  expect(tables({ table: 't' }, ['code'], ['name'])).toEqual(['t']);
});
