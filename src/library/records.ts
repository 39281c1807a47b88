/** Reading records of a library in the console: always masked, always recorded before they are answered. */

import { batch } from '#collect';
import { fieldsOfLibrary, keptValue, type Library, type SeenField, trustOrder } from '#declare';
import { evaluate } from '#declare/expr/index';
import { maskedSql, recordReading } from '#govern';
import type { Snapshot } from '#kernel/documents/documents';
import { Refusal } from '#kernel/errors';
import type { Actor } from '#kernel/policy/policy';
import { textSql } from '#kernel/sql/kept';
import { own } from '#kernel/sql/own';
import type { Kernel } from '#kernel/stage';
import { lastBuild } from './builds.ts';
import { feedingDepartments } from './feeds.ts';
import { claimTable, columnName, goldenTable } from './tables.ts';

/** Where a value came from. */
export interface Origin {
  readonly table: string;
  readonly tableTitle: { readonly zh: string; readonly en: string };
  readonly department: string | null;
  readonly ordinal: number;
  readonly row: number;
  readonly landedAt: string | null;
}

interface Opened {
  readonly snapshot: Snapshot;
  readonly library: Library;
  readonly fields: readonly SeenField[];
  readonly env: { readonly today: string; codeList: Snapshot['codeList'] };
}

/** @throws Refusal LIBRARY_UNKNOWN, POLICY_DENIED */
async function open(kernel: Kernel, actor: Actor, id: string): Promise<Opened> {
  const snapshot = await kernel.documents.snapshot();
  const library = snapshot.find('library', id);
  if (!library) throw new Refusal('LIBRARY_UNKNOWN', { library: id });
  kernel.policy.demand(actor, 'library.read', feedingDepartments(snapshot, library));
  return {
    snapshot,
    library,
    fields: fieldsOfLibrary(library, snapshot.find),
    env: { today: kernel.clock.today(), codeList: (list) => snapshot.codeList(list) },
  };
}

const shownSql = (o: Opened, f: SeenField, column: string): string => maskedSql(f, o.snapshot.get('element', f.element), column, o.env);

/**
 * A page of records, all of them or those with one value. A value asked for is brought to standard form first, as a row's would be.
 * @throws Refusal LIBRARY_FIELD_UNKNOWN when the library has no such field
 */
export async function findRecords(
  kernel: Kernel,
  actor: Actor,
  id: string,
  query: { repeated?: string | undefined; field?: string | undefined; value?: string | undefined; limit: number; offset: number },
) {
  const o = await open(kernel, actor, id);
  const asked = query.field === undefined || query.value === undefined ? null : askedFor(o, query.field, query.value);
  const build = await lastBuild(kernel.db, id);
  const asks = [
    ...(asked ? [{ sql: (n: number) => `${asked.sql} = $${n}`, value: asked.value }] : []),
    ...(query.repeated === undefined
      ? []
      : [
          {
            sql: (n: number) => `_entity in (select _entity from ${claimTable(id)} where "rank" is null and "table" = $${n})`,
            value: query.repeated,
          },
        ]),
  ];
  const from = `${goldenTable(id)} ${asks.length > 0 ? `where ${asks.map((a, i) => a.sql(i + 1)).join(' and ')}` : ''}`;
  const params = asks.map((a) => a.value);
  const strong = o.fields.find((f) => f.name === o.library.strongKey) as SeenField;
  const columns = o.fields.map((f, i) => `${shownSql(o, f, columnName(f.name))} as ${own(`f${i}`)}`);
  const found = !build
    ? []
    : await kernel.warehouse.query<Record<string, string | null>>(
        `select _entity, ${textSql(strong.type, columnName(strong.name))} as ${own('strong')}, ${columns.join(', ')} from (select * from ${from} order by _entity limit ${query.limit} offset ${query.offset})`,
        params,
      );
  const count = !build
    ? 0
    : asks.length > 0
      ? ((await kernel.warehouse.query<{ n: number }>(`select count(*)::INTEGER as n from ${from}`, params))[0]?.n ?? 0)
      : build.entities;
  const rows = found.map((r) => ({
    entity: r['_entity'] as string,
    values: Object.fromEntries(o.fields.map((f, i) => [f.name, r[own(`f${i}`)] ?? null])),
  }));
  const answer = { rows, count };
  // A list is about nobody in particular; who asks by a value reads about those it finds, or about whom he asked for in vain.
  const subjects = asked
    ? [
        ...new Set([
          ...found.flatMap((r) => (r[own('strong')] ? [r[own('strong')] as string] : [])),
          ...(query.field === o.library.strongKey ? [asked.value] : []),
        ]),
      ]
    : [];
  await recordReading(kernel, actor, {
    action: 'library.read',
    target: `library:${id}`,
    fields: o.fields.map((f) => f.name),
    subjects,
    rows: rows.length,
    answer,
  });
  return answer;
}

function askedFor(o: Opened, field: string, value: string): { sql: string; value: string } {
  const f = o.fields.find((x) => x.name === field);
  if (!f) throw new Refusal('LIBRARY_FIELD_UNKNOWN', { library: o.library.title.zh, field });
  const standard = evaluate(o.snapshot.get('element', f.element).standardise, { value }, o.env);
  // A value that is none of the field is looked for all the same, and found nowhere.
  const kept = typeof standard === 'string' ? keptValue(f.type, standard) : null;
  return { sql: textSql(f.type, columnName(field)), value: kept ?? value };
}

interface ClaimRow {
  readonly field: string;
  readonly shown: string | null;
  readonly table: string;
  readonly ordinal: number;
  readonly batch: string;
  readonly row: string;
  /** Null where a newer row of the same source speaks instead. */
  readonly rank: number | null;
}

/** One record: per field the value with its origin, the rule by which it was chosen, and what the other sources say. @throws Refusal LIBRARY_RECORD_UNKNOWN */
export async function readRecord(kernel: Kernel, actor: Actor, id: string, entity: string) {
  const o = await open(kernel, actor, id);
  const build = await lastBuild(kernel.db, id);
  const strong = o.fields.find((f) => f.name === o.library.strongKey) as SeenField;
  const [golden] = !build
    ? []
    : await kernel.warehouse.query<{ strong: string | null }>(
        `select ${textSql(strong.type, columnName(strong.name))} as strong from ${goldenTable(id)} where _entity = $1`,
        [entity],
      );
  if (!golden) throw new Refusal('LIBRARY_RECORD_UNKNOWN', { library: o.library.title.zh, entity });
  const masks = o.fields.map(
    (f) => `when '${f.name}' then ${maskedSql({ ...f, type: 'text' }, o.snapshot.get('element', f.element), '"value"', o.env)}`,
  );
  const claims = await kernel.warehouse.query<ClaimRow>(
    `select field, case field ${masks.join(' ')} end as shown, "table", ordinal, batch, "row", "rank" from ${claimTable(id)} where _entity = $1 order by field, "rank" nulls last, batch desc, "row" limit 1000`,
    [entity],
  );
  const landed = new Map<string, string>();
  for (const seq of new Set(claims.map((c) => c.batch))) landed.set(seq, (await batch(kernel.db, Number(seq)))?.landedAt ?? '');
  const originOf = (c: ClaimRow): Origin => {
    const binding = o.snapshot.find('binding', c.table);
    return {
      table: c.table,
      tableTitle: { zh: binding?.title.zh ?? c.table, en: binding?.title.en ?? c.table },
      department: (binding && o.snapshot.find('source', binding.source)?.department) ?? null,
      ordinal: c.ordinal,
      row: Number(c.row),
      landedAt: landed.get(c.batch) || null,
    };
  };
  const fields = o.fields.map((f) => {
    const said = claims.filter((c) => c.field === f.name);
    const first = said.find((c) => c.rank === 1);
    const others = said.filter((c) => c !== first);
    return {
      name: f.name,
      title: { zh: f.title.zh, en: f.title.en ?? f.name },
      sensitivity: f.sensitivity,
      codeList: o.snapshot.find('element', f.element)?.codeList ?? null,
      value: first?.shown ?? null,
      origin: first ? originOf(first) : null,
      rule: trustWords(o, f.name),
      others: others.map((c) => ({ value: c.shown, origin: originOf(c), aside: c.rank === null })),
    };
  });
  const answer = { entity, fields, masked: true };
  await recordReading(kernel, actor, {
    action: 'library.read',
    target: `library:${id}`,
    fields: o.fields.map((f) => f.name),
    subjects: golden.strong === null ? [] : [golden.strong],
    rows: 1,
    answer,
  });
  return answer;
}

function trustWords(o: Opened, field: string): { zh: string; en: string } {
  const named = (language: 'zh' | 'en') =>
    trustOrder(o.library, field).map((t) => {
      const title = o.snapshot.find('binding', t)?.title;
      return (language === 'zh' ? title?.zh : (title?.en ?? title?.zh)) ?? t;
    });
  return {
    zh: `信任顺序：${named('zh').join(' › ')}；同一来源取最新的一整行`,
    en: `order of trust: ${named('en').join(' › ')}; of one source the newest row, whole`,
  };
}
