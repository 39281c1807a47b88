/**
 * A connector: how rows leave one kind of source. The one kind of content that holds functions; it receives its effects and
 * yields a byte stream, so that bulk never passes row by row through JavaScript objects.
 */
import { z } from 'zod';
import type { Title } from './base.ts';
import type { Source } from './source.ts';

/** What a connector may do to the world; the machine supplies it, a test supplies its own. */
export interface ConnectorEffects {
  /** Opens the delivered file (file connectors only). May be opened several times. */
  open(): Promise<AsyncIterable<Uint8Array>>;
  /** Local path of the delivered file, for readers that need random access (a zip's directory is at its end). */
  file(): Promise<string>;
  /** The value behind `secret:name`; other text is returned as it is. */
  secret(value: string): Promise<string>;
  /** Told how far the reading is, in bytes or rows of a known total. */
  progress(done: number, total: number | null): void;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * What a connector delivers. `bytes` is UTF-8 CSV without a header, comma, quote `"`, newline `\n`, every record
 * `ordinal,fault,cell 1,…,cell n`: `ordinal` is the 1-based row number at the source (the grid row of a file); `fault` is empty for a row
 * that could be read, else one of the fault words below, and cell 1 then holds the raw text of the row. An absent cell is an unquoted
 * empty field, an empty text is `""`. Every row of the source is there: nothing is left out. A negative ordinal marks a row that an incremental
 * reading may have delivered before (`-ordinal` is its number): it is landed only where the ledger lacks it.
 */
export interface Delivery {
  /** Cells per row: the width of the widest good row for a file, the number of columns for a table. */
  readonly width: number;
  /** Column names where the source itself has them (a database); null where the layout says which row holds them. */
  readonly names: readonly string[] | null;
  /** Cells of each head row as a text file writes them, empty ones at the end counted; left out where the file gives each cell its place. */
  readonly lengths?: readonly number[];
  /** Columns that the source has and that were not asked for; left out where they are not known before the bytes are read. */
  readonly beside?: readonly string[];
  readonly bytes: AsyncIterable<Uint8Array>;
  /** After `bytes` ended: what the sheet says beside the text of its cells; left out by connectors whose files say nothing. */
  notes?(): SheetNotes;
  /** After `bytes` ended: where the next incremental reading goes on, null while the source is empty. Full reading: null. */
  position(): Position | null;
}

/** How far an incremental reading got. */
export interface Position {
  /** The cursor value that was reached, as text. */
  readonly value: string;
  /** What the connector itself must know to go on, in its own words; null where nothing but the value is known. */
  readonly mark: string | null;
}

/** What a sheet or a text file says beside the text of its cells. Places of columns count from 0, rows from 1. */
export interface SheetNotes {
  /** What it hides. It is delivered like anything else; the person who delivers it should know. `rows` counts those that hold anything. */
  readonly hidden: { readonly columns: readonly number[]; readonly rows: number; readonly firstRow: number | null };
  /** Blank cells below the first row of a merge that the file declares: they were delivered with the value of the merge. */
  readonly merged: { readonly columns: readonly number[]; readonly cells: number };
  /** Merges that span columns, one with a text at their left and blanks from column `from` to `to`: those were delivered as blanks. */
  readonly across: readonly { readonly row: number; readonly from: number; readonly to: number }[];
  /** Cells with a formula and no stored result: they were delivered as absent. */
  readonly unreckoned: { readonly columns: readonly number[]; readonly cells: number; readonly firstRow: number | null };
  /** True where number formats could not be read: a day may have been delivered as its serial number, an amount without its unit. */
  readonly formatsLost: boolean;
  /**
   * Rows of a text file without their last cells: those were delivered as absent. `isOpen`: the last of them ends the file without a line break.
   * Left out where the file has no such thing.
   */
  readonly short?: { readonly rows: number; readonly firstRow: number | null; readonly isOpen: boolean };
  /** Rows of a text file with quotes that do not pair: those were delivered as characters. Left out where the file has no such thing. */
  readonly unpaired?: { readonly rows: number; readonly firstRow: number | null };
}

/** Why a row could not be read. */
export const deliveryFaults = ['quoting', 'too-many-cells', 'too-few-cells', 'encoding'] as const;
export type DeliveryFault = (typeof deliveryFaults)[number];

/** Rows by their cursor value: from `from` (null: the least) to before `to` (null: the value of the position, itself included). */
export interface CursorRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** An order to read the source. An incremental source is read for everything new since the position `since` (null: from the beginning). */
export interface ReadOrder {
  readonly source: Source;
  readonly since: Position | null;
  /**
   * Ranges to read again as a whole beside that, in the same snapshot. Every record then has one cell more at its end: 1 where the row comes for its
   * range alone, absent where the reading would have brought it anyway. A source that lies behind its position is read all the same.
   */
  readonly ranges?: readonly CursorRange[];
}

/** An order to count the rows of a range, and to digest them where there is a salt. A full source is counted as a whole. */
export interface TallyOrder {
  readonly source: Source;
  /** The position up to which readings have come; null for a full source. */
  readonly since: Position | null;
  readonly range: CursorRange;
  /** Values inside of the range, growing, that divide it into parts. */
  readonly edges: readonly string[];
  readonly salt: string | null;
}

/** What stands in a range of a source. */
export interface Tally {
  /** One more than there were edges. `sum` is that of the first 15 hex digits of MD5(salt + text of the row), as in a receipt; 0 without a salt. */
  readonly parts: readonly { readonly count: number; readonly sum: string }[];
  /** The greatest cursor value, told where the range has no beginning. */
  readonly greatest: string | null;
  /** The position to read again from so that what changes while it is counted comes too; null for a full source. */
  readonly since: Position | null;
  /** Transactions that may be writing to the table now, and since when the oldest has been open; null where the server does not tell. */
  readonly writers: { readonly count: number; readonly oldest: string | null };
}

/** What a probe of a source found. */
export interface Probe {
  readonly reachable: boolean;
  /** Column names found now; empty when not reachable. */
  readonly columns: readonly string[];
  /** What went wrong, a code of `connectorRefusals`, with its parameters. */
  readonly refusal: ConnectorRefusal | null;
  /** Whether the way to the source is encrypted, in words; left out where nothing was reached or there is no way. */
  readonly protection?: { readonly zh: string; readonly en: string };
}

/** The closed list of reasons for which a connector gives up; the machine turns them into refusals with a sentence and a hint. */
export const connectorRefusalCodes = [
  'unreachable',
  'denied',
  'interrupted',
  'no-table',
  'no-column',
  'behind',
  'row-security',
  'tls',
  'busy',
  'short',
  'stopped',
  'failing',
  'damaged',
  'wrong-encoding',
  'not-a-workbook',
  'not-json',
  'encrypted',
  'no-sheet',
  'too-large',
  'empty',
  'settings',
] as const;
export type ConnectorRefusalCode = (typeof connectorRefusalCodes)[number];

/** Thrown by a connector for what the user can mend; anything else thrown is a bug. `detail` never holds a secret. */
export class ConnectorRefusal extends Error {
  override readonly name = 'ConnectorRefusal';
  readonly code: ConnectorRefusalCode;
  readonly detail: string;
  /** The same in Chinese; what a foreign server said stands in its own words. */
  readonly detailZh: string;
  /** Seconds after which the source itself says it can be asked again. */
  readonly again: number | undefined;
  constructor(code: ConnectorRefusalCode, detail: string, detailZh: string = detail, again?: number) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.again = again;
    this.detail = detail;
    this.detailZh = detailZh;
  }
}

/**
 * The settings of a source as its connector reads them.
 * @throws ConnectorRefusal settings, saying in both languages what is wrong where
 */
export function readSettings<T>(schema: z.ZodType<T>, source: Pick<Source, 'settings'>): T {
  const given = schema.safeParse(source.settings);
  if (given.success) return given.data;
  const inChinese = schema.safeParse(source.settings, { error: z.locales.zhCN().localeError });
  throw new ConnectorRefusal('settings', z.prettifyError(given.error), inChinese.error && z.prettifyError(inChinese.error));
}

/** An encoding that text files are read in. */
export type TextEncoding = NonNullable<NonNullable<Source['layout']>['encoding']>;

/** What a file nobody has declared can be read as. */
export interface Survey {
  readonly settings: Source['settings'];
  /** Encoding of a text file; null for a workbook. */
  readonly encoding: NonNullable<Source['layout']>['encoding'];
  /**
   * Sheets that can be read, in order; empty for a text file. `size` only compares them with one another; `said` is why one is read as it is;
   * `begins` are the first rows of a sheet in sight that has others beside it.
   */
  readonly sheets: readonly {
    readonly name: string;
    readonly size: number;
    readonly hidden?: boolean;
    readonly said?: readonly Words[];
    readonly begins?: readonly (readonly (string | null | undefined)[])[];
  }[];
  /** Why it is thought so. */
  readonly said: readonly { readonly zh: string; readonly en: string }[];
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A table or view of a database that could be registered. */
export interface TableThere {
  /** How a person finds it: with its schema. */
  readonly name: string;
  readonly kind: 'table' | 'view' | 'foreign';
  /** What the database says it is about; null where it says nothing. */
  readonly about: string | null;
  /** Rows as the database reckons them; null where it has not. */
  readonly rows: number | null;
  /** The settings that pick it. */
  readonly settings: Source['settings'];
}

/** A column of it. */
export interface ColumnThere {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly about: string | null;
  /** Why it can be no cursor; null where it can be one. */
  readonly noCursor: Words | null;
  /** What it may let slip as cursor. */
  readonly slips: readonly Words[];
}

/** A look at a table before there is a source of it, and the proposed keys and cursor. */
export interface TableLook {
  readonly columns: readonly ColumnThere[];
  readonly rows: number | null;
  /** Columns that the database itself keeps unique and filled, the best first. */
  readonly keys: readonly { readonly columns: readonly string[]; readonly why: Words }[];
  /** The cursor to read on by; null: all rows every time. */
  readonly cursor: string | null;
  readonly why: Words;
}

/** What the form calls a setting, and what it says below it: the meta of its schema, in Chinese and English. */
export const setting = (title: Words, note?: Words): Readonly<Record<string, string>> => ({
  title: title.zh,
  titleEn: title.en,
  ...(note && { description: note.zh, descriptionEn: note.en }),
});

/**
 * One kind of source. The form for a new source is drawn from `settings`, each called by `setting(…)`; a field whose meta says `secret: true` takes
 * `secret:name`, one that says `picked: true` is told by the table that is picked.
 */
export interface Connector {
  readonly id: string;
  readonly title: Title;
  /** `file`: deliveries are uploaded; `database`: the machine fetches. */
  readonly takes: 'file' | 'database';
  readonly settings: z.ZodObject;
  read(order: ReadOrder, effects: ConnectorEffects): Promise<Delivery>;
  /**
   * Looks at the bytes of a file nobody has declared; null when it is none of this kind. A database has none. `as`: a person says what encoding a
   * text is in.
   */
  readonly survey?: (effects: ConnectorEffects, as?: TextEncoding) => Promise<Survey | null>;
  /** Looks whether the source is there and what columns it has. A file source is probed by its last delivery, so it has none. */
  probe(source: Source, effects: ConnectorEffects): Promise<Probe>;
  /** For a database: the server that is read, told apart from others; sources of one server are not read all at once. */
  readonly server?: (source: Source) => string | null;
  /**
   * Looks whether the cursor of an incremental source can be one, and says what it may let slip. Files have none.
   * @throws ConnectorRefusal settings, where it cannot
   */
  judgeCursor?(source: Source, effects: ConnectorEffects): Promise<readonly { readonly zh: string; readonly en: string }[]>;
  /**
   * For a database: what stands there in a range up to the position, in one statement.
   * @throws ConnectorRefusal, `stopped` where the statement took longer than the server or the connector lets it: then less must be asked
   */
  tally?(order: TallyOrder, effects: ConnectorEffects): Promise<Tally>;
  /** For a database: the tables that the user may read, before there is a source. `settings` lack the table, which is picked later. */
  readonly tables?: (settings: Source['settings'], effects: ConnectorEffects) => Promise<readonly TableThere[]>;
  /** For a database: the columns of the table that `settings` pick, before there is a source of it. */
  readonly look?: (settings: Source['settings'], effects: ConnectorEffects) => Promise<TableLook>;
  /**
   * For a database: the SQL a source's own administrator runs to recompute digests, of an incremental source those of all rows up to the cursor
   * value `upTo`; null for files.
   */
  receiptSql(source: Source, upTo: string | null): string | null;
}

/** Declares a connector. */
export const connector = (spec: Connector): Connector => Object.freeze(spec);
