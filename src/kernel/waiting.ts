/** What waits for somebody: each stage says in one select what of its own waits for them, and one question over all of them counts, orders and pages. */
import { type Limit, type Title, type WorkingDays, workingDays } from '#declare';
import { numbered, type PageOrder, pageFrom, type Sql, seenIn, when } from './db/listing.ts';
import type { Actor, Filter } from './policy/policy.ts';
import type { Kernel } from './stage.ts';

/** A thing that waits. */
export interface Found {
  readonly id: string;
  /** Since when it waits. */
  readonly since: string | null;
  /** The last day on which it is not overdue; null where nothing limits it or its end cannot be counted yet. */
  readonly until: string | null;
  /** Working days it may last; null where nothing limits it. */
  readonly days: number | null;
}

/** How a thing is told. */
export interface Told {
  readonly what: Title;
  /** Why it waits and what is to be done. */
  readonly why: Title;
  /** Where its end comes from. */
  readonly limit: Limit | null;
}

/** One kind of work, declared by the stage whose it is. */
export interface WaitingKind {
  /** Kind of the object, the first word of what facts are about. */
  readonly kind: string;
  readonly title: Title;
  /** A select of id, since, until and days of what waits for the actor and that the actor may see; null where nothing of it can. */
  find(kernel: Kernel, actor: Actor): Promise<Sql | null>;
  /** The words of those on a page. */
  tell(kernel: Kernel, found: readonly Found[], actor: Actor): Promise<ReadonlyMap<string, Told>>;
}

/** Until when a thing may wait, as a day and in working days. */
export interface Due {
  readonly until: string | null;
  readonly days: number | null;
  /** Working days left, 0 on the last day, negative when overdue; null where they cannot be counted. */
  readonly left: number | null;
  /** Its last day is over; on a day off no working day need have gone by since. */
  readonly overdue: boolean;
}

/** How much is left on a day. */
export const dueOn = (calendar: WorkingDays, today: string, { until, days }: Pick<Found, 'until' | 'days'>): Due => ({
  until,
  days,
  left: until === null ? null : (calendar.between(today, until) ?? null),
  overdue: until !== null && until < today,
});

/** Which part of the work is asked for. */
export interface WaitingQuery extends PageOrder {
  readonly kind?: string | undefined;
  readonly due?: 'overdue' | 'soon' | undefined;
}

export interface WaitingRow extends Found, Told, Due {
  readonly kind: string;
  readonly kindTitle: Title;
}

export interface WaitingPage {
  readonly rows: readonly WaitingRow[];
  readonly count: number;
  /** Overdue ones among all that wait, whatever the filters. */
  readonly overdue: number;
  /** Today in the city's zone, and the last year whose working days are known. */
  readonly today: string;
  readonly lastYear: number | null;
}

/** What has so many working days left, or fewer, ends soon. */
const soonDays = 3;

/** Orders of the list. */
export const waitingSorts = { since: 'since', until: 'until' };

/** A page of what waits for somebody: overdue first, then what ends soonest, then what has waited longest. */
export async function waitingFor(kernel: Kernel, kinds: readonly WaitingKind[], actor: Actor, query: WaitingQuery): Promise<WaitingPage> {
  const { db, clock } = kernel;
  const today = clock.today();
  const calendar = workingDays((await kernel.documents.snapshot()).list('calendar'));
  const parts: Sql[] = [];
  for (const { kind, find } of kinds) {
    const found = await find(kernel, actor);
    if (found)
      parts.push([`select ?::text as kind, id::text, since, until::date, days::integer from (${found[0]}) found`, kind, ...found.slice(1)]);
  }
  const none = { today, lastYear: calendar.lastYear ?? null };
  if (parts.length === 0) return { ...none, rows: [], count: 0, overdue: 0 };
  const work: Sql = [`(${parts.map(([text]) => text).join(' union all ')}) w`, ...parts.flatMap(([, ...values]) => values)];
  const { rows, count } = await pageFrom<Found & { kind: string }>(
    db,
    {
      columns: 'kind, id, since::text as since, until, days',
      from: work,
      where: [
        ...when(query.kind, 'kind = ?'),
        ...when(query.due === 'overdue' ? today : undefined, 'until < ?::date'),
        ...when(query.due === 'soon' ? (calendar.after(today, soonDays) ?? today) : undefined, 'until <= ?::date'),
      ],
      sorts: waitingSorts,
      order: 'until asc nulls last, since asc nulls last, kind, id',
    },
    query,
  );
  const late = numbered('select count(*) as n from', work, ['where until < ?::date', today]);
  const told = new Map<string, Told>();
  for (const { kind, tell } of kinds) {
    const mine = rows.filter((r) => r.kind === kind);
    if (mine.length > 0) for (const [id, words] of await tell(kernel, mine, actor)) told.set(`${kind} ${id}`, words);
  }
  return {
    ...none,
    count,
    overdue: (await db.first<{ n: number }>(late.sql, late.params))?.n ?? 0,
    rows: rows.map((r) => ({
      ...r,
      kindTitle: kinds.find((k) => k.kind === r.kind)?.title ?? { zh: r.kind },
      ...dueOn(calendar, today, r),
      ...(told.get(`${r.kind} ${r.id}`) ?? { what: { zh: r.id }, why: { zh: '' }, limit: null }),
    })),
  };
}

/**
 * What waits under a process: things in a state in which a step is the duty of the actor's roles and department. `things` selects id, owner
 * and counterpart of all there are; `seen` is what the policy lets the actor act upon.
 */
export async function waitingUnder(kernel: Kernel, actor: Actor, kind: string, things: string, seen: Filter): Promise<Sql | null> {
  const duties = await kernel.review.duties(kind, actor.roles);
  if (duties.length === 0 || seen.kind === 'none') return null;
  // A state of one version once, whatever several steps ask of the department: or a thing would be found twice.
  const states = [...Map.groupBy(duties, (d) => `${d.process} ${d.version} ${d.state}`).values()].flatMap(([one, ...rest]) =>
    one ? [{ ...one, sides: [one, ...rest].map((d) => d.as) }] : [],
  );
  const column = <T>(pick: (s: (typeof states)[number]) => T): T[] => states.map(pick);
  const policy = seenIn(seen, 't.owner', 't.counterpart');
  return [
    `select t.id, v.since, v.until, v.days
     from unnest(?::text[], ?::integer[], ?::text[], ?::boolean[], ?::boolean[], ?::boolean[]) d(process, version, state, anybody, owner, counterpart)
     join kernel.review v on v.process = d.process and v.version = d.version and v.state = d.state
     join (${things}) t on t.id = substring(v.about from ?::integer)
     where (d.anybody or (d.owner and t.owner = ?) or (d.counterpart and t.counterpart = ?)) and ${policy[0]}`,
    column((s) => s.process),
    column((s) => s.version),
    column((s) => s.state),
    column((s) => s.sides.includes('any')),
    column((s) => s.sides.includes('owner')),
    column((s) => s.sides.includes('counterpart')),
    // What stands behind `<kind>:`, so that the few that wait are looked up by their id and not all things by what is said about them.
    kind.length + 2,
    actor.department,
    actor.department,
    ...policy.slice(1),
  ];
}

/** The words of things under a process. `titleOf` names one. */
export async function tellTurns(
  kernel: Kernel,
  actor: Actor,
  kind: string,
  found: readonly Found[],
  titleOf: (id: string) => Title,
): Promise<ReadonlyMap<string, Told>> {
  const standings = await kernel.review.standings(
    kernel.db,
    found.map((f) => `${kind}:${f.id}`),
  );
  const told = new Map<string, Told>();
  for (const { id } of found) {
    const standing = standings.get(`${kind}:${id}`);
    if (!standing) continue;
    const { state, steps, limit } = await kernel.review.turn(kernel.db, standing, actor.roles);
    const why = {
      zh: `${state.zh}，请办理：${steps.map((s) => s.zh).join('、')}`,
      en: `${state.en ?? state.zh}; to be done: ${steps.map((s) => s.en ?? s.zh).join(', ')}`,
    };
    told.set(id, { what: titleOf(id), why, limit });
  }
  return told;
}
