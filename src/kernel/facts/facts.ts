/** Facts: what happened, said once by the stage that saw it, in the transaction that made it so. The timeline of every object is its facts. */

import type { Title } from '#declare';
import type { Migration } from '../db/migrate.ts';
import type { Db, Transaction } from '../db/pool.ts';

/** A kind of fact, declared by the stage that publishes it. `{name}` of the sentence is filled from the body. */
export interface FactSpec {
  readonly title: Title;
  readonly sentence: { readonly zh: string; readonly en: string };
  /** Places of the sentence that hold the id of a thing, with its kind: they are filled with what it is called. */
  readonly things?: Readonly<Record<string, string>>;
  /** Places that hold a word of ours, with what it is in words. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, { readonly zh: string; readonly en: string }>>>>;
}
export type FactTable = Readonly<Record<string, FactSpec>>;

/** A fact about one object. */
export interface Fact {
  readonly name: string;
  /** What it is about, `<kind>:<id>`. */
  readonly about: string;
  readonly actor: string;
  readonly body: Readonly<Record<string, string | number | boolean | null>>;
}

export interface StoredFact extends Fact {
  readonly seq: number;
  readonly at: string;
}

/** A stage downstream of the one that said it hears a fact; called at least once, so it must be repeatable. */
export interface Subscription {
  readonly fact: string;
  /** Unique name of the hearer. */
  readonly by: string;
  hear(fact: StoredFact): Promise<void>;
}

export interface Facts {
  /** Says a fact inside the transaction that makes it true; its hearers are told after the commit, by the worker. */
  publish(tx: Transaction, fact: Fact): Promise<void>;
  /** What happened to an object, newest first; `names`: only facts of these names. */
  timeline(about: string, limit: number, before?: number, names?: readonly string[] | null): Promise<readonly StoredFact[]>;
  /** What happened with a batch, whatever it was said about, newest first. */
  ofBatch(batch: number, limit: number): Promise<readonly StoredFact[]>;
}

export const factMigrations: readonly Migration[] = [
  {
    name: 'kernel/001-fact',
    sql: `create table kernel.fact (
      seq bigint generated always as identity primary key,
      name text not null,
      about text not null,
      actor text not null,
      at timestamptz not null,
      body jsonb not null
    );
    create index fact_about on kernel.fact (about, seq desc);`,
  },
  {
    name: 'kernel/010-fact-batch',
    sql: `create index fact_batch on kernel.fact ((body ->> 'batch'), seq desc) where body ? 'batch'`,
  },
];

/** The facts of this process. `hearers` says who wants which fact. */
export function createFacts(db: Db, hearers: () => readonly Subscription[], now: () => Date): Facts {
  return {
    async publish(tx, fact) {
      const stored = await tx.first<{ seq: number }>(
        'insert into kernel.fact (name, about, actor, at, body) values ($1, $2, $3, $4, $5) returning seq',
        [fact.name, fact.about, fact.actor, now(), JSON.stringify(fact.body)],
      );
      for (const hearer of hearers().filter((h) => h.fact === fact.name))
        await tx.run(`select graphile_worker.add_job('hear', json_build_object('seq', $1::bigint, 'by', $2::text))`, [
          stored?.seq,
          hearer.by,
        ]);
    },
    timeline: (about, limit, before, names) =>
      db.rows<StoredFact>(
        `select seq, name, about, actor, at::text as at, body from kernel.fact where about = $1 and seq < $2 and ($4::text[] is null or name = any($4)) order by seq desc limit $3`,
        [about, before ?? Number.MAX_SAFE_INTEGER, limit, names ?? null],
      ),
    ofBatch: (batch, limit) =>
      db.rows<StoredFact>(
        `select seq, name, about, actor, at::text as at, body from kernel.fact where body ? 'batch' and body ->> 'batch' = $1 order by seq desc limit $2`,
        [String(batch), limit],
      ),
  };
}
