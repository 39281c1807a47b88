/** What a library looks like from outside, without a single value. */
import { fieldsOfLibrary, trustOrder } from '#declare';
import { latestResults } from '#govern';
import type { Snapshot } from '#kernel/documents/documents';
import { Refusal } from '#kernel/errors';
import type { Kernel } from '#kernel/stage';
import { lastBuild, type StoredBuild } from './builds.ts';
import { planLibrary } from './feeds.ts';

/** The overview of one library with its fields and feeds. @throws Refusal LIBRARY_UNKNOWN */
export async function overviewOf(kernel: Kernel, snapshot: Snapshot, id: string) {
  const library = snapshot.find('library', id);
  if (!library) throw new Refusal('LIBRARY_UNKNOWN', { library: id });
  const build = await lastBuild(kernel.db, id);
  const titleOf = (table: string) => {
    const t = snapshot.find('binding', table)?.title;
    return { zh: t?.zh ?? table, en: t?.en ?? t?.zh ?? table };
  };
  const fields = fieldsOfLibrary(library, snapshot.find).map((f) => {
    const { claimed = 0, contested = 0, disagreeing = 0 } = build?.fields.find((x) => x.field === f.name) ?? {};
    return {
      name: f.name,
      title: { zh: f.title.zh, en: f.title.en ?? f.name },
      element: f.element,
      type: f.type,
      sensitivity: f.sensitivity,
      isStrongKey: f.name === library.strongKey,
      trust: trustOrder(library, f.name).map((table) => ({ table, title: titleOf(table) })),
      claimed,
      contested,
      disagreeing,
    };
  });
  return {
    id,
    title: { zh: library.title.zh, en: library.title.en ?? library.title.zh },
    entity: { zh: library.entity.zh, en: library.entity.en ?? library.entity.zh },
    basis: library.basis,
    strongKey: library.strongKey,
    entities: build?.entities ?? 0,
    claims: build?.claims ?? 0,
    members: build?.members ?? 0,
    disagreeing: fields.reduce((n, f) => n + f.disagreeing, 0),
    contested: fields.reduce((n, f) => n + f.contested, 0),
    repeated: build?.feeds.reduce((n, f) => n + (f.repeated ?? 0), 0) ?? 0,
    asOf: build?.feeds.map((f) => f.landedAt).sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
    builtAt: build?.builtAt ?? null,
    state: await stateOf(kernel, snapshot, id, build),
    fields,
    feeds: library.feeds.map((f) => {
      const binding = snapshot.find('binding', f.table);
      const fed = build?.feeds.find((x) => x.table === f.table);
      return {
        table: f.table,
        title: titleOf(f.table),
        department: (binding && snapshot.find('source', binding.source)?.department) ?? null,
        fields: Object.keys(f.map),
        batch: fed?.batch ?? null,
        ordinal: fed?.ordinal ?? null,
        landedAt: fed?.landedAt ?? null,
        rows: fed?.rows ?? null,
        repeated: fed?.repeated ?? null,
      };
    }),
    masking: {
      zh: '控制台里一律脱敏显示；需要原值请申请授权。',
      en: 'Always masked in the console; whoever needs the values asks for a grant.',
    },
  };
}

async function stateOf(
  kernel: Kernel,
  snapshot: Snapshot,
  id: string,
  build: StoredBuild | undefined,
): Promise<'empty' | 'building' | 'behind' | 'good'> {
  const { runs } = await kernel.jobs.list(kernel.db, { about: `library:${id}`, limit: 20, offset: 0 });
  if (runs.some((r) => r.state === 'running' || r.state === 'waiting')) return 'building';
  if (!build) return 'empty';
  return planLibrary(snapshot, id, await latestResults(kernel.db)).inputs === build.inputs ? 'good' : 'behind';
}
