/** Reading the access log: through a role of its own that may read nothing else and change nothing. */
import { createHash } from 'node:crypto';
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

export interface LogQuery {
  readonly door?: string | undefined;
  readonly outcome?: string | undefined;
  readonly target?: string | undefined;
  readonly grant?: string | undefined;
  readonly actor?: string | undefined;
  /** Keyed hash of a subject. */
  readonly subject?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

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
    async list(q) {
      const where = `($1::text is null or door = $1) and ($2::text is null or outcome = $2) and ($3::text is null or target = $3) and ($4::text is null or grant_id = $4)
        and ($5::text is null or actor = $5) and ($6::text is null or subjects @> array[$6]) and ($7::date is null or at >= $7::date) and ($8::date is null or at < $8::date + 1)`;
      const params = [q.door, q.outcome, q.target, q.grant, q.actor, q.subject, q.from, q.to].map((p) => p ?? null);
      const count = (await db.first<{ n: number }>(`select count(*) as n from log.record where ${where}`, params))?.n ?? 0;
      return {
        rows: await db.rows<LogLine>(`select ${columns} from log.record where ${where} order by seq desc limit $9 offset $10`, [
          ...params,
          q.limit,
          q.offset,
        ]),
        count,
      };
    },
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
