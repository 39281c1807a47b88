/** How each address is tried: a thing that exists behind it, the departments it concerns, and a body its schema takes. */
import { bindingDocument, entryDocument, mountDocument, sourceDocument } from '../../bin/city/documents.ts';
import { consumer, provider, type River, requestBody, service, stranger, table } from '../river.ts';

export interface Try {
  readonly path: string;
  readonly body?: unknown;
  /** Departments the thing concerns; null where it is about no department's thing. */
  readonly concerns: readonly string[] | null;
}

/** By `METHOD url`. The test that uses it fails by name for an address that is not here. */
export async function everyTry(river: River): Promise<ReadonlyMap<string, Try>> {
  const { k, request, grant, key } = river;
  const run = (await k.jobs.list(k.db, { about: `source:${table.id}`, limit: 1, offset: 0 })).runs[0]?.id ?? '';
  const seq = (await k.db.first<{ n: number }>('select max(seq) as n from collect.batch'))?.n ?? 0;
  const t = table.id;
  const file = '姓名,电话\n张三,13812345678\n';
  const bytes = Buffer.byteLength(file);
  const { id: upload } = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: 'roster.csv', bytes })) as unknown as {
    id: string;
  };
  await k.door.fastify.inject({
    method: 'PUT',
    url: `/api/collect/uploads/${upload}/parts/0`,
    headers: { authorization: `Bearer ${river.steward.token}`, 'content-type': 'application/octet-stream' },
    payload: file,
  });
  await k.drain();
  const [somebody] = await k.warehouse.query<{ entity: string }>('select _entity as entity from library."population" order by 1 limit 1');
  const layout = { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] };
  const reading = { connector: 'csv', settings: {}, layout };
  const models = Object.fromEntries(
    ['code-list', 'element', 'rule-kind', 'calendar', 'update-cycle', 'process', 'library', 'service'].map((x) => [x, []]),
  );
  const [theirs, asked, both] = [[provider], [consumer], [provider, consumer]];
  const list: Record<string, readonly [path: string, concerns: readonly string[] | null, body?: unknown]> = {
    'POST /api/departments': [
      '',
      null,
      { id: 'department-new', title: '新', titleEn: 'New', code: '113499000000000000', level: 3, area: '349900' },
    ],
    'GET /api/users': ['', null],
    'POST /api/users': ['', null, { id: 'account-new', name: '新', department: stranger, password: 'invented-new-pass' }],
    'PUT /api/users/:id/roles': ['/api/users/account-new/roles', null, { roles: ['developer'] }],
    'PUT /api/users/:id/disabled': ['/api/users/account-new/disabled', null, { disabled: true }],
    'GET /api/documents/:kind': ['/api/documents/element', null],
    'GET /api/documents/:kind/:id': ['/api/documents/element/name', null],
    'GET /api/documents/:kind/:id/history': ['/api/documents/element/name/history', null],
    'PUT /api/documents/:kind/:id': ['/api/documents/element/nowhere', null, {}],
    'POST /api/plan': ['', null, models],
    'POST /api/apply': ['', null, models],
    'GET /api/runs': ['', null],
    'GET /api/runs/:id': [`/api/runs/${run}`, theirs],
    'POST /api/runs/:id/cancel': [`/api/runs/${run}/cancel`, theirs],
    'GET /api/engine/health': ['', null],
    'GET /api/engine/processes': ['', null],
    'GET /api/engine/stores': ['', null],
    'GET /api/engine/versions': ['', null],
    'GET /api/log': ['', null],
    'GET /api/log/:id': ['/api/log/nowhere', null],
    'PUT /api/catalog/entries/:id': [`/api/catalog/entries/${t}`, theirs, entryDocument(table)],
    'POST /api/catalog/entries/:id/steps': [`/api/catalog/entries/${t}/steps`, theirs, { step: 'submit' }],
    'PUT /api/catalog/mounts/:id': [`/api/catalog/mounts/${t}`, theirs, mountDocument(table)],
    'GET /api/collect/connectors': ['', null],
    'GET /api/collect/sources': ['', null],
    'GET /api/collect/sources/:id': [`/api/collect/sources/${t}`, theirs],
    'PUT /api/collect/sources/:id': [`/api/collect/sources/${t}`, theirs, sourceDocument(table, null)],
    'PUT /api/collect/secrets/:name': ['/api/collect/secrets/their-reader', theirs, { value: 'x', department: provider }],
    'POST /api/collect/sources/:id/runs': [`/api/collect/sources/${t}/runs`, theirs, {}],
    'POST /api/collect/sources/:id/reconciliations': [`/api/collect/sources/${t}/reconciliations`, theirs, { depth: 'count' }],
    'POST /api/collect/sources/:id/reconciliations/removal': [`/api/collect/sources/${t}/reconciliations/removal`, theirs, {}],
    'GET /api/collect/sources/:id/receipt': [`/api/collect/sources/${t}/receipt`, theirs],
    'POST /api/collect/sources/:id/cursor': [`/api/collect/sources/${t}/cursor`, theirs, { batch: null }],
    'POST /api/collect/sources/:id/deliveries': [`/api/collect/sources/${t}/deliveries?name=a.csv`, theirs, 'x'],
    'POST /api/collect/sources/:id/probe': [`/api/collect/sources/${t}/probe`, theirs, {}],
    'POST /api/collect/sources/:id/editions/:seq/accept': [`/api/collect/sources/${t}/editions/${seq}/accept`, theirs, {}],
    'POST /api/collect/sources/:id/editions/:seq/decline': [`/api/collect/sources/${t}/editions/${seq}/decline`, theirs, { why: '删错了' }],
    'POST /api/collect/tables': ['', null, { connector: 'csv', settings: {} }],
    'POST /api/collect/tables/look': ['', null, { connector: 'csv', settings: {} }],
    'POST /api/collect/tables/registrations': ['', null, { connector: 'csv', settings: {}, columns: ['姓名'], key: [], cursor: null }],
    'POST /api/collect/uploads': ['', null, { name: 'a.csv', bytes: 1 }],
    'GET /api/collect/uploads': ['', null],
    'GET /api/collect/uploads/:id': [`/api/collect/uploads/${upload}`, theirs],
    'PUT /api/collect/uploads/:id/parts/:at': [`/api/collect/uploads/${upload}/parts/0`, theirs, 'x'],
    'GET /api/collect/uploads/:id/picture': [`/api/collect/uploads/${upload}/picture`, theirs],
    'POST /api/collect/uploads/:id/picture': [`/api/collect/uploads/${upload}/picture`, theirs, reading],
    'PUT /api/collect/uploads/:id/reading': [`/api/collect/uploads/${upload}/reading`, theirs, reading],
    'GET /api/collect/uploads/:id/draft': [`/api/collect/uploads/${upload}/draft`, theirs],
    'PUT /api/collect/uploads/:id/draft': [`/api/collect/uploads/${upload}/draft`, theirs, { draft: {} }],
    'POST /api/collect/uploads/:id/id': [`/api/collect/uploads/${upload}/id`, theirs, { id: 'roster' }],
    'POST /api/collect/uploads/:id/delivery': [`/api/collect/uploads/${upload}/delivery`, theirs, { source: t }],
    'DELETE /api/collect/uploads/:id': [`/api/collect/uploads/${upload}`, theirs],
    'GET /api/govern/uploads/:id': [`/api/govern/uploads/${upload}`, theirs],
    'POST /api/govern/uploads/:id/key': [`/api/govern/uploads/${upload}/key`, theirs, { columns: ['姓名'] }],
    'POST /api/govern/uploads/:id/trial': [
      `/api/govern/uploads/${upload}/trial`,
      theirs,
      { fields: [{ name: 'xm', column: '姓名', title: { zh: '姓名' }, element: 'name', sensitivity: null }], key: ['xm'], rules: [] },
    ],
    'POST /api/govern/uploads/:id/withheld': [
      `/api/govern/uploads/${upload}/withheld`,
      theirs,
      { fields: [{ name: 'xm', column: '姓名', title: { zh: '姓名' }, element: 'name', sensitivity: null }], key: ['xm'], rules: [] },
    ],
    'GET /api/collect/batches': ['', null],
    'GET /api/collect/batches/:seq': [`/api/collect/batches/${seq}`, theirs],
    'GET /api/collect/batches/:seq/receipt': [`/api/collect/batches/${seq}/receipt`, theirs],
    'GET /api/collect/batches/:seq/rows': [`/api/collect/batches/${seq}/rows`, theirs],
    'GET /api/govern/tables': ['', null],
    'GET /api/govern/tables/:id': [`/api/govern/tables/${t}`, theirs],
    'PUT /api/govern/bindings/:id': [`/api/govern/bindings/${t}`, theirs, bindingDocument(table)],
    'POST /api/govern/bindings/:id/leaving': [
      `/api/govern/bindings/${t}/leaving`,
      theirs,
      { columns: sourceDocument(table, null).columns },
    ],
    'GET /api/govern/tables/:id/rows': [`/api/govern/tables/${t}/rows`, theirs],
    'GET /api/govern/tables/:id/findings': [`/api/govern/tables/${t}/findings`, theirs],
    'GET /api/govern/tables/:id/rules': [`/api/govern/tables/${t}/rules`, theirs],
    'POST /api/govern/tables/:id/rebuild': [`/api/govern/tables/${t}/rebuild`, theirs, {}],
    'GET /api/library/libraries': ['', null],
    'GET /api/library/libraries/:id': ['/api/library/libraries/population', null],
    'GET /api/library/libraries/:id/records': ['/api/library/libraries/population/records', theirs],
    'GET /api/library/libraries/:id/records/:entity': [`/api/library/libraries/population/records/${somebody?.entity}`, theirs],
    'POST /api/library/libraries/:id/build': ['/api/library/libraries/population/build', null, {}],
    'GET /api/share/services': ['', null],
    'GET /api/share/services/:id': [`/api/share/services/${service.id}`, null],
    'PUT /api/share/services/:id': [`/api/share/services/${service.id}`, theirs, service],
    'GET /api/share/requests': ['', null],
    'POST /api/share/requests': ['', null, requestBody],
    'GET /api/share/requests/:id': [`/api/share/requests/${request}`, both],
    'PUT /api/share/requests/:id': [`/api/share/requests/${request}`, asked, requestBody],
    'POST /api/share/requests/:id/steps': [`/api/share/requests/${request}/steps`, both, { step: 'withdraw' }],
    'GET /api/share/grants': ['', null],
    'GET /api/share/grants/:id': [`/api/share/grants/${grant}`, both],
    'POST /api/share/grants/:id/revoke': [`/api/share/grants/${grant}/revoke`, theirs, { reason: '职责调整' }],
    'GET /api/share/grants/:id/keys': [`/api/share/grants/${grant}/keys`, both],
    'POST /api/share/grants/:id/keys': [`/api/share/grants/${grant}/keys`, asked, { name: '又一把' }],
    'DELETE /api/share/keys/:id': [`/api/share/keys/${key.id}`, asked],
    'GET /api/share/usage': ['', null],
  };
  return new Map(
    Object.entries(list).map(([route, [path, concerns, body]]) => [
      route,
      { path: path || (route.split(' ')[1] ?? ''), concerns, ...(body !== undefined && { body }) },
    ]),
  );
}
