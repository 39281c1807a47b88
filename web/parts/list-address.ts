/** The state of a list is its address: filters, order, columns and page, so that every state can be sent to somebody, kept, and come back to. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Words } from './words.ts';

/** A filter of a list: free text, one of some choices, or a day. */
export interface FilterSpec {
  readonly name: string;
  readonly title: Words;
  readonly choices?: readonly { readonly value: string; readonly title: Words }[];
  readonly day?: true;
  /** Names a person: it stands neither in the address nor among the saved filters, and is gone with the page. */
  readonly secret?: true;
}

/** Two filters for the days between which something was, both included. */
export const dayFilters = (what: Words): readonly FilterSpec[] => [
  { name: 'from', title: { zh: `${what.zh}自`, en: `${what.en ?? what.zh} from` }, day: true },
  { name: 'to', title: { zh: '至', en: 'to' }, day: true },
];

/** Choices out of words by their value. */
export const choicesOf = (words: Readonly<Record<string, Words>>): NonNullable<FilterSpec['choices']> =>
  Object.entries(words).map(([value, title]) => ({ value, title }));

/** Pages of what came with the object and is short. */
export const pageHere =
  <T>(rows: readonly T[]) =>
  async (query: Record<string, string | number>): Promise<{ rows: readonly T[]; count: number }> => {
    const offset = Number(query['offset'] ?? 0);
    return { rows: rows.slice(offset, offset + Number(query['limit'] ?? rows.length)), count: rows.length };
  };

/** A column, declared once: it is what the table shows, what is sorted by, what may be chosen, and what is exported. */
export interface Column<T> {
  /** Its name in the address, and what the server calls the order by it. */
  readonly key: string;
  readonly title: Words;
  readonly draw: (row: T) => React.ReactNode;
  readonly align?: 'right';
  readonly className?: string;
  /** The server can sort by it. */
  readonly sorts?: true;
  /** What is exported where the cell is a control and not a text. */
  readonly text?: (row: T) => string;
  /** Only something to press: it is not exported. */
  readonly control?: true;
  /** Not shown until it is chosen. */
  readonly extra?: true;
}

/** What stands behind the question mark. */
export type Search = Readonly<Record<string, string | number | undefined>>;

/** Filters, order, columns and page as they stand in the address, and how to change them. */
export function useAddress(): [Search, (change: Search) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  return [
    search,
    (change) =>
      void navigate({
        to: '.',
        search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, v]) => v !== undefined && v !== '')) as never,
        replace: true,
      }),
  ];
}

/** The values of some names, of those that are there. */
export const valuesOf = (search: Search, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((n) => (search[n] === undefined || search[n] === '' ? [] : [[n, String(search[n])]])));

/** The columns to show, in the order of the address; a name that no column has any more is left out. */
export function shownColumns<T>(columns: readonly Column<T>[], search: Search): readonly Column<T>[] {
  const chosen = String(search['columns'] ?? '')
    .split(',')
    .flatMap((key) => columns.find((c) => c.key === key) ?? []);
  return chosen.length > 0 ? chosen : columns.filter((c) => !c.extra);
}

/** How the choice stands in the address; nothing where it is the usual one. */
export const columnsText = <T>(columns: readonly Column<T>[], keys: readonly string[]): string | undefined =>
  keys.join(',') ===
  columns
    .filter((c) => !c.extra)
    .map((c) => c.key)
    .join(',')
    ? undefined
    : keys.join(',');
