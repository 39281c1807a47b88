/** Building a library: claims first, golden records from them, and how far the sources agree. */

import { latestResults, momentColumn } from '#govern';
import type { JobContext, RunResult } from '#kernel/jobs/jobs';
import { machine } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { lastBuild } from './builds.ts';
import { type LibraryPlan, planLibrary } from './feeds.ts';
import { claimStatements, goldenStatements } from './link.ts';
import { claimTable, goldenTable } from './tables.ts';

/** How far the sources agree about one field (一数一源, measured). */
export interface FieldAgreement {
  readonly field: string;
  /** Records with a value from any source. */
  readonly claimed: number;
  /** Records with a value from two sources or more. */
  readonly contested: number;
  /** Of those: records whose sources give different values. */
  readonly disagreeing: number;
}

/**
 * Builds a library from what is current. Each of its two tables is replaced in one write: a reader sees the old one or the new one.
 * The same inputs are not built twice unless `again` asks for it.
 */
export async function buildLibrary(kernel: Kernel, order: { library: string; again?: boolean }, context: JobContext): Promise<RunResult> {
  const snapshot = await kernel.documents.snapshot();
  const plan = planLibrary(snapshot, order.library, await latestResults(kernel.db), await heldTables(kernel));
  const before = await lastBuild(kernel.db, order.library);
  if (!order.again && before?.inputs === plan.inputs && (await isThere(kernel, order.library))) return { skipped: true };
  const write = (table: string, statements: readonly string[]) =>
    kernel.warehouse.write(
      { table, batch: 'latest', replace: true, statements: statements.map((sql) => ({ sql })) },
      { signal: context.signal },
    );

  await context.progress(0, 3, { zh: '汇集各来源的值', en: 'Gathering what the sources say' });
  await kernel.warehouse.execute([{ sql: 'create schema if not exists library' }]);
  await write(claimTable(order.library), claimStatements(plan));
  await context.progress(1, 3, { zh: '按信任顺序取值', en: 'Choosing by the order of trust' });
  await write(goldenTable(order.library), goldenStatements(plan));
  await context.progress(2, 3, { zh: '统计来源之间的分歧', en: 'Measuring disagreement' });
  const counts = await countsOf(kernel, plan);
  const fields = await agreementOf(kernel, plan);
  await kernel.db.transaction(async (tx) => {
    await tx.run(
      `insert into library.build (library, run, version, entities, claims, members, fields, feeds, inputs, built_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (library, run) do update set version = excluded.version, entities = excluded.entities, claims = excluded.claims, members = excluded.members,
         fields = excluded.fields, feeds = excluded.feeds, inputs = excluded.inputs, built_at = excluded.built_at`,
      [
        order.library,
        context.run,
        plan.version,
        counts.entities,
        counts.claims,
        counts.members,
        JSON.stringify(fields),
        JSON.stringify(feedLines(plan, await repeatedOf(kernel, plan))),
        plan.inputs,
        kernel.clock.now(),
      ],
    );
    await kernel.facts.publish(tx, {
      name: 'library-built',
      about: `library:${order.library}`,
      actor: machine,
      body: { library: order.library, entities: counts.entities },
    });
  });
  await context.progress(3, 3, { zh: '完成', en: 'Done' });
  return { ...counts, disagreeing: fields.reduce((n, f) => n + f.disagreeing, 0) };
}

/** The tables with current rows, each with whether it keeps the instants by which changes of one day are ordered. */
async function heldTables(kernel: Kernel): Promise<ReadonlyMap<string, boolean>> {
  const found = await kernel.warehouse.query<{ name: string; timed: boolean }>(
    `select table_name as name, table_name in (select table_name from information_schema.columns where table_schema = 'governed' and column_name = '${momentColumn}') as timed
     from information_schema.tables where table_schema = 'current'`,
  );
  return new Map(found.map((t) => [t.name, t.timed]));
}

async function isThere(kernel: Kernel, library: string): Promise<boolean> {
  const found = await kernel.warehouse.query(`select 1 from information_schema.tables where table_schema = 'library' and table_name = $1`, [
    library,
  ]);
  return found.length > 0;
}

async function countsOf(kernel: Kernel, plan: LibraryPlan): Promise<{ entities: number; claims: number; members: number }> {
  const { id } = plan.library;
  const [row] = await kernel.warehouse.query<{ entities: number; claims: number; members: number }>(
    `select (select count(*) from ${goldenTable(id)})::INTEGER as entities, (select count(*) from ${claimTable(id)})::INTEGER as claims,
       (select count(distinct ("table", batch, "row")) from ${claimTable(id)})::INTEGER as members`,
  );
  if (!row) throw new Error(`the warehouse counts nothing for library ${id}`);
  return row;
}

/** Every later claim is held against the first of its record and field: counting what is distinct among all of them takes four times as long. */
async function agreementOf(kernel: Kernel, plan: LibraryPlan): Promise<readonly FieldAgreement[]> {
  const claims = claimTable(plan.library.id);
  const found = await kernel.warehouse.query<FieldAgreement>(
    `with first as (select field, _entity, "table", "value" from ${claims} where "rank" = 1),
       judged as (select field, _entity, bool_or(later."table" <> first."table") as contested, bool_or(later."value" <> first."value") as differing
         from ${claims} as later join first using (field, _entity) where later."rank" > 1 group by field, _entity)
     select field, count(*)::INTEGER as claimed, (count(*) filter (where contested))::INTEGER as contested, (count(*) filter (where contested and differing))::INTEGER as disagreeing
     from first left join judged using (field, _entity) group by field`,
  );
  return plan.fields.map((f) => found.find((x) => x.field === f.name) ?? { field: f.name, claimed: 0, contested: 0, disagreeing: 0 });
}

/** Records of which a feed has several rows, by table: only the newest of them speaks. */
async function repeatedOf(kernel: Kernel, plan: LibraryPlan): Promise<ReadonlyMap<string, number>> {
  const found = await kernel.warehouse.query<{ table: string; n: number }>(
    `select "table", count(distinct _entity)::INTEGER as n from ${claimTable(plan.library.id)} where "rank" is null group by "table"`,
  );
  return new Map(found.map((f) => [f.table, f.n]));
}

const feedLines = (plan: LibraryPlan, repeated: ReadonlyMap<string, number>) =>
  plan.feeds.map((f) => ({
    table: f.table,
    batch: f.latest.batch,
    ordinal: f.latest.ordinal,
    landedAt: f.latest.landedAt,
    rows: f.latest.rowsCurrent,
    repeated: repeated.get(f.table) ?? 0,
  }));
