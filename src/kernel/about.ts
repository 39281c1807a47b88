/** What things are called, by what facts and runs say they are about: `<kind>:<id>`. */
import { isDocumentKind, type Title } from '#declare';
import type { Actor } from './policy/policy.ts';
import type { Kernel, TimelineTable } from './stage.ts';

/** Something that is about a thing of a department's. */
interface About {
  readonly about: string;
  readonly department: string | null;
}

/** Titles of things whose kind the actor may see, in the own department where they see no further. What has none, or is not theirs to see, is left out. */
export async function titlesOf(
  kernel: Kernel,
  timelines: TimelineTable,
  actor: Actor,
  things: readonly About[],
): Promise<ReadonlyMap<string, Title>> {
  const snapshot = await kernel.documents.snapshot();
  const titles = new Map<string, Title>();
  const others = new Map<string, string[]>();
  for (const { about, department } of things) {
    const [kind = '', id = ''] = about.split(/:(.*)/s);
    const timeline = Object.hasOwn(timelines, kind) ? timelines[kind] : undefined;
    if (!timeline) continue;
    const seen = kernel.policy.filter(actor, timeline.action);
    if (seen.kind === 'none' || (seen.kind === 'department' && seen.department !== department)) continue;
    if (timeline.titles) others.set(kind, [...(others.get(kind) ?? []), id]);
    const document = kind === 'table' ? 'binding' : kind;
    const found = isDocumentKind(document) ? snapshot.find(document, id) : undefined;
    if (found && 'title' in found) titles.set(about, found.title);
  }
  for (const [kind, ids] of others)
    for (const [id, title] of (await timelines[kind]?.titles?.(kernel, ids)) ?? []) titles.set(`${kind}:${id}`, title);
  return titles;
}

/** The title of one thing that the actor may see; departments are known to everybody. Null where it has none, or is not theirs to see. */
export async function titleOf(kernel: Kernel, timelines: TimelineTable, actor: Actor, about: string): Promise<Title | null> {
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  if (kind === 'department') {
    const found = (await kernel.identity.departments()).find((d) => d.id === id);
    return found ? { zh: found.title, en: found.titleEn } : null;
  }
  const timeline = Object.hasOwn(timelines, kind) ? timelines[kind] : undefined;
  const departments = await timeline?.departments(kernel, id);
  // Of several departments it concerns one lets its own see it.
  const seen = [...(departments?.length ? departments : [null])];
  const titles = await Promise.all(seen.map((department) => titlesOf(kernel, timelines, actor, [{ about, department }])));
  return titles.map((t) => t.get(about)).find((t) => t !== undefined) ?? null;
}
