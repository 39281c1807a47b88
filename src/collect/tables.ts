/** Registering a table of a database: it is connected to and looked at before there is a source, and a sample of its rows takes the place of a file. */
import type { Connector, ConnectorEffects, Source, TableLook, TableThere } from '#declare';
import { ConnectorRefusal } from '#declare';
import { documentNamed } from '#kernel/documents/kind-title';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { refusalOf } from './connector-refusal.ts';
import type { ConnectorOf } from './jobs.ts';
import { demandSecrets, secretFaults } from './sources.ts';
import { effectsFor } from './staging.ts';
import { beginTable, type Upload } from './uploads.ts';

/** Which database is asked, and as whom; the password is named as `secret:name`. */
export interface Place {
  readonly connector: string;
  readonly settings: Source['settings'];
}

/** What a steward picks of a table. */
export interface Picked extends Place {
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly cursor: string | null;
}

/** A database that has not answered after this long is away. */
const patienceMs = 60_000;

/** The tables that can be picked. @throws Refusal of the connector, COLLECT_SECRET_FOREIGN */
export const tablesAt = (kernel: Kernel, connectorOf: ConnectorOf, actor: Actor, place: Place): Promise<readonly TableThere[]> =>
  asked(kernel, connectorOf, actor, place, (connector, effects) => connector.tables?.(place.settings, effects));

/** What one of them looks like. @throws Refusal of the connector, COLLECT_SECRET_FOREIGN */
export const lookAtTable = (kernel: Kernel, connectorOf: ConnectorOf, actor: Actor, place: Place): Promise<TableLook> =>
  asked(kernel, connectorOf, actor, place, (connector, effects) => connector.look?.(place.settings, effects));

/**
 * Begins the registration of a table: a sample is read, and then decided about like a file. What was picked is held against the table as it is now.
 * @throws Refusal COLLECT_PICK_UNFIT, those of the connector
 */
export async function registerTable(kernel: Kernel, connectorOf: ConnectorOf, actor: Actor, picked: Picked): Promise<Upload> {
  const { connector, settings, columns, key, cursor } = picked;
  const look = await lookAtTable(kernel, connectorOf, actor, picked);
  const found = (name: string) => look.columns.find((c) => c.name === name);
  const unfit = (column: string, zh: string, en: string): Refusal => new Refusal('COLLECT_PICK_UNFIT', { column, why: zh, whyEn: en });
  for (const column of [...columns, ...key]) if (!found(column)) throw unfit(column, '表里没有这一列', 'the table has no such column');
  for (const column of key) if (!columns.includes(column)) throw unfit(column, '主键的列须采用', 'a column of the key has to be taken');
  if (cursor !== null) {
    const there = found(cursor);
    if (!there || !columns.includes(cursor)) throw unfit(cursor, '游标列须采用', 'the cursor has to be taken');
    if (there.noCursor) throw unfit(cursor, `不能作游标：${there.noCursor.zh}`, `it can be no cursor: ${there.noCursor.en}`);
  }
  const table = Object.values(settings)
    .filter((v) => v !== null)
    .join('\n');
  const known = (await kernel.documents.snapshot())
    .list('source')
    .find((s) => s.department === actor.department && s.connector === connector && Object.values(s.settings).join('\n') === table);
  const declared = look.keys.find((k) => k.columns.join('\n') === key.join('\n'));
  const slips = found(cursor ?? '')?.slips ?? [];
  const said = [
    look.rows === null
      ? { zh: '数据库没有估计行数', en: 'the database has not reckoned its rows' }
      : { zh: `表里约 ${look.rows} 行`, en: `about ${look.rows} rows in the table` },
    ...(declared ? [{ zh: `主键 ${key.join('、')}：${declared.why.zh}`, en: `key ${key.join(', ')}: ${declared.why.en}` }] : []),
    cursor === null
      ? { zh: '全量：每次整表读取', en: 'full: all rows are read each time' }
      : { zh: `增量：按游标“${cursor}”读取新增的行`, en: `incremental: what is new by the cursor '${cursor}' is read` },
    ...slips,
    ...(known ? [{ zh: `这张表已登记为数据源“${known.title.zh}”`, en: `this table is registered already as source '${known.id}'` }] : []),
  ];
  const leaves = look.columns.map((c) => c.name).filter((name) => !columns.includes(name));
  const called = Object.fromEntries(look.columns.flatMap(({ name, about }) => (calledBy(about) === '' ? [] : [[name, calledBy(about)]])));
  const reading = { connector, settings, layout: null, columns, key, cursor, leaves, called, sheets: [], said };
  const about = (await tablesAt(kernel, connectorOf, actor, picked)).find((t) =>
    Object.entries(t.settings).every(([name, value]) => settings[name] === value),
  );
  return beginTable(kernel, actor, nameOf(about), reading);
}

/** What a column is called by what the database says of it: the words before a stop or a bracket; empty where they are none of a name. */
function calledBy(about: string | null): string {
  const [name = ''] = (about ?? '').trim().split(/[\p{Cc},，;；。:：(（]/u, 1);
  return name.trim().length <= mostCalled ? name.trim() : '';
}
const mostCalled = 30;

/** A table is called what the database says it is about, or by its name. */
function nameOf(table: TableThere | undefined): string {
  const about =
    table?.about
      ?.replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, 100) ?? '';
  return about === ''
    ? (Object.values(table?.settings ?? {})
        .at(-1)
        ?.toString() ?? 'table')
    : about;
}

/** Asks a connector under a deadline and in the name of the actor's department; asked with a password, so that is written down first. */
async function asked<T>(
  kernel: Kernel,
  connectorOf: ConnectorOf,
  actor: Actor,
  place: Place,
  question: (connector: Connector, effects: ConnectorEffects) => Promise<T> | undefined,
): Promise<T> {
  kernel.policy.demand(actor, 'upload.make', [actor.department]);
  const connector = connectorOf(place.connector);
  const source = placedSource(actor.department, place);
  const faults = secretFaults(connector, source.settings);
  if (faults.length > 0) throw new Refusal('DOCUMENT_REFUSED', documentNamed('source', source.id), { faults });
  await kernel.db.transaction((tx) => demandSecrets(tx, source));
  const server = connector.server?.(source) ?? connector.id;
  await kernel.recorder.record({
    ...{ door: actor.door, outcome: 'answered', action: 'upload.make', actor: actor.user, department: actor.department },
    ...{ grant: null, purpose: null, target: `server:${server}`, fields: [], subjects: [], rows: 0, bytes: 0, refusal: null },
  });
  const limit = AbortSignal.timeout(patienceMs);
  try {
    const answer = await question(
      connector,
      effectsFor(kernel, source, null, limit, () => undefined),
    );
    if (answer === undefined) throw new Refusal('COLLECT_NOTHING_TO_PICK', { connector: connector.title.zh });
    return answer;
  } catch (error) {
    if (error instanceof ConnectorRefusal) throw refusalOf(server, error);
    if (!limit.aborted) throw error;
    const seconds = patienceMs / 1000;
    throw refusalOf(server, new ConnectorRefusal('unreachable', `no answer within ${seconds} s`, `${seconds} 秒没有应答`));
  }
}

/** The source a place would be read as: what names its secrets. */
const placedSource = (department: string, { connector, settings }: Place): Source => ({
  ...{ form: 1, id: 'table', title: { zh: '库表' }, department, connector, settings },
  ...{ columns: [], key: [], mode: 'full', cursor: null, layout: null },
});
