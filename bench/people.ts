/** The people of a file as a source and a governed table of a bench's installation, and the way of a delivery through them. */
import { createReadStream } from 'node:fs';
import type { openInstallation } from './installation.ts';
import { peopleColumns } from './people-file.ts';

type Installation = Awaited<ReturnType<typeof openInstallation>>['k'];
type Steward = Awaited<ReturnType<Installation['actor']>>;

const fields = [
  ['serial', '序号', 'number'],
  ['name', '姓名', 'name'],
  ['identityNumber', '公民身份号码', 'identity-number'],
  ['phone', '联系电话', 'phone'],
  ['address', '地址', 'address'],
  ['birthDate', '出生日期', 'birth-date'],
  ['changedOn', '更新时间', 'date'],
] as const;

/** Calls a route that must succeed. */
export async function demand(
  k: Installation,
  as: Steward,
  method: 'PUT' | 'POST',
  url: string,
  body: unknown,
): Promise<Record<string, never>> {
  const reply = await k.call(method, url, as, body);
  if (reply.status !== 200) throw new Error(`${url}: ${JSON.stringify(reply.body)}`);
  return reply.body;
}

/** Declares source and table under an id; four rules beside the verdicts of seven elements. */
export async function declarePeople(k: Installation, steward: Steward, id: string): Promise<void> {
  const title = { zh: id };
  await demand(k, steward, 'PUT', `/api/collect/sources/${id}`, {
    form: 1,
    id,
    title,
    department: 'police',
    connector: 'csv',
    settings: {},
    columns: peopleColumns,
    key: ['公民身份号码'],
    mode: 'full',
    cursor: null,
    layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
  });
  const rule = (rule: string, kind: string, slots: Record<string, string>) => ({ id: rule, kind, slots, params: {}, severity: null });
  await demand(k, steward, 'PUT', `/api/govern/bindings/${id}`, {
    form: 1,
    id,
    title,
    source: id,
    fields: fields.map(([name, column, element]) => ({ name, column, title: { zh: column }, element, sensitivity: null })),
    key: ['identityNumber'],
    newest: null,
    rules: [
      rule('required-name', 'required', { value: 'name' }),
      rule('not-total-row', 'not-total-row', { value: 'name' }),
      rule('birth', 'birth-matches-identity-number', { value: 'birthDate', number: 'identityNumber' }),
      rule('future', 'not-in-future', { value: 'changedOn' }),
    ],
  });
}

/** One delivery from its bytes to governed rows. */
export async function deliver(k: Installation, steward: Steward, id: string, path: string): Promise<void> {
  const { digest } = await k.objects.put(createReadStream(path, { highWaterMark: 1 << 20 }));
  await k.db.transaction((tx) =>
    k.jobs.queue(tx, 'collect-delivery', {
      about: `source:${id}`,
      department: 'police',
      actor: steward.user,
      payload: { source: id, actor: steward.user, original: digest, name: 'people.csv' },
    }),
  );
  await k.drain();
}
