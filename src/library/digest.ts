/**
 * What the warehouse holds, as one digest a table, independent of order: keys, values and provenance by source table, batch ordinal and
 * row. Ledger numbers and instants are left out, so that two histories that came to the same content have the same digest.
 */

import { findingTable, governedTable } from '#govern';
import { contentSql } from '#kernel/sql/content';
import type { Kernel } from '#kernel/stage';
import { claimTable, columnName, goldenTable, originColumn } from './tables.ts';

export interface ContentDigest {
  /** Schema and table, `governed.<id>`, `finding.<id>`, `library.<id>` or `claim.<id>`. */
  readonly table: string;
  readonly rows: number;
  /** Exact sum over the rows of the first 15 hex digits of the md5 of the row's text. */
  readonly sum: string;
}

/** The digest of every governed table, its findings, every library and its claims that the warehouse holds, by name. */
export async function contentDigest(kernel: Kernel): Promise<readonly ContentDigest[]> {
  const snapshot = await kernel.documents.snapshot();
  const held = new Set(
    (await kernel.warehouse.query<{ t: string }>(`select table_schema || '.' || table_name as t from information_schema.tables`)).map(
      (r) => r.t,
    ),
  );
  const wanted: { table: string; from: string; columns: readonly string[] }[] = [];
  for (const b of snapshot.list('binding')) {
    if (!held.has(`governed.${b.id}`)) continue;
    wanted.push({
      table: `governed.${b.id}`,
      from: governedTable(b.id),
      columns: ['_ordinal', '_row', '_key', ...b.fields.map((f) => columnName(f.name))],
    });
    wanted.push({
      table: `finding.${b.id}`,
      from: findingTable(b.id),
      columns: ['_ordinal', '_row', '"rule"', 'severity', 'field', '"value"', 'cells', 'other'],
    });
  }
  for (const l of snapshot.list('library')) {
    if (!held.has(`library.${l.id}`)) continue;
    const origins = l.fields.map((f) => {
      const o = originColumn(f.name);
      return `case when ${o} is not null then ${o}."table" || ' ' || ${o}.ordinal || ' ' || ${o}."row" end`;
    });
    wanted.push({
      table: `library.${l.id}`,
      from: goldenTable(l.id),
      columns: ['_entity', ...l.fields.map((f) => columnName(f.name)), ...origins],
    });
    wanted.push({
      table: `claim.${l.id}`,
      from: claimTable(l.id),
      columns: ['_entity', 'field', '"value"', '"table"', 'ordinal', '"row"', '"rank"'],
    });
  }
  return Promise.all(
    wanted.map(async ({ table, from, columns }) => {
      const [row] = await kernel.warehouse.query<{ n: number; s: string | null }>(
        `select count(*)::INTEGER as n, cast(sum(cast('0x' || left(md5(${contentSql(columns)}), 15) as BIGINT)) as VARCHAR) as s from ${from}`,
      );
      return { table, rows: row?.n ?? 0, sum: row?.s ?? '0' };
    }),
  );
}
