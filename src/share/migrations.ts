/** Tables of sharing. A grant's content is a document; what can happen to it afterwards (revocation, keys) is kept here. */
import type { Migration } from '#kernel/db/migrate';

export const shareMigrations: readonly Migration[] = [
  {
    name: 'share/001-request-grant-key',
    sql: `create schema if not exists share;
    create table share.request (
      id text primary key, service text not null, consumer text not null, provider text not null, made_by text not null, made_at timestamptz not null
    );
    create index request_consumer on share.request (consumer, made_at desc);
    create index request_provider on share.request (provider, made_at desc);
    create table share.grant_state (
      id text primary key, request text not null unique references share.request, service text not null, service_version integer not null,
      consumer text not null, provider text not null, valid_from date not null, valid_to date not null,
      digest text not null, seal jsonb not null, made_by text not null, made_at timestamptz not null,
      revoked_at timestamptz, revoked_by text, revoked_because text,
      check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_because is null))
    );
    create index grant_service on share.grant_state (service, service_version);
    create index grant_consumer on share.grant_state (consumer);
    create index grant_provider on share.grant_state (provider);
    create table share.key (
      id text primary key, grant_id text not null references share.grant_state, name text not null, hash bytea not null,
      made_by text not null, made_at timestamptz not null
    );
    create index key_grant on share.key (grant_id);`,
  },
  {
    name: 'share/002-serving',
    sql: `create schema if not exists serving;
    create table share.published (
      service text not null, version integer not null, columns jsonb not null, rows bigint not null, publication bigint not null, at timestamptz not null,
      primary key (service, version)
    );
    create sequence share.publication;
    create table share.outbox (
      seq bigint generated always as identity primary key, publication bigint not null, service text not null, version integer not null,
      op text not null check (op in ('insert', 'update', 'delete')), key text not null, at timestamptz not null
    );
    create index outbox_service on share.outbox (service, version, seq);`,
  },
  {
    // Numbers are kept to sixteen places; a serving table of before rounded them to ten.
    name: 'share/003-kept-numbers',
    sql: `do $$ declare c record; begin
      for c in select table_name, column_name from information_schema.columns
        where table_schema = 'serving' and data_type = 'numeric' and numeric_precision = 27 and numeric_scale = 10
      loop execute format('alter table serving.%I alter column %I type numeric(38,16)', c.table_name, c.column_name); end loop;
    end $$;`,
  },
];
