/** The review engine: declared processes decide what a document may do next; every step is kept with its actor and opinion. */

import type { DocumentOf, ProcessStep, Title } from '#declare';
import { evaluate } from '#declare/expr/index';
import type { Clock } from '../clock.ts';
import type { Migration } from '../db/migrate.ts';
import type { Db, Transaction } from '../db/pool.ts';
import type { Documents } from '../documents/documents.ts';
import { defineErrors, Refusal } from '../errors.ts';
import type { Actor } from '../policy/policy.ts';

/** The thing under review as the engine sees it. */
export interface Reviewed {
  /** `<kind>:<id>`. */
  readonly about: string;
  /** The department it belongs to, and the one it concerns. */
  readonly owner: string;
  readonly counterpart: string | null;
  /** Facts a process's own conditions may name, as text. */
  readonly facts: Readonly<Record<string, string | null>>;
}

export interface Standing {
  readonly process: string;
  readonly version: number;
  readonly state: string;
  readonly since: string;
}

export interface StepTaken {
  readonly seq: number;
  readonly step: string;
  readonly title: Title;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly opinion: string;
  readonly at: string;
}

/** What an actor may do next, and why not where not. */
export interface OfferedStep {
  readonly id: string;
  readonly title: Title;
  readonly opinion: 'required' | 'optional';
  readonly allowed: boolean;
  readonly reason: Title;
}

export interface Review {
  /** Puts a thing at the start of its process and takes the steps the machine takes by itself. Returns the states passed. */
  begin(tx: Transaction, process: string, thing: Reviewed, actor: string): Promise<readonly string[]>;
  /** Takes a step. @throws Refusal REVIEW_STEP_REFUSED, REVIEW_OPINION_MISSING. Returns the states passed, the machine's own steps included. */
  take(tx: Transaction, thing: Reviewed, step: string, actor: Actor, opinion: string): Promise<readonly string[]>;
  standing(db: Db, about: string): Promise<Standing | undefined>;
  /** States of many things at once. */
  standings(db: Db, abouts: readonly string[]): Promise<ReadonlyMap<string, Standing>>;
  offered(db: Db, thing: Reviewed, actor: Actor): Promise<readonly OfferedStep[]>;
  history(db: Db, about: string): Promise<readonly StepTaken[]>;
}

defineErrors({
  REVIEW_STEP_REFUSED: {
    status: 409,
    zh: '现在不能“{step}”：{reason}',
    en: "'{step}' cannot be done now: {reasonEn}",
    hint: { zh: '请刷新页面查看当前状态。', en: 'Reload to see the present state.' },
  },
  REVIEW_OPINION_MISSING: {
    status: 422,
    zh: '“{step}”必须写明意见',
    en: "'{step}' needs an opinion",
    hint: { zh: '请写明理由，申请部门会看到。', en: 'State the reason; the other side will see it.' },
  },
  REVIEW_NOT_BEGUN: {
    status: 404,
    zh: '“{about}”不在任何流程中',
    en: "'{about}' is in no process",
    hint: { zh: '请核对编号。', en: 'Check the id.' },
  },
});

export const reviewMigrations: readonly Migration[] = [
  {
    name: 'kernel/004-review',
    sql: `create table kernel.review (
      about text primary key, process text not null, version integer not null, state text not null, since timestamptz not null
    );
    create index review_state on kernel.review (process, state);
    create table kernel.review_step (
      seq bigint generated always as identity primary key,
      about text not null references kernel.review, step text not null, from_state text not null, to_state text not null,
      actor text not null, opinion text not null, at timestamptz not null
    );
    create index review_step_about on kernel.review_step (about, seq);`,
  },
];

/** The machine's own name in a history. */
export const machine = 'machine';

/** The review engine over the documents' processes. A thing keeps the version of the process it began under. */
export function createReview(documents: Documents, clock: Clock): Review {
  const processOf = (db: Db, s: Standing): Promise<DocumentOf<'process'>> => documents.version('process', s.process, s.version, db);
  const standing = (db: Db, about: string, lock = '') =>
    db.first<Standing>(`select process, version, state, since::text as since from kernel.review where about = $1 ${lock}`, [about]);

  const move = async (tx: Transaction, about: string, from: string, step: ProcessStep, actor: string, opinion: string): Promise<void> => {
    await tx.run('update kernel.review set state = $2, since = $3 where about = $1', [about, step.to, clock.now()]);
    await tx.run(
      'insert into kernel.review_step (about, step, from_state, to_state, actor, opinion, at) values ($1, $2, $3, $4, $5, $6, $7)',
      [about, step.id, from, step.to, actor, opinion, clock.now()],
    );
  };
  const settle = async (tx: Transaction, thing: Reviewed, process: DocumentOf<'process'>, from: string): Promise<string[]> => {
    const passed: string[] = [];
    for (let state = from; passed.length <= process.steps.length; ) {
      const own = process.steps.find(
        (s) => s.itself && s.from.includes(state) && evaluate(s.itself, thing.facts, { today: clock.today(), codeList: () => [] }) === true,
      );
      if (!own) return passed;
      await move(tx, thing.about, state, own, machine, '');
      passed.push(own.to);
      state = own.to;
    }
    throw new Error(`process ${process.id} runs in a circle by itself`);
  };
  const verdict = (step: ProcessStep, thing: Reviewed, actor: Actor): Title | null => {
    if (!actor.roles.some((r) => step.by.includes(r))) return { zh: '您的角色不办这一步', en: 'your role does not take this step' };
    if (step.as === 'owner' && actor.department !== thing.owner)
      return { zh: '这一步由提供部门办理', en: 'this step is for the owning department' };
    if (step.as === 'counterpart' && actor.department !== thing.counterpart)
      return { zh: '这一步由申请部门办理', en: 'this step is for the requesting department' };
    return null;
  };

  return {
    standing,
    async standings(db, abouts) {
      const rows = await db.rows<Standing & { about: string }>(
        'select about, process, version, state, since::text as since from kernel.review where about = any($1)',
        [abouts],
      );
      return new Map(rows.map((r) => [r.about, r]));
    },
    async begin(tx, processId, thing, actor) {
      const snapshot = await documents.snapshot(tx);
      const process = snapshot.get('process', processId);
      const version = snapshot.head('process', processId)?.version ?? 1;
      await tx.run('insert into kernel.review (about, process, version, state, since) values ($1, $2, $3, $4, $5)', [
        thing.about,
        processId,
        version,
        process.start,
        clock.now(),
      ]);
      await tx.run(
        `insert into kernel.review_step (about, step, from_state, to_state, actor, opinion, at) values ($1, 'begin', $2, $2, $3, '', $4)`,
        [thing.about, process.start, actor, clock.now()],
      );
      return [process.start, ...(await settle(tx, thing, process, process.start))];
    },
    async take(tx, thing, stepId, actor, opinion) {
      const now = await standing(tx, thing.about, 'for update');
      if (!now) throw new Refusal('REVIEW_NOT_BEGUN', { about: thing.about });
      const process = await processOf(tx, now);
      const named = process.steps.find((s) => s.id === stepId);
      const step = process.steps.find((s) => s.id === stepId && s.from.includes(now.state) && s.by.length > 0);
      if (!step) {
        const state = process.states.find((s) => s.id === now.state)?.title ?? { zh: now.state };
        throw new Refusal('REVIEW_STEP_REFUSED', {
          step: named?.title.zh ?? stepId,
          reason: `当前状态是“${state.zh}”`,
          reasonEn: `it is '${state.en ?? state.zh}'`,
        });
      }
      const no = verdict(step, thing, actor);
      if (no) throw new Refusal('REVIEW_STEP_REFUSED', { step: step.title.zh, reason: no.zh, reasonEn: no.en ?? '' });
      if (step.opinion === 'required' && opinion.trim().length < 2) throw new Refusal('REVIEW_OPINION_MISSING', { step: step.title.zh });
      await move(tx, thing.about, now.state, step, actor.user, opinion.trim());
      return [step.to, ...(await settle(tx, thing, process, step.to))];
    },
    async offered(db, thing, actor) {
      const now = await standing(db, thing.about);
      if (!now) return [];
      const process = await processOf(db, now);
      return process.steps
        .filter((s) => s.from.includes(now.state) && s.by.length > 0)
        .map((s) => {
          const no = verdict(s, thing, actor);
          return {
            id: s.id,
            title: s.title,
            opinion: s.opinion,
            allowed: no === null,
            reason: no ?? { zh: '可以办理', en: 'may be done' },
          };
        });
    },
    async history(db, about) {
      const now = await standing(db, about);
      if (!now) return [];
      const process = await processOf(db, now);
      const rows = await db.rows<Omit<StepTaken, 'title'>>(
        'select seq, step, from_state as "from", to_state as "to", actor, opinion, at::text as at from kernel.review_step where about = $1 order by seq',
        [about],
      );
      return rows.map((r) => ({ ...r, title: process.steps.find((s) => s.id === r.step)?.title ?? { zh: '建立', en: 'begun' } }));
    },
  };
}
