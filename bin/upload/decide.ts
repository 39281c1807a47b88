/** What is to become of the file: asked about, or accepted where `--yes` says so. */
import { type AdoptedColumn, type AdoptedDocuments, type Adoption, abstractOf, editionOf, type Source } from '#declare';
import { Refusal } from '#kernel/errors';
import { ask } from '../ask.ts';
import type { Client } from '../client.ts';
import { say } from '../say.ts';
import { doubtIn, type Edition, isSame, wordsOf } from './edition.ts';
import type { Proposal, Upload, UploadOrder } from './shapes.ts';

/** What is carried out: a delivery to a source that is there, or documents, with the source they change where it is there already. */
export type Decision = { readonly deliverTo: string } | { readonly adoption: Adoption; readonly before: Source | null };

/** Asks, or accepts where `--yes` says so; null when the person declined. */
export async function decided(
  client: Client,
  upload: Upload,
  p: Proposal,
  edition: Edition | undefined,
  order: UploadOrder,
): Promise<Decision | null> {
  if (edition && isSame(edition)) {
    if (order.yes && order.as === null && !edition.called)
      throw new Refusal('UPLOAD_EDITION_UNSURE', { name: upload.name, title: edition.title, source: edition.source });
    const doubt = doubtIn(edition);
    if (doubt && order.yes && order.as === null)
      throw new Refusal('UPLOAD_EDITION_DOUBT', { title: edition.title, source: edition.source, ...doubt });
    if (edition.reread && !order.json) say(`读法与上一期不同：${edition.reread.zh}`, `written otherwise than before: ${edition.reread.en}`);
    if (doubt && !order.yes) console.error(`与以往不同 · other than before：${doubt.what} · ${doubt.whatEn}`);
    if (order.yes || (await asks(`这是“${edition.title}”的新一期，交付给它吗？`, 'deliver it there?')))
      return { deliverTo: edition.source };
  } else if (edition && (order.as !== null || edition.called || edition.same >= 0.8 * p.columns.length)) {
    const drift = { title: edition.title, ...wordsOf(edition) };
    if (order.yes) throw new Refusal('UPLOAD_DRIFT', drift);
    console.error(`这像是“${drift.title}”的新一期 · it looks like a newer edition：${drift.what} · ${drift.whatEn}`);
    if (await asks('当作它的新一期吗？', 'take it for one?')) return nextEdition(client, upload, p, edition);
  }
  if (!order.yes && !(await asks('接受以上推荐，并声明内容不含国家秘密、工作秘密？', 'accept, and declare that nothing here is secret?')))
    return null;
  return {
    before: null,
    adoption: {
      id: p.id,
      title: { zh: p.title },
      abstract: abstractOf(upload),
      category: '部门',
      department: upload.department,
      resourceClass: '3',
      shareType: '2',
      shareCondition: '限依法履行职责需要的部门使用，不得转提供第三方。',
      openType: '0',
      updateCycle: '4',
      secrecyChecked: true,
      reading: readingOf(upload),
      columns: p.columns.map((c) => adopted(c, c.taken)),
      key: p.key,
      rules: p.rules.map(({ title: _, ...rule }) => rule),
    },
  };
}

const readingOf = (upload: Upload): Adoption['reading'] => {
  if (!upload.reading) throw new Refusal('COLLECT_UPLOAD_NOT_READ', { name: upload.name });
  const { connector, settings, layout, columns } = upload.reading;
  return { connector, settings, layout, columns };
};

const adopted = (c: Proposal['columns'][number], taken: boolean): AdoptedColumn => ({
  column: c.column,
  taken,
  name: c.name,
  title: { zh: c.title },
  element: c.element,
  sensitivity: c.sensitivity,
  show: c.sensitivity >= 3 ? 'masked' : 'plain',
  reason: '',
});

/** Asks about every column that differs. */
async function nextEdition(client: Client, upload: Upload, p: Proposal, edition: Edition): Promise<Decision | null> {
  const { binding } = edition;
  const gone = { name: upload.name, title: edition.title, source: edition.source };
  if (!binding) throw new Refusal('UPLOAD_EDITION_UNGOVERNED', gone);
  const keyColumns = binding.fields.filter((f) => binding.key.includes(f.name)).map((f) => f.column);
  if (keyColumns.every((c) => edition.missing.includes(c)))
    throw new Refusal('UPLOAD_EDITION_KEY', { ...gone, columns: keyColumns.join('、') });
  for (const column of edition.missing) {
    const [key, keyEn] = keyColumns.includes(column) ? ['、治理表和主键', ' (of the key)'] : ['和治理表', ''];
    if (!(await asks(`“${column}”不再提供，从目录${key}中去掉吗？`, `'${column}'${keyEn} is gone: drop it?`))) return null;
  }
  const added: AdoptedColumn[] = [];
  for (const c of p.columns.filter((x) => edition.added.includes(x.column)))
    added.push(adopted(c, await asks(`“${c.column}”是新列（推荐 ${c.element}），加入治理表吗？`, `take the new column '${c.column}'?`)));
  const id = edition.source;
  const bodyOf = async <T>(path: string): Promise<T> => (await client.get<{ body: T }>(path)).body;
  const source = await bodyOf<Source>(`/api/collect/sources/${id}`);
  const existing: AdoptedDocuments = {
    source,
    entry: await bodyOf(`/api/catalog/entries/${id}`),
    mount: { form: 1, id, entry: id, source: id, items: {} },
    binding,
    service: await bodyOf(`/api/share/services/${id}`),
  };
  return { before: source, adoption: editionOf(existing, readingOf(upload), added) };
}

/** Asks in both languages; what nobody answers is refused. */
const asks = async (zh: string, en: string): Promise<boolean> =>
  /^\s*(y.*)?$/i.test(await ask(`${zh} · ${en} [Y/n] `, new Refusal('UPLOAD_UNANSWERED', { question: zh, questionEn: en })));
