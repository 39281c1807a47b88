/** What waits for somebody: each stage says in one select what of its own waits for them, and one question over all of them counts, orders and pages. */
import { type Limit, type Title, type WorkingDays, workingDays } from '#declare';
import { conditions, numbered, orderOf, type PageOrder, type Sql, seenIn, when } from './db/listing.ts';
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

/** What one statement answers: the page, how many there are under the filters, how many are overdue of all. */
interface Counted {
  readonly count: number;
  readonly overdue: number;
  readonly rows: readonly (Found & { readonly kind: string })[];
}

/** A page of what waits for somebody: overdue first, then what ends soonest, then what has waited longest. */
export async function waitingFor(given: Kernel, kinds: readonly WaitingKind[], actor: Actor, query: WaitingQuery): Promise<WaitingPage> {
  // One look at the documents for all stages: each would ask for the heads of them all again.
  const snapshot = await given.documents.snapshot();
  const kernel: Kernel = { ...given, documents: { ...given.documents, snapshot: async () => snapshot } };
  const today = kernel.clock.today();
  const calendar = workingDays(snapshot.list('calendar'));
  const parts: Sql[] = [];
  for (const { kind, find } of kinds) {
    const found = await find(kernel, actor);
    if (found)
      parts.push([`select ?::text as kind, id::text, since, until::date, days::integer from (${found[0]}) found`, kind, ...found.slice(1)]);
  }
  const none = { today, lastYear: calendar.lastYear ?? null };
  if (parts.length === 0) return { ...none, rows: [], count: 0, overdue: 0 };
  const { rows, count, overdue } = await counted(kernel, parts, calendar, today, query);
  const told = new Map<string, Told>();
  for (const { kind, tell } of kinds) {
    const mine = rows.filter((r) => r.kind === kind);
    if (mine.length > 0) for (const [id, words] of await tell(kernel, mine, actor)) told.set(`${kind} ${id}`, words);
  }
  return {
    ...none,
    count,
    overdue,
    rows: rows.map((r) => ({
      ...r,
      kindTitle: kinds.find((k) => k.kind === r.kind)?.title ?? { zh: r.kind },
      ...dueOn(calendar, today, r),
      ...(told.get(`${r.kind} ${r.id}`) ?? { what: { zh: r.id }, why: { zh: '' }, limit: null }),
    })),
  };
}

/** Finds once what the page, its count and the number of overdue are read from: found three times it took three times as long. */
async function counted(kernel: Kernel, parts: readonly Sql[], calendar: WorkingDays, today: string, query: WaitingQuery): Promise<Counted> {
  const work: Sql = [parts.map(([text]) => text).join(' union all '), ...parts.flatMap(([, ...values]) => values)];
  const where: readonly Sql[] = [
    ...when(query.kind, 'kind = ?'),
    ...when(query.due === 'overdue' ? today : undefined, 'until < ?::date'),
    ...when(query.due === 'soon' ? (calendar.after(today, soonDays) ?? today) : undefined, 'until <= ?::date'),
  ];
  const { sql, params } = numbered(
    'with work as materialized (',
    work,
    '), asked as (select * from work where',
    conditions(where),
    `), page as (select row_number() over () as place, p.* from (select kind, id, since::text as since, until::text as until, days from asked`,
    orderOf({ sorts: waitingSorts, order: 'until asc nulls last, since asc nulls last, kind, id' }, query.sort),
    ['limit ? offset ?) p)', query.limit, query.offset],
    [
      `select (select count(*)::integer from asked) as count, (select count(*)::integer from work where until < ?::date) as overdue,
         coalesce((select json_agg(page order by place) from page), '[]') as rows`,
      today,
    ],
  );
  const found = await kernel.db.first<Counted>(sql, params);
  return {
    count: found?.count ?? 0,
    overdue: found?.overdue ?? 0,
    rows: (found?.rows ?? []).map(({ kind, id, since, until, days }) => ({ kind, id, since, until, days })),
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
  const policy = seenIn(seen, 't.owner', 't.counterpart');
  // The states stand in the condition and not in a list that is joined: only so the planner knows how few are in them.
  const turns = states.map((s): Sql => {
    const sides: Sql[] = s.sides.includes('any')
      ? [['true']]
      : [
          ...(s.sides.includes('owner') ? [['t.owner = ?', actor.department] as const] : []),
          ...(s.sides.includes('counterpart') ? [['t.counterpart = ?', actor.department] as const] : []),
        ];
    return [
      `v.process = ? and v.version = ? and v.state = ? and (${sides.map(([text]) => text).join(' or ')})`,
      s.process,
      s.version,
      s.state,
      ...sides.flatMap(([, ...values]) => values),
    ];
  });
  const inStates: Sql = [
    `v.process = any(?::text[]) and v.state = any(?::text[])`,
    [...new Set(states.map((s) => s.process))],
    [...new Set(states.map((s) => s.state))],
  ];
  return [
    `select t.id, v.since, v.until, v.days from kernel.review v join (${things}) t on t.id = substring(v.about from ?::integer)
     where ${inStates[0]} and (${turns.map(([text]) => `(${text})`).join(' or ')}) and ${policy[0]}`,
    // What stands behind `<kind>:`, so that the few that wait are looked up by their id and not all things by what is said about them.
    kind.length + 2,
    ...inStates.slice(1),
    ...turns.flatMap(([, ...values]) => values),
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
