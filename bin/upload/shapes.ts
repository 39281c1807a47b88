/** What the command holds in its hands: the upload, what is proposed for it, and what was ordered. */
import type { Adoption, Binding, TextEncoding } from '#declare';

/** An upload as the platform tells it. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly bytes: number;
  readonly received: number;
  readonly state: 'receiving' | 'reading' | 'refused' | 'read' | 'delivered';
  readonly run: string | null;
  readonly reading:
    | (Adoption['reading'] & { readonly unit?: string; readonly said: readonly { readonly zh: string; readonly en: string }[] })
    | null;
  readonly rows: { rowsIn: number; rowsData: number; rowsRefused: number; rowsOther: number } | null;
}
/** What is proposed for it. */
export interface Proposal {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly {
    column: string;
    name: string;
    title: string;
    taken: boolean;
    element: string;
    sensitivity: 1 | 2 | 3 | 4;
    why: { zh: string; en: string };
  }[];
  readonly keys: readonly { columns: readonly string[]; absent: number; repeated: number }[];
  readonly key: string[];
  readonly rules: (Adoption['rules'][number] & { title: { zh: string; en: string } })[];
  readonly checks: readonly { id: string; title: { zh: string; en: string }; severity: string; checked: number; failed: number }[];
  readonly rows: { data: number; looked: number; governed: number };
  readonly editions: readonly {
    source: string;
    title: string;
    same: number;
    added: string[];
    missing: string[];
    moved: boolean;
    called: boolean;
    reread: { zh: string; en: string } | null;
    doubts: readonly { column: string; why: { zh: string; en: string } }[];
    binding: Binding | null;
  }[];
}

/** Rows that the proposed key withholds, the first of them. */
export interface Withheld {
  readonly count: number;
  readonly rows: readonly {
    readonly row: number;
    readonly reason: { readonly zh: string; readonly en: string };
    readonly values: Readonly<Record<string, string | null>>;
  }[];
}

/** What the command line asked for. */
export interface UploadOrder {
  readonly file: string;
  /** Accepts every proposal. */
  readonly yes: boolean;
  /** What it is said to be: the newer edition of a source (its id), or a new table. */
  readonly as: { readonly to: string } | 'new' | null;
  /** What a text file is written in, where a person says it. */
  readonly encoding: TextEncoding | null;
  readonly json: boolean;
}
