/** Carrying out what was decided: the documents, the delivery, and what came of them. */
import { documentsOf, stepsOf } from '#declare';
import { isRefusal } from '#kernel/errors';
import { type Client, remote } from '../client.ts';
import { follow, settled } from '../commands.ts';
import { say, type show } from '../say.ts';
import type { Decision } from './decide.ts';
import type { Upload, UploadOrder } from './shapes.ts';

/** What came of it. */
export interface Carried {
  /** Id of all documents it became, or of the source it was delivered to. */
  readonly id: string;
  readonly upload: string;
  /** Result of the delivery's run. */
  readonly delivery: Readonly<Record<string, unknown>> | null;
  readonly table: { readonly governed: number; readonly quarantined: number };
  readonly entry: EntryNow;
}

/** Carries it out step by step. @throws Refusal of the step, or of the delivery's run */
export async function carriedOut(client: Client, upload: Upload, decision: Decision, tell: typeof show): Promise<Carried> {
  let run: string | undefined;
  let id: string;
  if ('deliverTo' in decision) {
    id = decision.deliverTo;
    ({ run } = await client.post<{ run: string }>(`/api/collect/uploads/${upload.id}/delivery`, { source: id }));
  } else {
    id = decision.before ? decision.adoption.id : await freeId(client, upload, decision.adoption.id);
    for (const step of stepsOf(upload.id, documentsOf({ ...decision.adoption, id }), decision.before)) {
      tell(step.title.zh, step.title.en);
      const answer = await (step.method === 'PUT' ? client.put(step.path, step.body) : client.post(step.path, step.body));
      if (step.method === 'POST') ({ run } = answer as { run: string });
    }
    await client.post(`/api/catalog/entries/${id}/steps`, { step: 'submit', opinion: '' }).catch((error: unknown) => {
      // A newer edition may stand under review already.
      if (!isRefusal(error) || error.code !== 'REVIEW_STEP_REFUSED') throw error;
    });
  }
  const ended = run ? await follow(client, run, tell) : undefined;
  if (ended?.problem) throw remote(ended.problem);
  await settled(client, tell, run);
  return {
    id,
    upload: upload.id,
    delivery: ended?.result ?? null,
    table: await client.get<Carried['table']>(`/api/govern/tables/${id}`),
    entry: await client.get<EntryNow>(`/api/catalog/entries/${id}`),
  };
}

/** Says what came of it. */
export function tellCarried({ id, upload, delivery, table, entry }: Carried, order: Pick<UploadOrder, 'json'>): void {
  if (order.json) {
    console.log(JSON.stringify({ id, upload, delivery, table, entry: { state: entry.state.id, version: entry.version } }));
    return;
  }
  tellLanding(delivery ?? {});
  say(
    `治理表 ${id}：入表 ${table.governed} 行，隔离 ${table.quarantined} 行`,
    `table ${id}: ${table.governed} rows governed, ${table.quarantined} quarantined`,
  );
  tellEntry(entry);
}

/** Takes the id, or the next that is free: another upload may have taken it since it was proposed. */
async function freeId(client: Client, upload: Upload, wanted: string): Promise<string> {
  const [, base = wanted, number = '1'] = /^(.+)-(\d{1,2})$/.exec(wanted) ?? [];
  for (let n = Number(number), id = wanted; ; id = `${base}-${++n}`)
    try {
      await client.post(`/api/collect/uploads/${upload.id}/id`, { id });
      return id;
    } catch (error) {
      if (!isRefusal(error) || error.code !== 'DOCUMENT_EXISTS') throw error;
    }
}

function tellLanding(r: Readonly<Record<string, unknown>>): void {
  if (r['landed'] === false) say(`与第 ${r['ordinal']} 批相同，没有落地`, `the same as batch ${r['ordinal']}: nothing was landed`);
  else say(`第 ${r['ordinal']} 批已落地：数据 ${r['rowsData']} 行`, `batch ${r['ordinal']} landed: ${r['rowsData']} rows of data`);
  if (r['waits'] === true)
    say(
      '它减少的数据较多，尚未启用：请在数据源页面核对后确认，此前继续使用上一期',
      'it takes much away and is not in use: look at it on the page of the source and accept it; the edition before stays in use until then',
    );
  if (r['inserted'] !== undefined)
    say(
      `与前一批相比：新增 ${r['inserted']} 行，修改 ${r['updated']} 行，删除 ${r['deleted']} 行`,
      `against the batch before: ${r['inserted']} rows added, ${r['updated']} changed, ${r['deleted']} removed`,
    );
}

/** An entry as it stands. */
interface EntryNow {
  readonly version: number;
  readonly publishedVersion: number | null;
  readonly state: { readonly id: string; readonly title: { readonly zh: string; readonly en?: string } };
}

function tellEntry({ version, publishedVersion, state }: EntryNow): void {
  const { zh, en } = state.title;
  const older = publishedVersion !== null && publishedVersion !== version ? publishedVersion : null;
  say(
    `目录第 ${version} 版：${zh}${older === null ? '' : `；此前发布的是第 ${older} 版`}`,
    `version ${version} of the entry: ${en ?? zh}${older === null ? '' : `; version ${older} was published before`}`,
  );
}
