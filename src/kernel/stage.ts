/** What a stage of the river is to the rest: its name, its tables, what it lets people do, what it does by itself, and its addresses. */
import type { CodeListItem, Title } from '#declare';
import type { Clock } from './clock.ts';
import type { Migration } from './db/migrate.ts';
import type { Database } from './db/pool.ts';
import type { Documents } from './documents/documents.ts';
import type { Facts, FactTable, StoredFact, Subscription } from './facts/facts.ts';
import type { Recorder } from './facts/record.ts';
import type { Door } from './http/server.ts';
import type { Identity } from './identity/identity.ts';
import type { JobSpec, Jobs } from './jobs/jobs.ts';
import type { Objects } from './objects/index.ts';
import type { ActionTable, Actor, Policy } from './policy/policy.ts';
import type { Review } from './review/review.ts';
import type { Secrets } from './secrets.ts';
import type { WaitingKind } from './waiting.ts';
import type { Warehouse } from './warehouse/index.ts';

/** What every stage stands on. */
export interface Kernel {
  readonly node: string;
  /** The data folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly db: Database;
  readonly documents: Documents;
  readonly objects: Objects;
  readonly warehouse: Warehouse;
  readonly secrets: Secrets;
  readonly recorder: Recorder;
  readonly facts: Facts;
  readonly jobs: Jobs;
  readonly identity: Identity;
  readonly policy: Policy;
  readonly review: Review;
}

/** Something a stage does again and again by itself, in the worker. */
export interface Periodic {
  readonly minutes: number;
  work(): Promise<void>;
}

/** Who is told what happened to one kind of object. */
export interface Timeline {
  /** The action that lets a role see such an object. */
  readonly action: string;
  /** The departments it concerns; none for what is no department's. */
  departments(kernel: Kernel, id: string): Promise<readonly (string | null)[]>;
  /** What they are called, where they are no documents. */
  titles?(kernel: Kernel, ids: readonly string[]): Promise<ReadonlyMap<string, Title>>;
  /** Whether one is still there, as SQL over the text `<kind>:<id>` that an expression gives; absent where none ever goes. */
  still?(about: string): string;
  /** Facts that everybody signed in is told all the same. */
  readonly open?: readonly string[];
  /** What happened to it, newest first, where that is not simply the facts about it. */
  happened?(kernel: Kernel, actor: Actor, id: string): Promise<readonly StoredFact[]>;
}
/** By the kind of object, the first word of what a fact is about. */
export type TimelineTable = Readonly<Record<string, Timeline>>;

/** What a stage declares, a file each, the same names in every stage. */
export interface Stage {
  readonly name: string;
  readonly migrations: readonly Migration[];
  readonly actions: ActionTable;
  readonly facts: FactTable;
  /** Whose the facts are. What no stage names is told to nobody. */
  readonly timelines: TimelineTable;
  jobs(kernel: Kernel): readonly JobSpec<never>[];
  subscriptions(kernel: Kernel): readonly Subscription[];
  /** What of it waits for people; absent where nothing does. */
  readonly waiting?: readonly WaitingKind[];
  /** What it does again and again; absent where there is nothing. */
  periodic?(kernel: Kernel): readonly Periodic[];
  routes(door: Door, kernel: Kernel): void;
}

/** What spelling and evaluating an expression needs from the moment: today, and the code lists in force. */
export interface ExprEnv {
  readonly today: string;
  codeList(id: string): readonly CodeListItem[];
}
