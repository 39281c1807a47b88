/** The review engine: declared processes decide what a document may do next; every step is kept with its actor and opinion. */

import { type DocumentOf, type Limit, type ProcessStep, type Title, workingDays } from '#declare';
import { evaluate } from '#declare/expr/index';
import { type Clock, dayOf } from '../clock.ts';
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
  /** Working days the state may last; null where nothing limits it. */
  readonly days: number | null;
  /** The last of them; null where nothing limits it, or where they run into a year whose working days are not known. */
  readonly until: string | null;
}

/** A state in which it is somebody's turn. */
export interface Duty {
  readonly process: string;
  readonly version: number;
  readonly state: string;
  /** What the department must be to the thing. */
  readonly as: ProcessStep['as'];
}

/** Whose turn it is, in words. */
export interface Turn {
  readonly state: Title;
  readonly steps: readonly Title[];
  readonly limit: Limit | null;
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
  /** Takes a step. @throws Refusal REVIEW_STEP_REFUSED, REVIEW_STEP_NOT_YOURS, REVIEW_OPINION_MISSING. Returns the states passed, the machine's own steps included. */
  take(tx: Transaction, thing: Reviewed, step: string, actor: Actor, opinion: string): Promise<readonly string[]>;
  standing(db: Db, about: string): Promise<Standing | undefined>;
  /** States of many things at once. */
  standings(db: Db, abouts: readonly string[]): Promise<ReadonlyMap<string, Standing>>;
  offered(db: Db, thing: Reviewed, actor: Actor): Promise<readonly OfferedStep[]>;
  history(db: Db, about: string): Promise<readonly StepTaken[]>;
  /** The states in which it is the turn of these roles, over every version of every process of one kind of thing. */
  duties(kind: string, roles: readonly string[]): Promise<readonly Duty[]>;
  /** What is to be done in a state: its words, the steps that are the duty of these roles, and the limit it stands under. */
  turn(db: Db, standing: Standing, roles: readonly string[]): Promise<Turn>;
}

defineErrors({
  REVIEW_STEP_REFUSED: {
    status: 409,
    zh: '现在不能“{step}”：{reason}',
    en: "'{stepEn}' cannot be done now: {reasonEn}",
    hint: { zh: '请刷新页面查看当前状态。', en: 'Reload to see the present state.' },
  },
  REVIEW_STEP_NOT_YOURS: {
    status: 403,
    zh: '您不能“{step}”：{reason}',
    en: "You may not '{stepEn}': {reasonEn}",
    hint: { zh: '请由能办这一步的人办理。', en: 'Leave it to who may take this step.' },
  },
  REVIEW_OPINION_MISSING: {
    status: 422,
    zh: '“{step}”必须写明意见',
    en: "'{stepEn}' needs an opinion",
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
  {
    name: 'kernel/008-review-limit',
    sql: 'alter table kernel.review add column days integer, add column until date;',
  },
];

/** The machine's own name in a history. */
export const machine = 'machine';

const standingColumns = 'process, version, state, since::text as since, days, until';

/** The limit that holds for a state entered on a day. */
const limitOn = (process: DocumentOf<'process'>, state: string, day: string): Limit | undefined =>
  process.states.find((s) => s.id === state)?.limits.find((l) => l.validFrom <= day && (l.validTo === null || day <= l.validTo));

/** A calendar that takes force says until when what it makes countable may last. What was counted before keeps its day. */
async function recount(tx: Transaction, calendars: readonly DocumentOf<'calendar'>[]): Promise<void> {
  const known = workingDays(calendars);
  const open = await tx.rows<{ about: string; days: number; since: string }>(
    'select about, days, since::text as since from kernel.review where days is not null and until is null for update',
  );
  for (const { about, days, since } of open) {
    const until = known.after(dayOf(instantOf(since)), days);
    if (until !== undefined) await tx.run('update kernel.review set until = $2 where about = $1', [about, until]);
  }
}

const enOf = (title: Title): string => title.en ?? title.zh;

/** The instant of a timestamp as PostgreSQL writes it. */
const instantOf = (text: string): Date => new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));

/** The review engine over the documents' processes. A thing keeps the version of the process it began under. */
export function createReview(documents: Documents, clock: Clock): Review {
  const processOf = (db: Db, s: Standing): Promise<DocumentOf<'process'>> => documents.version('process', s.process, s.version, db);
  const standing = (db: Db, about: string, lock = '') =>
    db.first<Standing>(`select ${standingColumns} from kernel.review where about = $1 ${lock}`, [about]);

  documents.guard(async (change, tx) => {
    if (change.kind !== 'calendar') return;
    const next = change.next as DocumentOf<'calendar'>;
    await recount(tx, [...change.snapshot.list('calendar').filter((c) => c.id !== next.id), next]);
  });
  /** Since when and until when a state entered now lasts. */
  const entered = async (tx: Transaction, process: DocumentOf<'process'>, state: string) => {
    const days = limitOn(process, state, clock.today())?.days ?? null;
    const until = days === null ? null : (workingDays((await documents.snapshot(tx)).list('calendar')).after(clock.today(), days) ?? null);
    return [clock.now(), days, until] as const;
  };
  const move = async (
    tx: Transaction,
    process: DocumentOf<'process'>,
    about: string,
    from: string,
    step: ProcessStep,
    actor: string,
    opinion: string,
  ): Promise<void> => {
    await tx.run('update kernel.review set state = $2, since = $3, days = $4, until = $5 where about = $1', [
      about,
      step.to,
      ...(await entered(tx, process, step.to)),
    ]);
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
      await move(tx, process, thing.about, state, own, machine, '');
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
        `select about, ${standingColumns} from kernel.review where about = any($1)`,
        [abouts],
      );
      return new Map(rows.map((r) => [r.about, r]));
    },
    async begin(tx, processId, thing, actor) {
      const snapshot = await documents.snapshot(tx);
      const process = snapshot.get('process', processId);
      const version = snapshot.head('process', processId)?.version ?? 1;
      await tx.run('insert into kernel.review (about, process, version, state, since, days, until) values ($1, $2, $3, $4, $5, $6, $7)', [
        thing.about,
        processId,
        version,
        process.start,
        ...(await entered(tx, process, process.start)),
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
          stepEn: named ? enOf(named.title) : stepId,
          reason: `当前状态是“${state.zh}”`,
          reasonEn: `it is '${enOf(state)}'`,
        });
      }
      const no = verdict(step, thing, actor);
      if (no)
        throw new Refusal('REVIEW_STEP_NOT_YOURS', { step: step.title.zh, stepEn: enOf(step.title), reason: no.zh, reasonEn: enOf(no) });
      if (step.opinion === 'required' && opinion.trim().length < 2)
        throw new Refusal('REVIEW_OPINION_MISSING', { step: step.title.zh, stepEn: enOf(step.title) });
      await move(tx, process, thing.about, now.state, step, actor.user, opinion.trim());
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
    async duties(kind, roles) {
      const found = new Map<string, Duty>();
      const processes = (await documents.snapshot()).list('process').filter((p) => p.of === kind);
      for (const { id } of processes)
        for (const { version } of await documents.history('process', id)) {
          const process = await documents.version('process', id, version);
          for (const state of process.states.filter((s) => s.tone === 'waiting' || s.tone === 'refused'))
            for (const { as } of process.steps.filter((s) => s.duty && s.from.includes(state.id) && s.by.some((r) => roles.includes(r))))
              found.set(`${id} ${version} ${state.id} ${as}`, { process: id, version, state: state.id, as });
        }
      return [...found.values()];
    },
    async turn(db, now, roles) {
      const process = await processOf(db, now);
      return {
        state: process.states.find((s) => s.id === now.state)?.title ?? { zh: now.state },
        steps: process.steps.filter((s) => s.duty && s.from.includes(now.state) && s.by.some((r) => roles.includes(r))).map((s) => s.title),
        limit: limitOn(process, now.state, dayOf(instantOf(now.since))) ?? null,
      };
    },
  };
}
