/** What happened to a thing, told in words: places that hold an id are filled with what the thing is called. */
import type { Title } from '#declare';
import { titleOf } from './about.ts';
import { fill, Refusal } from './errors.ts';
import type { FactTable, StoredFact } from './facts/facts.ts';
import type { Actor } from './policy/policy.ts';
import type { Kernel, TimelineTable } from './stage.ts';

/** One line of a timeline. */
export interface Happening {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly sentence: { readonly zh: string; readonly en: string };
  /** The things that the sentence calls by their title, with their ids. */
  readonly things: readonly { readonly about: string; readonly title: Title }[];
}

/** The facts of an object somebody may be told: null for all of them. @throws Refusal POLICY_DENIED, DOCUMENT_NOT_FOUND */
export async function factsOpenTo(
  kernel: Kernel,
  timelines: TimelineTable,
  actor: Actor,
  about: string,
): Promise<readonly string[] | null> {
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  const timeline = Object.hasOwn(timelines, kind) ? timelines[kind] : undefined;
  if (!timeline) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: '对象', kindEn: 'object', id: about });
  const departments = await timeline.departments(kernel, id);
  if (timeline.open && !kernel.policy.decide(actor, timeline.action, departments).allowed) return timeline.open;
  kernel.policy.demand(actor, timeline.action, departments);
  return null;
}

/** A page of what happened to an object, newest first. @throws Refusal POLICY_DENIED, DOCUMENT_NOT_FOUND */
export async function timelineOf(
  kernel: Kernel,
  parts: { readonly facts: FactTable; readonly timelines: TimelineTable },
  actor: Actor,
  about: string,
  page: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly Happening[]> {
  const open = await factsOpenTo(kernel, parts.timelines, actor, about);
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  const own = await parts.timelines[kind]?.happened?.(kernel, actor, id);
  const facts = own
    ? own.filter((f) => page.before === undefined || f.seq < page.before).slice(0, page.limit)
    : await kernel.facts.timeline(about, page.limit, page.before, open);
  const titles = new Map<string, Title | null>();
  const called = async (thing: string): Promise<Title | null> => {
    if (!titles.has(thing)) titles.set(thing, await titleOf(kernel, parts.timelines, actor, thing));
    return titles.get(thing) ?? null;
  };
  return Promise.all(facts.map((f) => tell(f, parts.facts, called)));
}

/** A fact in words. What a place holds stands as it is where it is no thing, or one that is not theirs to see. */
async function tell(fact: StoredFact, facts: FactTable, called: (thing: string) => Promise<Title | null>): Promise<Happening> {
  const spec = facts[fact.name];
  const zh: Record<string, string> = {};
  const en: Record<string, string> = {};
  const titles = new Map<string, { about: string; title: Title }>();
  for (const [place, value] of Object.entries(fact.body)) {
    const text = String(value ?? '—');
    const kind = spec?.things?.[place];
    const title = kind === undefined ? spec?.words?.[place]?.[text] : await called(`${kind}:${text}`);
    zh[place] = title?.zh ?? text;
    en[place] = title?.en ?? title?.zh ?? text;
    if (kind !== undefined && title) titles.set(place, { about: `${kind}:${text}`, title: { ...title } });
  }
  return {
    seq: fact.seq,
    at: fact.at,
    actor: fact.actor,
    name: fact.name,
    title: { zh: spec?.title.zh ?? fact.name, en: spec?.title.en ?? fact.name },
    sentence: { zh: fill(spec?.sentence.zh ?? '', zh), en: fill(spec?.sentence.en ?? '', en) },
    // In the order of the sentence: the database keeps the places in another.
    things: Object.keys(spec?.things ?? {}).flatMap((place) => titles.get(place) ?? []),
  };
}
