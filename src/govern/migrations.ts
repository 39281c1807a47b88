/** The tables of governing in PostgreSQL: what every batch came to. The rows themselves are in the warehouse. */
import type { Migration } from '#kernel/db/migrate';

export const governMigrations: readonly Migration[] = [
  {
    name: 'govern/001-result',
    sql: `create schema if not exists govern;
    create sequence govern.revision;
    create table govern.result (
      table_id text not null, batch bigint not null, ordinal integer not null,
      rows_read bigint not null, rows_data bigint not null, rows_refused bigint not null,
      rows_governed bigint not null, rows_quarantined bigint not null, rows_warned bigint not null,
      rows_current bigint not null,
      rules jsonb not null,
      binding_version integer not null,
      documents text not null,
      landed_at timestamptz not null, governed_at timestamptz not null,
      revision bigint not null default nextval('govern.revision'),
      primary key (table_id, batch),
      check (rows_data + rows_refused = rows_governed + rows_quarantined)
    );`,
  },
  {
    name: 'govern/002-proposal',
    sql: 'create table govern.proposal (upload text primary key, object text not null, body jsonb not null, made_at timestamptz not null);',
  },
  {
    name: 'govern/003-keys',
    sql: 'alter table govern.result add column rows_keyless bigint not null default 0, add column keys_repeated bigint not null default 0;',
  },
  { name: 'govern/004-since', sql: 'alter table govern.result add column since bigint not null default 0;' },
  { name: 'govern/005-absent-words', sql: `alter table govern.result add column absent jsonb not null default '[]';` },
  {
    name: 'govern/006-mode',
    sql: `alter table govern.result add column mode text not null default 'full' check (mode in ('full', 'incremental'));
    update govern.result r set mode = b.mode from collect.batch b where b.seq = r.batch;
    update govern.result set since = batch where mode = 'full';`,
  },
];
