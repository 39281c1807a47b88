/** What happened to one golden record: the source rows that speak of it, and the latest build that made it of them. */
import { batch } from '#collect';
import { fieldsOfLibrary, type SeenField } from '#declare';
import { recordReading } from '#govern';
import type { StoredFact } from '#kernel/facts/facts';
import type { Actor } from '#kernel/policy/policy';
import { machine } from '#kernel/review/review';
import { textSql } from '#kernel/sql/kept';
import type { Kernel } from '#kernel/stage';
import { lastBuild } from './builds.ts';
import { claimTable, columnName, goldenTable } from './tables.ts';

interface Spoken {
  readonly table: string;
  readonly ordinal: number;
  readonly batch: string;
  readonly row: string;
  readonly fields: string;
}

/** `id` is `<library>/<entity>`. No value is told, only which row said something; recorded like every reading of a record. */
export async function recordHappened(kernel: Kernel, actor: Actor, id: string): Promise<readonly StoredFact[]> {
  const [name = '', entity = ''] = id.split(/\/(.*)/s);
  const snapshot = await kernel.documents.snapshot();
  const library = snapshot.find('library', name);
  const build = library && (await lastBuild(kernel.db, name));
  if (!library || !build) return [];
  const rows = await kernel.warehouse.query<Spoken>(
    `select "table", ordinal, batch, "row", string_agg(field, ' ' order by field) as fields from ${claimTable(name)} where _entity = $1
     group by "table", ordinal, batch, "row" order by batch desc, "table", "row" limit 200`,
    [entity],
  );
  if (rows.length === 0) return [];
  const about = `golden:${id}`;
  const called = (fields: string, language: 'zh' | 'en', comma: string): string =>
    fields
      .split(' ')
      .map((f) => {
        const title = library.fields.find((x) => x.name === f)?.title;
        return (language === 'zh' ? title?.zh : (title?.en ?? title?.zh)) ?? f;
      })
      .join(comma);
  const told: StoredFact[] = [
    { seq: 0, name: 'library-built', about, actor: machine, at: build.builtAt, body: { entities: build.entities } },
  ];
  for (const r of rows)
    told.push({
      seq: 0,
      name: 'row-collected',
      about,
      actor: machine,
      at: (await batch(kernel.db, Number(r.batch)))?.landedAt ?? build.builtAt,
      body: {
        table: r.table,
        ordinal: r.ordinal,
        row: Number(r.row),
        fields: called(r.fields, 'zh', '、'),
        fieldsEn: called(r.fields, 'en', ', '),
      },
    });
  const strong = fieldsOfLibrary(library, snapshot.find).find((f) => f.name === library.strongKey) as SeenField;
  const [golden] = await kernel.warehouse.query<{ strong: string | null }>(
    `select ${textSql(strong.type, columnName(strong.name))} as strong from ${goldenTable(name)} where _entity = $1`,
    [entity],
  );
  await recordReading(kernel, actor, {
    action: 'library.read',
    target: `library:${name}`,
    fields: [],
    subjects: golden?.strong ? [golden.strong] : [],
    rows: 1,
    answer: rows,
  });
  return told.map((f, i) => ({ ...f, seq: told.length - i }));
}
