/** `upload <file>`: what the console does with a file nobody declared, without a browser. A broken connection goes on where it stood. */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import {
  type AdoptedColumn,
  type AdoptedDocuments,
  type Adoption,
  type Binding,
  documentsOf,
  editionOf,
  type Source,
  stepsOf,
} from '#declare';
import { defineErrors, isRefusal, Refusal } from '#kernel/errors';
import type { Run } from '#kernel/jobs/jobs';
import { type Client, remote } from './client.ts';
import { follow, settled } from './commands.ts';
import { say, show } from './say.ts';

defineErrors({
  UPLOAD_FILE_MISSING: {
    status: 404,
    zh: '读不到文件“{file}”',
    en: "The file '{file}' cannot be read",
    hint: { zh: '请核对路径和权限。', en: 'Check the path and its permissions.' },
  },
  UPLOAD_NOT_ACCEPTED: {
    status: 409,
    zh: '推荐没有被接受，什么也没有建立',
    en: 'The proposals were not accepted; nothing was made',
    hint: {
      zh: '文件仍在上传列表里，可在控制台继续，或再次运行本命令。',
      en: 'The file is kept among the uploads: go on in the console, or run this again.',
    },
  },
  UPLOAD_DRIFT: {
    status: 409,
    zh: '这像是“{title}”的新一期，但列变了：{what}',
    en: "This looks like a newer edition of '{title}' with other columns: {whatEn}",
    hint: {
      zh: '--yes 不替人决定列的去留：请去掉 --yes 逐项回答，或在控制台处理。',
      en: '--yes does not decide about columns: answer without --yes, or decide in the console.',
    },
  },
});

defineErrors({
  UPLOAD_NO_EDITION: {
    status: 404,
    zh: '“{name}”不像“{source}”的新一期：本部门没有列相近的这个数据源',
    en: "'{name}' is no edition of '{source}': this department has no such source with much the same columns",
    hint: { zh: '请核对 --to 后面的编号，或用 --new 另建一张表。', en: 'Check the id behind --to, or make another table with --new.' },
  },
  UPLOAD_EDITION_UNSURE: {
    status: 409,
    zh: '“{name}”的列与“{title}”完全相同：可能是它的新一期，也可能是另一张表',
    en: "'{name}' has the very columns of '{title}': it may be its newer edition, or another table",
    hint: {
      zh: '新一期会替换原有的行，--yes 不替人决定：加 --to {source} 交付给它，加 --new 另建一张表，或去掉 --yes 逐项回答。',
      en: 'A newer edition replaces the rows, and --yes does not decide that: add --to {source} to deliver it there, --new to make another table, or answer without --yes.',
    },
  },
});

/** Bytes sent at once: what a broken connection costs at most. */
const partBytes = 8 * 1024 * 1024;

interface Upload {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly bytes: number;
  readonly received: number;
  readonly state: 'receiving' | 'reading' | 'refused' | 'read' | 'delivered';
  readonly run: string | null;
  readonly reading: (Adoption['reading'] & { readonly said: readonly { readonly zh: string; readonly en: string }[] }) | null;
  readonly rows: { rowsIn: number; rowsData: number; rowsRefused: number; rowsOther: number } | null;
}
interface Proposal {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly {
    column: string;
    name: string;
    title: string;
    element: string;
    sensitivity: 1 | 2 | 3 | 4;
    why: { zh: string; en: string };
  }[];
  readonly keys: readonly { columns: readonly string[]; absent: number; repeated: number }[];
  readonly key: string[];
  readonly rules: (Adoption['rules'][number] & { title: { zh: string; en: string } })[];
  readonly checks: readonly { id: string; title: { zh: string; en: string }; severity: string; checked: number; failed: number }[];
  readonly rows: { data: number; governed: number };
  readonly editions: readonly {
    source: string;
    title: string;
    same: number;
    added: string[];
    missing: string[];
    moved: boolean;
    binding: Binding | null;
  }[];
}

export interface UploadOrder {
  readonly file: string;
  /** Accepts every proposal. */
  readonly yes: boolean;
  /** What it is said to be: the newer edition of a source (its id), or a new table. */
  readonly as: { readonly to: string } | 'new' | null;
  readonly json: boolean;
}

/** Uploads, shows what is proposed, and carries it out once it is accepted. Returns the exit code. */
export async function uploadFile(client: Client, order: UploadOrder): Promise<number> {
  const tell = order.json ? () => undefined : show;
  const read = await sent(client, order.file, tell);
  const upload = await readOut(client, read, tell);
  const proposal = await proposed(client, upload, tell);
  if (!order.json) print(upload, proposal);
  const edition = editionIn(upload, proposal, order);
  const decision = await decided(client, upload, proposal, edition, order);
  if (decision === null) throw new Refusal('UPLOAD_NOT_ACCEPTED');
  await carriedOut(client, upload, decision, order, tell);
  return 0;
}

/** Sends what has not arrived yet. */
async function sent(client: Client, path: string, tell: typeof show): Promise<Upload> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw new Refusal('UPLOAD_FILE_MISSING', { file: path });
  const name = basename(path);
  const known = await client.get<{ rows: Upload[] }>('/api/collect/uploads?limit=100');
  let upload =
    known.rows.find((u) => u.state === 'receiving' && u.name === name && u.bytes === info.size) ??
    (await client.postOnce<Upload>('/api/collect/uploads', { name, bytes: info.size }));
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(partBytes);
    while (upload.received < upload.bytes) {
      tell(`上传 ${Math.floor((100 * upload.received) / upload.bytes)}%`, `uploading ${upload.received} of ${upload.bytes} bytes`);
      const { bytesRead } = await file.read(buffer, 0, partBytes, upload.received);
      if (bytesRead === 0) throw new Refusal('UPLOAD_FILE_MISSING', { file: path });
      try {
        upload = await client.putPart(`/api/collect/uploads/${upload.id}/parts/${upload.received}`, buffer.subarray(0, bytesRead));
      } catch (error) {
        // The part had arrived and its answer was lost: the platform says where it stands.
        if (!isRefusal(error) || error.code !== 'COLLECT_UPLOAD_OFFSET') throw error;
        upload = await client.get(`/api/collect/uploads/${upload.id}`);
      }
    }
  } finally {
    await file.close();
  }
  return upload;
}

async function readOut(client: Client, upload: Upload, tell: typeof show): Promise<Upload> {
  const run = upload.run && (await follow(client, upload.run, tell));
  const now = await client.get<Upload>(`/api/collect/uploads/${upload.id}`);
  if (run && run.state !== 'done') throw run.problem ? remote(run.problem) : new Refusal('RUN_CANCELLED');
  return now;
}

async function proposed(client: Client, upload: Upload, tell: typeof show): Promise<Proposal> {
  for (;;) {
    const { proposal } = await client.get<{ proposal: Proposal | null }>(`/api/govern/uploads/${upload.id}`);
    if (proposal) return proposal;
    const { rows } = await client.get<{ rows: Run[] }>(`/api/runs?about=${encodeURIComponent(`upload:${upload.id}`)}&limit=1`);
    const last = rows[0];
    if (last && ['failed', 'refused', 'cancelled'].includes(last.state))
      throw last.problem ? remote(last.problem) : new Refusal('RUN_CANCELLED');
    tell(last?.note?.zh ?? '辨认各列', last?.note?.en ?? 'judging the columns');
    await new Promise((r) => setTimeout(r, 200));
  }
}

function print(upload: Upload, p: Proposal): void {
  const { rows } = upload;
  say(
    `“${upload.name}”：读入 ${rows?.rowsIn} 行 = 数据 ${rows?.rowsData} + 拒收 ${rows?.rowsRefused} + 非数据 ${rows?.rowsOther}`,
    `${rows?.rowsIn} rows = ${rows?.rowsData} data + ${rows?.rowsRefused} refused + ${rows?.rowsOther} not data`,
  );
  for (const s of upload.reading?.said ?? []) console.log(`  · ${s.zh} · ${s.en}`);
  for (const c of p.columns) console.log(`  ${c.column} → ${c.element}  ${c.sensitivity} 级  ${c.name}  （${c.why.zh}）`);
  for (const k of p.keys) console.log(`  主键候选 · key: ${k.columns.join('+')}  缺 ${k.absent}  重复 ${k.repeated}`);
  console.log(`  规则 · rules: ${p.rules.map((r) => r.title.zh).join('、') || '—'}`);
  console.log(`  试行 · trial: ${p.rows.data} 行中 ${p.rows.governed} 行可入表 · ${p.rows.governed} of ${p.rows.data} rows pass`);
  for (const c of p.checks.filter((x) => x.failed > 0))
    console.log(`    ${c.title.zh}：${c.failed}/${c.checked}（${c.severity === 'block' ? '隔离' : '提醒'}）`);
}

type Edition = Proposal['editions'][number];

const isSame = (e: Edition): boolean => e.added.length + e.missing.length === 0 && !e.moved;

/** The source this is an edition of: the one that was named, else the one that is called so, else the likeliest. */
function editionIn(upload: Upload, p: Proposal, order: UploadOrder): Edition | undefined {
  const { as } = order;
  if (as === 'new') return undefined;
  if (as !== null) {
    const found = p.editions.find((e) => e.source === as.to);
    if (!found) throw new Refusal('UPLOAD_NO_EDITION', { name: upload.name, source: as.to });
    return found;
  }
  const same = p.editions.filter(isSame);
  return same.find((e) => isCalledSo(upload, e)) ?? p.editions.find((e) => isCalledSo(upload, e)) ?? same[0] ?? p.editions[0];
}

/** Without dates, numbers, brackets and what people add to the name of a copy. */
const stem = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/\(.*?\)|副本|最终|最新|更新|新版|copy|final/giu, '')
    .replace(/[^\p{L}]|年|月|日|季度|期/gu, '');

/** Whether the file is called as the source is, the period aside, or begins so. */
function isCalledSo(upload: Upload, edition: Edition): boolean {
  const [file, title] = [stem(upload.name), stem(edition.title)];
  return file.length > 0 && title.length > 0 && (file.startsWith(title) || title.startsWith(file));
}

/** The difference of the columns in words. */
function wordsOf(e: Edition): { what: string; whatEn: string } {
  const said = [
    e.added.length > 0 && [`多出 ${e.added.join('、')}`, `more: ${e.added.join(', ')}`],
    e.missing.length > 0 && [`缺少 ${e.missing.join('、')}`, `missing: ${e.missing.join(', ')}`],
    e.moved && ['次序不同', 'another order'],
  ].filter((x) => x !== false);
  return { what: said.map((s) => s[0]).join('；'), whatEn: said.map((s) => s[1]).join('; ') };
}

/** What is carried out: a delivery to a source that is there, or documents, with the source they change where it is there already. */
type Decision = { readonly deliverTo: string } | { readonly adoption: Adoption; readonly before: Source | null };

/** Asks, or accepts where `--yes` says so; null when the person declined. */
async function decided(
  client: Client,
  upload: Upload,
  p: Proposal,
  edition: Proposal['editions'][number] | undefined,
  order: UploadOrder,
): Promise<Decision | null> {
  if (edition && isSame(edition)) {
    if (order.yes && order.as === null && !isCalledSo(upload, edition))
      throw new Refusal('UPLOAD_EDITION_UNSURE', { name: upload.name, title: edition.title, source: edition.source });
    if (order.yes || (await asks(`这是“${edition.title}”的新一期，交付给它吗？ · deliver it there? [Y/n] `)))
      return { deliverTo: edition.source };
  } else if (edition && (order.as !== null || isCalledSo(upload, edition) || edition.same >= 0.8 * p.columns.length)) {
    const drift = { title: edition.title, ...wordsOf(edition) };
    if (order.yes) throw new Refusal('UPLOAD_DRIFT', drift);
    console.error(`这像是“${drift.title}”的新一期 · it looks like a newer edition：${drift.what} · ${drift.whatEn}`);
    if (await asks('当作它的新一期吗？ · take it for one? [Y/n] ')) return nextEdition(client, upload, p, edition);
  }
  if (
    !order.yes &&
    !(await asks('接受以上推荐，并声明内容不含国家秘密、工作秘密？ · accept, and declare that nothing here is secret? [Y/n] '))
  )
    return null;
  return {
    before: null,
    adoption: {
      id: p.id,
      title: { zh: p.title },
      abstract: `由“${upload.name}”上传建立`,
      category: '部门',
      department: upload.department,
      resourceClass: '3',
      shareType: '2',
      shareCondition: '限依法履行职责需要的部门使用，不得转提供第三方。',
      openType: '0',
      updateCycle: '4',
      secrecyChecked: true,
      reading: readingOf(upload),
      columns: p.columns.map((c) => adopted(c, true)),
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
async function nextEdition(client: Client, upload: Upload, p: Proposal, edition: Proposal['editions'][number]): Promise<Decision | null> {
  for (const column of edition.missing)
    if (!(await asks(`“${column}”不再提供，从目录和治理表中去掉吗？ · '${column}' is gone: drop it? [Y/n] `))) return null;
  const added: AdoptedColumn[] = [];
  for (const c of p.columns.filter((x) => edition.added.includes(x.column)))
    added.push(
      adopted(c, await asks(`“${c.column}”是新列（推荐 ${c.element}），加入治理表吗？ · take the new column '${c.column}'? [Y/n] `)),
    );
  const id = edition.source;
  const { binding } = edition;
  if (!binding) throw new Refusal('UPLOAD_NOT_ACCEPTED');
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

async function asks(question: string): Promise<boolean> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^\s*(y.*)?$/i.test(await ask.question(question));
  } finally {
    ask.close();
  }
}

async function carriedOut(client: Client, upload: Upload, decision: Decision, order: UploadOrder, tell: typeof show): Promise<void> {
  let run: string | undefined;
  const id = 'deliverTo' in decision ? decision.deliverTo : decision.adoption.id;
  if ('deliverTo' in decision) ({ run } = await client.post<{ run: string }>(`/api/collect/uploads/${upload.id}/delivery`, { source: id }));
  else {
    for (const step of stepsOf(upload.id, documentsOf(decision.adoption), decision.before)) {
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
  const table = await client.get<{ governed: number; quarantined: number }>(`/api/govern/tables/${id}`);
  if (order.json) {
    console.log(JSON.stringify({ id, upload: upload.id, delivery: ended?.result ?? null, table }));
    return;
  }
  const r = ended?.result ?? {};
  if (r['landed'] === false) say(`与第 ${r['ordinal']} 批相同，没有落地`, `the same as batch ${r['ordinal']}: nothing was landed`);
  else say(`第 ${r['ordinal']} 批已落地：数据 ${r['rowsData']} 行`, `batch ${r['ordinal']} landed: ${r['rowsData']} rows of data`);
  say(
    `治理表 ${id}：入表 ${table.governed} 行，隔离 ${table.quarantined} 行`,
    `table ${id}: ${table.governed} rows governed, ${table.quarantined} quarantined`,
  );
  if (!('deliverTo' in decision))
    say('目录已提交，待运营人员发布；服务可以申请', 'the entry awaits its publication; its service can be asked for');
}
