/** What a library is built from at one moment: its feeds that have been governed, each with its fields and what it contributes. */
import { type FieldType, fieldsOfBinding, fieldsOfLibrary, type Library, type SeenField, trustOrder } from '#declare';
import type { StoredResult } from '#govern';
import { digestOf, type Snapshot } from '#kernel/documents/documents';

/** One governed table that feeds a library. */
export interface Feed {
  readonly table: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly department: string;
  /** Library field → governed column with its type. */
  readonly map: ReadonlyMap<string, { readonly column: string; readonly type: FieldType }>;
  /** Its rows come as they were written, not as one list. */
  readonly isIncremental: boolean;
  /** Column whose greatest value is the latest word, with its type; null: the latest delivery is. */
  readonly newest: { readonly column: string; readonly type: FieldType } | null;
  /** Its table keeps the instants by which changes of one day are ordered. */
  readonly hasMoment: boolean;
  /** Its newest governed batch. */
  readonly latest: StoredResult;
}

export interface LibraryPlan {
  readonly library: Library;
  readonly version: number;
  readonly fields: readonly SeenField[];
  readonly feeds: readonly Feed[];
  /** Field → tables that feed it, most trusted first. */
  readonly trust: ReadonlyMap<string, readonly string[]>;
  /** Digest over everything the build reads: the same inputs give the same records. */
  readonly inputs: string;
}

/**
 * The plan of a library; a feed whose table does not exist yet, or of which nothing was governed, is left out until it is.
 * @param held the tables the warehouse holds now, and whether each has moments: after its file was lost they come back one by one
 */
export function planLibrary(
  snapshot: Snapshot,
  id: string,
  latest: readonly StoredResult[],
  held?: ReadonlyMap<string, boolean>,
): LibraryPlan {
  const library = snapshot.get('library', id);
  const version = snapshot.head('library', id)?.version ?? 0;
  const feeds = library.feeds.flatMap((f): Feed[] => {
    const binding = snapshot.find('binding', f.table);
    const result = latest.find((r) => r.table === f.table);
    if (!binding || !result || held?.has(f.table) === false) return [];
    const source = snapshot.get('source', binding.source);
    const columns = fieldsOfBinding(binding, snapshot.find);
    const typed = (name: string): { column: string; type: FieldType } | undefined => {
      const found = columns.find((c) => c.name === name);
      return found && { column: name, type: found.type };
    };
    const map = new Map(
      Object.entries(f.map).flatMap(([field, column]) => {
        const t = typed(column);
        return t ? [[field, t] as const] : [];
      }),
    );
    if (!map.has(library.strongKey)) return [];
    return [
      {
        table: f.table,
        title: { zh: binding.title.zh, en: binding.title.en ?? binding.title.zh },
        department: source.department,
        map,
        newest: (binding.newest && typed(binding.newest)) || null,
        hasMoment: held?.get(f.table) ?? false,
        isIncremental: result.mode === 'incremental',
        latest: result,
      },
    ];
  });
  const trust = new Map(library.fields.map((f) => [f.name, trustOrder(library, f.name)]));
  const inputs = digestOf([library, feeds.map((f) => [f.table, [...f.map], f.newest, f.latest.batch, f.latest.revision])]);
  return { library, version, fields: fieldsOfLibrary(library, snapshot.find), feeds, trust, inputs };
}

/** Departments that feed a library, whether or not they have delivered. */
export function feedingDepartments(snapshot: Snapshot, library: Library): readonly string[] {
  return [
    ...new Set(
      library.feeds.flatMap((f) => {
        const b = snapshot.find('binding', f.table);
        return b ? [snapshot.get('source', b.source).department] : [];
      }),
    ),
  ];
}
