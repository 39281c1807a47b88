/** A file that nobody has declared: sent in parts, read, judged, adopted, governed, served; then sent again, and in a newer edition. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGb18030 } from '#city/gb18030';
import { type AdoptedColumn, type AdoptedDocuments, type Adoption, documentsOf, editionOf, type Source, stepsOf } from '#declare';
import type { Run } from '#kernel/jobs/jobs';
import { openRiver, provider, type River, service, stranger, table } from './river.ts';
import { invented, proposed, type Shown, sendFile } from './upload-river.ts';

let river: River;
beforeAll(async () => {
  river = await openRiver();
}, 120_000);
afterAll(() => river.close());

interface Proposed {
  readonly id: string;
  readonly columns: {
    column: string;
    name: string;
    title: string;
    element: string;
    sensitivity: 1 | 2 | 3 | 4;
    evidence: { element: string; fails: string[] }[];
  }[];
  readonly key: string[];
  readonly keys: { columns: string[]; repeated: number }[];
  readonly rules: (Adoption['rules'][number] & { title: unknown })[];
  readonly checks: { id: string; failed: number }[];
  readonly rows: { data: number; governed: number };
  readonly editions: { source: string; added: string[]; missing: string[]; binding: AdoptedDocuments['binding'] }[];
}

const wrong = '34990119880229001a';
const rowsOf = (extra: (i: number) => string) =>
  Array.from({ length: 12 }, (_, i) => {
    const number = invented(`34990119${70 + i}010${1 + (i % 9)}${100 + i}`);
    return `${number},居民${'甲乙丙丁戊己庚辛壬癸子丑'[i]},138123456${10 + i},云岭区幸福路${i + 1}号${extra(i)}`;
  });

const send = (name: string, bytes: Buffer, cut: readonly number[] = []): Promise<Shown> => sendFile(river, name, bytes, cut);
const proposalOf = (upload: Shown): Promise<Proposed> => proposed(river, upload);
const asking = async (service: string, secret: string, payload: object): Promise<{ status: number; body: unknown }> => {
  const reply = await river.k.door.fastify.inject({
    method: 'POST',
    url: `/api/gateway/${service}/query`,
    headers: { authorization: `Bearer ${secret}` },
    payload,
  });
  return { status: reply.statusCode, body: reply.json() };
};
const adopted = (c: Proposed['columns'][number]): AdoptedColumn => ({
  column: c.column,
  taken: true,
  name: c.name,
  title: { zh: c.title },
  element: c.element,
  sensitivity: c.sensitivity,
  show: c.sensitivity >= 3 ? 'masked' : 'plain',
  reason: '',
});
const readingOf = ({ reading: { connector, settings, layout, columns } }: Shown): Adoption['reading'] => ({
  connector,
  settings,
  layout,
  columns,
});
const carryOut = async (upload: Shown, documents: AdoptedDocuments, before: Source | null): Promise<Run> => {
  let run = '';
  for (const step of stepsOf(upload.id, documents, before)) {
    const answer = await river.ok(step.method, step.path, river.steward, step.body);
    if (step.method === 'POST') ({ run } = answer as unknown as { run: string });
  }
  await river.k.drain();
  return (await river.ok('GET', `/api/runs/${run}`, river.steward)) as unknown as Run;
};
const adoption = (upload: Shown, p: Proposed): Adoption => ({
  id: p.id,
  title: { zh: '居民登记' },
  abstract: '测试上传',
  category: '人口',
  department: provider,
  resourceClass: '3',
  shareType: '2',
  shareCondition: '限依法履行职责需要',
  openType: '0',
  updateCycle: '4',
  secrecyChecked: true,
  reading: readingOf(upload),
  columns: p.columns.map(adopted),
  key: p.key,
  rules: p.rules.map(({ title: _, ...rule }) => rule),
});

const header = '公民身份号码,姓名,联系电话,住址';
const messy = Buffer.from(
  encodeGb18030(
    ['云岭区居民登记表,,,', header, ...rowsOf(() => ''), `${wrong},错号人,13812345699,云岭区平安路9号`, '合计,13,,', ''].join('\n'),
  ),
);

describe('a GBK file with a title and a total', () => {
  let upload: Shown;
  let p: Proposed;

  test('arrives in parts, and a part out of place is refused with where it stands', async () => {
    const begun = (await river.ok('POST', '/api/collect/uploads', river.steward, { name: '居民.csv', bytes: 100 })) as unknown as Shown;
    const reply = await river.k.door.fastify.inject({
      method: 'PUT',
      url: `/api/collect/uploads/${begun.id}/parts/50`,
      headers: { authorization: `Bearer ${river.steward.token}`, 'content-type': 'application/octet-stream' },
      payload: Buffer.alloc(10),
    });
    expect(reply.json()).toMatchObject({ code: 'COLLECT_UPLOAD_OFFSET', params: { received: 0 } });
    upload = await send('居民.csv', messy, [100, 333]);
    expect(upload).toMatchObject({ state: 'read', rows: { rowsIn: 16, rowsData: 13, rowsRefused: 0, rowsOther: 3 } });
    expect(upload.reading).toMatchObject({
      connector: 'csv',
      layout: { encoding: 'gb18030', titleRows: 1, headerRows: 1, footer: ['合计'] },
    });
  });

  test('is judged column by column, with the values that fail', async () => {
    p = await proposalOf(upload);
    expect(p.columns.map((c) => [c.column, c.element])).toEqual([
      ['公民身份号码', 'identity-number'],
      ['姓名', 'name'],
      ['联系电话', 'phone'],
      ['住址', 'address'],
    ]);
    expect(p.columns[0]?.evidence[0]?.fails).toEqual([wrong]);
    expect(p.keys[0]).toMatchObject({ columns: ['公民身份号码'], repeated: 0 });
    expect(p.rows).toEqual({ data: 13, looked: 13, governed: 12 });
    expect(p.editions).toEqual([]);
  });

  test('is nobody else’s to see', async () => {
    const other = await river.k.actor('provider-steward', stranger);
    for (const path of [
      `/api/collect/uploads/${upload.id}`,
      `/api/collect/uploads/${upload.id}/picture`,
      `/api/govern/uploads/${upload.id}`,
    ])
      expect((await river.k.call('GET', path, other)).status).toBe(403);
    expect((await river.k.call('GET', `/api/actions?about=upload:${upload.id}`, other)).status).toBe(403);
  });

  test('says of each action whether one may take it on this very thing, and why', async () => {
    const verdictOf = async (about: string, action: string, as = river.steward) =>
      (
        (await river.ok('GET', `/api/actions?about=${about}`, as)) as unknown as {
          id: string;
          you: { allowed: boolean; reason: { zh: string } };
        }[]
      ).find((a) => a.id === action)?.you;
    expect(await verdictOf(`upload:${upload.id}`, 'upload.make')).toMatchObject({
      allowed: true,
      reason: { zh: expect.stringContaining('提供部门') },
    });
    const other = await river.k.actor('provider-steward', stranger);
    expect(await verdictOf(`service:${service.id}`, 'share.service.edit')).toMatchObject({ allowed: true });
    expect(await verdictOf(`service:${service.id}`, 'share.service.edit', other)).toMatchObject({
      allowed: false,
      reason: { zh: expect.stringContaining('不属于您的部门') },
    });
  });

  test('a trial whose rule names a field that is not there is refused by place', async () => {
    const fields = p.columns.map((c) => ({
      name: c.name,
      column: c.column,
      title: { zh: c.title },
      element: c.element,
      sensitivity: null,
    }));
    const rules = [{ id: 'filled', kind: 'required', slots: { value: 'nowhere' }, params: {}, severity: null }];
    const reply = await river.k.call('POST', `/api/govern/uploads/${upload.id}/trial`, river.steward, { fields, key: p.key, rules });
    expect(reply).toMatchObject({ status: 422, body: { code: 'DOCUMENT_REFUSED', faults: [{ at: 'rules.0.slots.value' }] } });
  });

  test('an id that something has is refused before anything is written over', async () => {
    const taken = await river.k.call('POST', `/api/collect/uploads/${upload.id}/id`, river.steward, { id: table.id });
    expect(taken).toMatchObject({ status: 409, body: { code: 'DOCUMENT_EXISTS', params: { id: table.id } } });
    const bad = await river.k.call('POST', `/api/collect/uploads/${upload.id}/id`, river.steward, { id: 'Bad ID!' });
    expect(bad).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID', faults: [{ at: 'id', zh: expect.stringMatching(/^须为小写/) }] },
    });
    for (const id of ['for-a-moment', p.id, p.id]) await river.ok('POST', `/api/collect/uploads/${upload.id}/id`, river.steward, { id });
    const other = await send('另.csv', messy);
    const held = await river.k.call('POST', `/api/collect/uploads/${other.id}/id`, river.steward, { id: p.id });
    expect(held).toMatchObject({ status: 409, body: { code: 'DOCUMENT_EXISTS' } });
    await river.ok('POST', `/api/collect/uploads/${other.id}/id`, river.steward, { id: 'for-a-moment' });
  });

  test('becomes a governed table with its faults listed, and what was found is what was foretold', async () => {
    const ended = await carryOut(upload, documentsOf(adoption(upload, p)), null);
    // The rows were laid out when the file was looked at: not a byte of it is read again.
    expect(ended).toMatchObject({ state: 'done', done: 0, result: { landed: true, rowsData: 13 } });
    expect(await river.ok('GET', `/api/govern/tables/${p.id}`, river.steward)).toMatchObject({ governed: 12, quarantined: 1 });
    const findings = (await river.ok('GET', `/api/govern/tables/${p.id}/findings`, river.steward)) as unknown as {
      rows: { rule: string }[];
    };
    expect(findings.rows.map((f) => f.rule)).toEqual(p.checks.filter((c) => c.failed > 0).map((c) => c.id));
  });

  test('is asked for, granted, and answers by its key, masked and recorded', async () => {
    const asked = {
      service: p.id,
      purpose: '核验居民身份',
      legalBasis: '政务数据共享条例第十五条',
      scene: '民政救助核验',
      fields: p.columns.map((c) => c.name),
      rowFilter: null,
      until: '2027-01-01',
      contact: '何敏 0349-6234567',
    };
    const { id } = (await river.ok('POST', '/api/share/requests', river.developer, asked)) as unknown as { id: string };
    await river.ok('POST', `/api/share/requests/${id}/steps`, river.operator, { step: 'admit', opinion: '材料齐全' });
    await river.ok('POST', `/api/share/requests/${id}/steps`, river.steward, { step: 'approve', opinion: '同意' });
    await river.k.drain();
    const { grant } = (await river.ok('GET', `/api/share/requests/${id}`, river.developer)) as unknown as { grant: string };
    const { secret } = (await river.ok('POST', `/api/share/grants/${grant}/keys`, river.developer, { name: '测试' })) as unknown as {
      secret: string;
    };
    const number = rowsOf(() => '')[3]?.split(',')[0];
    const { status, body } = await asking(p.id, secret, { field: p.key[0], value: number });
    expect(status).toBe(200);
    const answer = body as { rows: Record<string, string>[]; record: unknown };
    expect(answer.rows).toHaveLength(1);
    expect(JSON.stringify(answer.rows)).not.toContain(number);
    expect(answer.record).toBeTruthy();
  });

  test('the same file again lands nothing', async () => {
    const again = await send('居民.csv', messy);
    expect((await proposalOf(again)).editions[0]).toMatchObject({ source: p.id, added: [], missing: [] });
    const { run } = (await river.ok('POST', `/api/collect/uploads/${again.id}/delivery`, river.steward, { source: p.id })) as unknown as {
      run: string;
    };
    await river.k.drain();
    expect(await river.ok('GET', `/api/runs/${run}`, river.steward)).toMatchObject({ result: { landed: false, unchanged: true } });
  });

  test('a newer edition with another column is refused by name until somebody decides, then lands', async () => {
    const newer = await send('居民2.csv', Buffer.from([`${header},备注`, ...rowsOf((i) => `,第${i}次`), ''].join('\n')));
    const proposal = await proposalOf(newer);
    const edition = proposal.editions[0];
    expect(edition).toMatchObject({ source: p.id, added: ['备注'], missing: [] });
    const { run } = (await river.ok('POST', `/api/collect/uploads/${newer.id}/delivery`, river.steward, { source: p.id })) as unknown as {
      run: string;
    };
    await river.k.drain();
    expect(await river.ok('GET', `/api/runs/${run}`, river.steward)).toMatchObject({ state: 'refused' });
    expect(await river.ok('GET', `/api/govern/tables/${p.id}`, river.steward)).toMatchObject({ governed: 12 });

    const bodyOf = async <T>(path: string): Promise<T> => ((await river.ok('GET', path, river.steward)) as unknown as { body: T }).body;
    const source = await bodyOf<Source>(`/api/collect/sources/${p.id}`);
    const existing: AdoptedDocuments = {
      source,
      entry: await bodyOf(`/api/catalog/entries/${p.id}`),
      mount: { form: 1, id: p.id, entry: p.id, source: p.id, items: {} },
      binding: edition?.binding as AdoptedDocuments['binding'],
      service: await bodyOf(`/api/share/services/${p.id}`),
    };
    const added = proposal.columns.filter((c) => c.column === '备注').map(adopted);
    const ended = await carryOut(newer, documentsOf(editionOf(existing, readingOf(newer), added)), source);
    expect(ended).toMatchObject({ state: 'done', result: { landed: true, rowsData: 12 } });
    expect(await river.ok('GET', `/api/govern/tables/${p.id}`, river.steward)).toMatchObject({ governed: 12, quarantined: 0 });

    // An edition that lacks a column which a live grant uses is refused before anything of the table is changed.
    const narrow = [header, ...rowsOf(() => '')].map((line) => line.slice(0, line.lastIndexOf(',')));
    const lacking = await send('居民3.csv', Buffer.from([...narrow, ''].join('\n')));
    const now = await bodyOf<Source>(`/api/collect/sources/${p.id}`);
    const mounted = await river.ok('GET', `/api/catalog/entries/${p.id}`, river.steward);
    await expect(carryOut(lacking, documentsOf(editionOf(existing, readingOf(lacking), [])), now)).rejects.toThrow(/DOCUMENT_IN_USE/);
    expect(await bodyOf<Source>(`/api/collect/sources/${p.id}`)).toEqual(now);
    expect(await river.ok('GET', `/api/catalog/entries/${p.id}`, river.steward)).toEqual(mounted);
  });
});

test('what is no table is refused with a reason, and the upload is kept to be removed', async () => {
  const picture = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...Array.from({ length: 500 }, (_, i) => i % 32)]);
  for (const [name, bytes, code] of [
    ['图.png', picture, 'COLLECT_FILE_UNKNOWN'],
    ['空.csv', Buffer.alloc(0), 'COLLECT_EMPTY'],
    ['坏.xlsx', Buffer.from('PK\u0003\u0004 not a workbook'), 'COLLECT_NOT_A_WORKBOOK'],
    ['坏.json', Buffer.from('[{"a":1},'), 'COLLECT_NOT_JSON'],
    ['数.json', Buffer.from('[{"a":NaN}]'), 'COLLECT_NOT_JSON'],
  ] as const) {
    const upload = await send(name, bytes);
    expect([name, upload.state]).toEqual([name, 'refused']);
    expect(await river.ok('GET', `/api/runs/${upload.run}`, river.steward)).toMatchObject({ state: 'refused', problem: { code } });
    expect((await river.k.call('DELETE', `/api/collect/uploads/${upload.id}`, river.steward)).status).toBe(200);
  }
});
