/** Whether an upload is a newer edition of something the department delivers already. */
import type { Upload } from '#collect';
import { asDeclared, type Binding } from '#declare';
import type { Snapshot } from '#kernel/documents/documents';
import { readsUnits, unitNamed, worthOf } from '../named-unit.ts';
import type { Words } from '../plan.ts';
import { shareOf } from './choose.ts';
import type { ProposedColumn } from './proposal.ts';

export interface Edition {
  readonly source: string;
  readonly title: string;
  /** Columns that both have. */
  readonly same: number;
  /** Columns that the source does not have. */
  readonly added: readonly string[];
  /** Columns of the source that the upload does not have. */
  readonly missing: readonly string[];
  /** True when the columns that both have stand in another order. */
  readonly moved: boolean;
  /** True when the file, or what stands above its table, is called as the source is, the period aside, or one name begins as the other. */
  readonly called: boolean;
}

/** Half of all the columns of both, at least, are the same. */
const alike = 0.5;

/**
 * Sources of the same department, delivered as files, with much the same columns, or with the very name of the file: however much their
 * columns differ, whether those are one table is for a person to say. `to` is a source that a person has named: it is first, whatever it is like.
 */
export function editionsOf(
  snapshot: Pick<Snapshot, 'list'>,
  upload: Pick<Upload, 'department' | 'name' | 'reading'>,
  delivered: readonly string[],
  to?: string,
): Edition[] {
  // The table is called by its file, and by what stands above it.
  const names = [upload.name, upload.reading?.title ?? ''].map(stem).filter((name) => name.length > 0);
  // Whether headings make a column of their own is how a source reads a file, and no difference of the file.
  const ofFile = delivered.filter((c) => c !== upload.reading?.layout?.groupColumn);
  const found = snapshot
    .list('source')
    .filter((s) => s.department === upload.department && s.layout !== null && upload.reading?.layout !== null)
    .map((s) => {
      const group = s.layout?.groupColumn;
      const columns = [...ofFile, ...(group === undefined ? [] : [group])].map((c) => asDeclared(s.columns, c));
      const added = columns.filter((c) => !s.columns.includes(c));
      const missing = s.columns.filter((c) => !columns.includes(c));
      const both = columns.filter((c) => s.columns.includes(c));
      const moved = both.join('\n') !== s.columns.filter((c) => columns.includes(c)).join('\n');
      const title = stem(s.title.zh);
      const called = title.length > 0 && names.some((name) => name.startsWith(title) || title.startsWith(name));
      const edition: Edition = { source: s.id, title: s.title.zh, same: both.length, added, missing, moved, called };
      const share = both.length / (both.length + added.length + missing.length);
      return { edition, share: s.id === to ? 2 : share, isNamesake: names.includes(title) };
    })
    .sort((a, b) => b.share - a.share);
  return [...found.filter((e) => e.share >= alike).slice(0, most), ...found.filter((e) => e.share < alike && e.isNamesake)].map(
    (e) => e.edition,
  );
}

/** A column that is there already and now holds other things than it is governed as. */
export interface Doubt {
  readonly column: string;
  readonly why: Words;
}

/** Fewer values that fit are no faults of some rows: the column holds something else. */
const stillFits = 0.5;

/** Columns whose values do not fit what the binding takes them for, or no longer say the unit that they were read by. */
export function doubtsOf(snapshot: Pick<Snapshot, 'find'>, binding: Binding, columns: readonly ProposedColumn[]): Doubt[] {
  return binding.fields.flatMap((f): Doubt[] => {
    const element = snapshot.find('element', f.element);
    const found = columns.find((c) => asDeclared([f.column], c.column) === f.column);
    const judged = found?.evidence.find((e) => e.element === f.element);
    if (!element || !found || !judged || judged.checked === 0) return [];
    if (shareOf(judged) < stillFits) {
      const { zh, en = element.id } = element.title;
      return [
        {
          column: f.column,
          why: {
            zh: `按“${zh}”治理，但这一期 ${judged.checked} 个值只有 ${judged.passed} 个符合`,
            en: `governed as ${en.toLowerCase()}, of which only ${judged.passed} of ${judged.checked} values are one now`,
          },
        },
      ];
    }
    const { units } = found.profile;
    const bare = units.find(({ unit }) => unit === '')?.count ?? 0;
    const saysPlain = units.some(({ unit }) => unit !== '' && !/[%‰]/u.test(unit) && worthOf(element, unit) === 1);
    if (!readsUnits(element) || element.unit === undefined || bare === 0 || saysPlain || unitNamed(f.column, element) !== null) return [];
    return [
      {
        column: f.column,
        why: {
          zh: `${bare} 个值没有写单位，会按“${element.unit}”读`,
          en: `${bare} values say no unit and would be read as ${element.unit}`,
        },
      },
    ];
  });
}

/** Sources that are told as alike, at most. */
const most = 5;

/** Without dates, numbers, brackets and what people add to the name of a copy. */
const stem = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\.[A-Za-z0-9]{1,7}$/, '')
    .replace(/\(.*?\)|副本|最终|最新|更新|新版|copy|final/giu, '')
    .replace(/[^\p{L}]|年|月|日|季度|期/gu, '');
