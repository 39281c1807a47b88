/** The tables of the catalog: where each entry stands, what is searched, the codes given out, and how each mount was found. */
import type { Migration } from '#kernel/db/migrate';

export const catalogMigrations: readonly Migration[] = [
  {
    name: 'catalog/001-entry',
    sql: `create schema if not exists catalog;
    create table catalog.entry (
      id text primary key, department text not null, state text not null, published_version integer, published_at timestamptz, changed_at timestamptz not null
    );
    create index entry_department on catalog.entry (department);
    create function catalog.bigrams(t text) returns text[] language sql immutable strict parallel safe as $$
      select coalesce(array_agg(distinct pair), '{}')
      from (select letter || lead(letter) over (order by n) as pair from unnest(string_to_array(t, null)) with ordinality as u(letter, n)) p
      where pair is not null
    $$;
    create table catalog.face (
      entry text not null references catalog.entry, kind text not null check (kind in ('head', 'published')), version integer not null,
      department text not null, state text not null, share_type text not null,
      title text not null, items text not null, words text not null,
      grams text[] not null generated always as (catalog.bigrams(words)) stored,
      primary key (entry, kind)
    );
    create index face_grams on catalog.face using gin (grams) with (fastupdate = off);
    create index face_department on catalog.face (department, kind);`,
  },
  {
    name: 'catalog/002-resource-code',
    sql: `create table catalog.category (class text not null, category text not null, number integer not null, primary key (class, category), unique (class, number));
    create table catalog.code_sequence (prefix text primary key, last bigint not null);
    create table catalog.resource_code (code text primary key, entry text not null unique references catalog.entry, assigned_at timestamptz not null);`,
  },
  {
    name: 'catalog/003-mount',
    sql: `create table catalog.mount (
      id text primary key, entry text not null references catalog.entry, source text not null, version integer not null, declared_at timestamptz not null,
      state text not null check (state in ('unknown', 'bound', 'drifted', 'stale', 'broken')),
      cause text not null, cause_en text not null, fresh_until timestamptz, probed_at timestamptz, fact bigint not null
    );
    create index mount_entry on catalog.mount (entry);`,
  },
];
