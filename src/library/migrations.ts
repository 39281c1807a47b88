/** The tables of the libraries in PostgreSQL: what each build came to. The records themselves are in the warehouse. */
import type { Migration } from '#kernel/db/migrate';

export const libraryMigrations: readonly Migration[] = [
  {
    name: 'library/001-build',
    sql: `create schema if not exists library;
    create table library.build (
      seq bigint generated always as identity, library text not null, run text not null, version integer not null,
      entities bigint not null, claims bigint not null, members bigint not null,
      fields jsonb not null, feeds jsonb not null, inputs text not null,
      built_at timestamptz not null,
      primary key (library, run)
    );
    create index build_latest on library.build (library, seq desc);`,
  },
];
