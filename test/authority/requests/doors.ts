/** The doors of the running server through which a stranger's text is pushed: search, names in addresses, keys, values, headers, forms. */
import { openRiver, type River, service, table } from '../../river.ts';
import { type Serving, startServe } from '../serve.ts';
import { type Answer, type Request, send, sendBare } from './send.ts';

export interface House {
  readonly river: River;
  readonly serve: Serving;
  /** The same request as one who is not signed in. */
  readonly doors: readonly Door[];
  close(): Promise<void>;
}

export interface Door {
  readonly name: string;
  /** True where any text is a right one, so that it must be served. */
  readonly harmless: boolean;
  /** The request that carries the text. */
  with(text: string): Request;
}

const json = (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Request => ({
  method,
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify(body)),
});

/** Starts a server on an installation with one table let through to a live grant. */
export async function openHouse(): Promise<House> {
  const river = await openRiver(new Date());
  const serve = await startServe(river.k);
  const token = async (role: Parameters<River['k']['actor']>[0], department: string) => ({
    authorization: `Bearer ${(await river.k.actor(role, department)).token}`,
  });
  const operator = await token('operator', 'data-bureau');
  const steward = await token('provider-steward', table.department);
  const developer = await token('developer', 'civil-affairs');
  const auditor = await token('audit-administrator', 'data-bureau');
  const get = (path: string, headers: Readonly<Record<string, string>>): Request => ({ method: 'GET', path, headers });
  const enc = (text: string): string => encodeURIComponent(text.toWellFormed());
  const cut = (text: string, most: number): string => text.slice(0, most).toWellFormed().replaceAll('\0', '');
  const key = { authorization: `Bearer ${river.key.secret}` };
  const doors: Door[] = [
    { name: 'search of entries', harmless: true, with: (t) => get(`/api/catalog/entries?q=${enc(cut(t, 100))}`, operator) },
    { name: 'search of models', harmless: true, with: (t) => get(`/api/documents/element?q=${enc(cut(t, 100))}`, developer) },
    { name: 'search without a session', harmless: false, with: (t) => get(`/api/catalog/entries?q=${enc(t)}`, {}) },
    { name: 'a filter of runs', harmless: true, with: (t) => get(`/api/runs?about=${enc(cut(t, 200))}`, operator) },
    { name: 'a filter of requests', harmless: false, with: (t) => get(`/api/share/requests?state=${enc(t)}&service=${enc(t)}`, developer) },
    {
      name: 'filters of the log',
      harmless: false,
      with: (t) => get(`/api/log?actor=${enc(t)}&target=${enc(t)}&person=${enc(t)}`, auditor),
    },
    {
      name: 'parameters nobody knows',
      harmless: true,
      with: (t) => get(`/api/share/services?${enc(cut(t, 3000))}=${enc(cut(t, 3000))}`, developer),
    },
    { name: 'a page', harmless: false, with: (t) => get(`/api/share/grants?limit=${enc(t)}&offset=${enc(t)}`, developer) },
    { name: 'a name in an address', harmless: false, with: (t) => get(`/api/govern/tables/${enc(t)}/rows`, operator) },
    { name: 'a timeline', harmless: false, with: (t) => get(`/api/timeline/${enc(t)}`, operator) },
    { name: 'a batch', harmless: false, with: (t) => get(`/api/govern/tables/${table.id}/findings?batch=${enc(t)}`, steward) },
    { name: 'a version', harmless: false, with: (t) => get(`/api/versions/source:${table.id}/${enc(t)}`, operator) },
    { name: 'an address nobody knows', harmless: false, with: (t) => get(`/api/${enc(t)}`, {}) },
    { name: 'a session', harmless: false, with: (t) => get('/api/session', { authorization: `Bearer ${t}` }) },
    { name: 'a cookie', harmless: false, with: (t) => get('/api/session', { cookie: `chengshu_session=${t}` }) },
    {
      name: 'headers',
      harmless: false,
      with: (t) => get('/api/catalog/mount-rate', { ...operator, referer: t, 'user-agent': t, accept: t, 'x-forwarded-for': t, range: t }),
    },
    {
      name: 'a form',
      harmless: false,
      with: (t) => ({
        method: 'POST',
        path: '/api/share/requests',
        headers: { ...developer, 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(t),
      }),
    },
    {
      name: 'a body',
      harmless: false,
      with: (t) => ({
        method: 'POST',
        path: '/api/share/requests',
        headers: { ...developer, 'content-type': 'application/json' },
        body: Buffer.from(t),
      }),
    },
    {
      name: 'a media type',
      harmless: false,
      with: (t) => ({ ...json('POST', '/api/plan', {}, operator), headers: { ...operator, 'content-type': t } }),
    },
    {
      name: 'a document',
      harmless: false,
      with: (t) => json('PUT', `/api/collect/sources/${enc(cut(t, 60))}`, { title: { zh: t, en: t }, settings: { file: t } }, operator),
    },
    {
      name: 'a service in an address',
      harmless: false,
      with: (t) => json('POST', `/api/gateway/${enc(t)}/query`, { field: 'identityNumber', value: '1' }, key),
    },
    {
      name: 'a key',
      harmless: false,
      with: (t) =>
        json('POST', `/api/gateway/${service.id}/query`, { field: 'identityNumber', value: '1' }, { authorization: `Bearer ${t}` }),
    },
    { name: 'a field', harmless: false, with: (t) => json('POST', `/api/gateway/${service.id}/query`, { field: t, value: '1' }, key) },
    {
      name: 'a value',
      harmless: true,
      with: (t) => json('POST', `/api/gateway/${service.id}/query`, { field: 'identityNumber', value: `x${cut(t, 150)}` }, key),
    },
    {
      name: 'a value without a key',
      harmless: false,
      with: (t) => json('POST', `/api/gateway/${service.id}/query`, { field: 'identityNumber', value: t }),
    },
  ];
  return {
    river,
    serve,
    doors,
    close: async () => {
      await serve.stop();
      await river.close();
    },
  };
}

/** What is wrong with an answer, or undefined. `catalogue`: codes a refusal may have; `page`: the console's own page, which may be shown for any address. */
export function faultOf(
  answer: Answer | undefined,
  expected: { harmless: boolean; catalogue: ReadonlySet<string>; page: string | undefined; bare?: boolean },
): string | undefined {
  if (!answer) return 'no answer in ten seconds';
  // A request that is none at all may be cut off before it has an address.
  if (expected.bare && answer.status === 0) return undefined;
  if (answer.status === 0) return 'the connection was closed without an answer';
  if (answer.status >= 500) return `status ${answer.status}: ${answer.body.slice(0, 200)}`;
  if (answer.status === 204 || answer.status === 304 || answer.body === '') return undefined;
  const type = answer.headers['content-type'] ?? '';
  if (/html|xml|svg|javascript/.test(type))
    return answer.body === expected.page ? undefined : `an answer of type ${type} that is not the console's page`;
  if (!/^application\/(problem\+)?json/.test(type)) return expected.bare ? undefined : `type ${type}`;
  if (answer.headers['x-content-type-options'] !== 'nosniff') return 'the type may be guessed';
  if (answer.status >= 400) {
    const { code } = JSON.parse(answer.body) as { code?: string };
    if (code === undefined || !expected.catalogue.has(code)) return `refused with ${code ?? answer.body.slice(0, 100)}`;
    if (expected.harmless) return `not served: ${answer.status} ${code}`;
  }
  return undefined;
}

export { send, sendBare };
