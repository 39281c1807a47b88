/** A sample of `npm run suites:requests`: hand-made texts and bodies of the kinds that break servers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from './doors.ts';
import { bytesOf } from './send.ts';
import { describe, tryAll } from './suites.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 120_000);
afterAll(() => house.close());

const texts = [
  '张三',
  "' or '1'='1' -- ",
  "'; drop table kernel.account; --",
  "1) union select password from kernel.account where ('1'='1",
  '"><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '../../../../etc/passwd',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%c0%ae%c0%ae/',
  '${jndi:ldap://127.0.0.1/a}',
  '{{7*7}}',
  '; cat /etc/passwd',
  '$(sleep 5)',
  '%',
  '%zz',
  '%00',
  'a\0b',
  '\ud800',
  '\r\nset-cookie: a=b\r\n\r\n<html>',
  '__proto__',
  '2147483648',
  'batch:99999999999999999999',
  'batch:x',
  'constructor',
  '{"__proto__":{"admin":true}}',
  '[[[[[[[[',
  'a'.repeat(5000),
  '(a+)+$',
  '%_%_%_%_%_%',
  '\u202egnp.exe',
  '𠮷'.repeat(300),
  'bytes=8192-16383',
  '*/*;q=0.5,x/y;q=a',
  'application/json; charset=utf-16',
];
const wrong = [
  '{',
  '[1,',
  '{"a":1,}',
  "{'a':1}",
  '{"a":01}',
  '{"a":1}{',
  '"\\x"',
  '"\\ud8"',
  'nul',
  '\ufeff{',
  'NaN',
  '[-]',
  '[1e]',
  '"a\nb"',
  '\u0000',
  '[',
  '{"__proto__":1}',
  '['.repeat(100_000),
];

test('whatever is sent is answered or refused in the words of the catalogue', async () => {
  const bare = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /api/health HTTP/1.1\r\nconnection: close\r\n\r\n',
    'GET /api/health HTTP/1.1\r\nhost: x\r\nexpect: 200-maybe\r\nconnection: close\r\n\r\n',
    'QUERY /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    'GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /%ff%fe HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"user"',
    'POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    `GET /api/health HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
    bytesOf({ method: 'GET', path: '/music.ogg', headers: { range: 'bytes=8192-16383' } }).toString(),
    bytesOf({ method: 'TRACE', path: '/api/health', headers: {} }).toString(),
  ].map((text) => ({ name: text.slice(0, 30), bytes: Buffer.from(text) }));
  const tried = await tryAll(house, {
    texts,
    bare,
    bodies: wrong.map((text) => ({ name: text.slice(0, 30), bytes: Buffer.from(text), wrong: true })),
  });
  expect(tried.faults, describe(tried)).toEqual([]);
  expect(tried.requests).toBe(texts.length * house.doors.length + bare.length + wrong.length * 4);
});
