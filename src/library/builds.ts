/** Reading what the builds of libraries came to. */
import type { Db } from '#kernel/db/pool';
import type { FieldAgreement } from './build.ts';

export interface StoredBuild {
  readonly library: string;
  readonly version: number;
  readonly entities: number;
  readonly claims: number;
  readonly members: number;
  readonly fields: readonly FieldAgreement[];
  readonly feeds: readonly {
    readonly table: string;
    readonly batch: number;
    readonly ordinal: number;
    readonly landedAt: string;
    readonly rows: number;
    /** Records of which the table has several rows; not told by builds of before. */
    readonly repeated?: number;
  }[];
  readonly inputs: string;
  readonly builtAt: string;
}

/** The latest build of a library. */
export const lastBuild = (db: Db, library: string): Promise<StoredBuild | undefined> =>
  db.first<StoredBuild>(
    `select library, version, entities, claims, members, fields, feeds, inputs, built_at::text as "builtAt" from library.build where library = $1 order by seq desc limit 1`,
    [library],
  );
