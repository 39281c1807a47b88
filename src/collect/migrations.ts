/** The tables of collecting: the ledger of landed batches, how each source was found, whose each secret is. */
import type { Migration } from '#kernel/db/migrate';

export const collectMigrations: readonly Migration[] = [
  {
    name: 'collect/001-ledger',
    sql: `create schema if not exists collect;
    create table collect.source (
      id text primary key, confirmed_at timestamptz, looked_at timestamptz, columns_seen text[], trouble jsonb, drift jsonb
    );
    create table collect.batch (
      seq bigint generated always as identity primary key,
      source text not null references collect.source, ordinal integer not null, run text not null unique, department text not null,
      object text not null, original text, name text, mode text not null check (mode in ('full', 'incremental')),
      rows_in bigint not null, rows_data bigint not null, rows_refused bigint not null, rows_other bigint not null,
      columns text[] not null, cursor_from text, cursor_to text, receipt jsonb not null, source_version integer not null, landed_at timestamptz not null,
      unique (source, ordinal),
      check (rows_in = rows_data + rows_refused + rows_other)
    );
    create index batch_landed on collect.batch (landed_at desc);`,
  },
  {
    name: 'collect/002-secret-and-mount',
    sql: `create table collect.secret (name text primary key, department text not null);
    create table collect.mount_said (mount text primary key, version integer not null, state text not null, cause text not null, fresh_until timestamptz, said_at timestamptz not null);`,
  },
  {
    name: 'collect/003-upload',
    sql: `create table collect.upload (
      id text primary key, department text not null, made_by text not null, name text not null,
      bytes bigint not null, received bigint not null default 0, original text, run text, reading jsonb, trial jsonb, draft jsonb, source text,
      made_at timestamptz not null, changed_at timestamptz not null,
      check (received between 0 and bytes)
    );
    create index upload_made on collect.upload (made_at desc);
    create table collect.upload_part (
      upload text not null references collect.upload on delete cascade, at bigint not null, bytes bigint not null, object text not null,
      primary key (upload, at)
    );`,
  },
  { name: 'collect/004-upload-adopts', sql: 'alter table collect.upload add column adopts text unique' },
  {
    name: 'collect/005-lateness',
    sql: `alter table collect.mount_said add column source text, add column late_after timestamptz;
    create index mount_said_source on collect.mount_said (source);`,
  },
  { name: 'collect/006-position', sql: 'alter table collect.source add column position jsonb' },
  {
    name: 'collect/007-waiting-edition',
    sql: `alter table collect.batch add column stands text not null default 'accepted' check (stands in ('accepted', 'waiting', 'set-aside')),
      add column answer_by timestamptz, add column reminded_at timestamptz;
    create unique index batch_waiting on collect.batch (source) where stands = 'waiting';`,
  },
  { name: 'collect/008-columns-left', sql: 'alter table collect.source add column columns_left text[]' },
  { name: 'collect/009-cursor-warned', sql: 'alter table collect.source add column cursor_warned jsonb' },
  {
    name: 'collect/010-reconciled',
    sql: 'alter table collect.source add column reconciled jsonb, add column counted_at timestamptz, add column digested_at timestamptz',
  },
  { name: 'collect/011-protection', sql: 'alter table collect.source add column protection jsonb' },
  { name: 'collect/012-round', sql: 'alter table collect.source add column round jsonb' },
  { name: 'collect/013-declined', sql: 'alter table collect.batch add column declined text' },
];
