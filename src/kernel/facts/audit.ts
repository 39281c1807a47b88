/** Reading the access log: through a role of its own that may read nothing else and change nothing. */
import { createHash } from 'node:crypto';
import { type PageOrder, pageFrom, when, within } from '../db/listing.ts';
import { openDatabase } from '../db/pool.ts';
import { defineErrors, Refusal } from '../errors.ts';

defineErrors({
  RECORD_NOT_FOUND: {
    status: 404,
    zh: '没有记录“{id}”',
    en: "There is no record '{id}'",
    hint: { zh: '请核对记录编号。', en: 'Check the id of the record.' },
  },
});

/** One line of the log. `subjects` are keyed hashes, never the values. */
export interface LogLine {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly door: string;
  readonly outcome: string;
  readonly actor: string;
  readonly department: string | null;
  readonly action: string;
  readonly target: string;
  readonly grant: string | null;
  readonly rows: number;
  readonly bytes: number;
}

/** A line with what proves it: the canonical bytes and whether they still give the digest that was stored with them. */
export interface LogProof extends LogLine {
  readonly canonical: string;
  readonly digest: string;
  readonly intact: boolean;
}

export interface LogQuery extends PageOrder {
  readonly door?: string | undefined;
  readonly outcome?: string | undefined;
  readonly target?: string | undefined;
  readonly grant?: string | undefined;
  /** Whoever of these did it. */
  readonly actors?: readonly string[] | undefined;
  /** Keyed hash of a subject. */
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders of the list. */
export const logSorts = { at: 'seq', rows: 'rows', bytes: 'bytes' };

export interface AuditLog {
  list(query: LogQuery): Promise<{ rows: readonly LogLine[]; count: number }>;
  /** @throws Refusal RECORD_NOT_FOUND */
  get(id: string): Promise<LogProof>;
  close(): Promise<void>;
}

const columns = 'seq, id, at::text as at, door, outcome, actor, department, action, target, grant_id as "grant", rows, bytes';

/** Opens the log for reading. */
export function openAuditLog(url: string): AuditLog {
  const db = openDatabase(url, { max: 2, name: 'audit' });
  return {
    close: db.close,
    list: (q) =>
      pageFrom<LogLine>(
        db,
        {
          columns,
          from: ['log.record'],
          where: [
            ...when(q.door, 'door = ?'),
            ...when(q.outcome, 'outcome = ?'),
            ...when(q.target, 'target = ?'),
            ...when(q.grant, 'grant_id = ?'),
            ...when(q.actors, 'actor = any(?::text[])'),
            ...when(q.action, 'action = ?'),
            ...when(q.subject, 'subjects @> array[?]'),
            ...within('at', q.from, q.to),
          ],
          sorts: logSorts,
          order: 'seq desc',
        },
        q,
      ),
    async get(id) {
      const row = await db.first<LogLine & { canonical: Buffer; digest: Buffer }>(
        `select ${columns}, canonical, digest from log.record where id = $1`,
        [id],
      );
      if (!row) throw new Refusal('RECORD_NOT_FOUND', { id });
      const again = createHash('sha256').update(row.canonical).digest();
      return { ...row, canonical: row.canonical.toString('utf8'), digest: row.digest.toString('hex'), intact: again.equals(row.digest) };
    },
  };
}
