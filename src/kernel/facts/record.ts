/** The access log: no answer leaves before its record is durable; no record, no answer. */
import { createHmac, createSecretKey, hash } from 'node:crypto';
import pg from 'pg';
import { type Clock, zone } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../identifier.ts';
import { seam } from '../seam.ts';

/** What is written about one call or one reading, before it is answered. */
export interface AccessRecord {
  readonly door: 'gateway' | 'console' | 'command-line';
  readonly outcome: 'answered' | 'refused';
  /** The user, or the key of a consumer. */
  readonly actor: string;
  readonly department: string | null;
  readonly action: string;
  /** What was read, `<kind>:<id>`. */
  readonly target: string;
  readonly grant: string | null;
  readonly purpose: string | null;
  /** Fields shown. */
  readonly fields: readonly string[];
  /** Whom the reading is about: the values asked for; only their keyed hashes are kept. */
  readonly subjects: readonly string[];
  readonly rows: number;
  /** Bytes of the answer's body. */
  readonly bytes: number;
  /** Code of the refusal, or null. */
  readonly refusal: string | null;
}

/** A record that is durable. */
export interface Recorded {
  readonly id: string;
  /** Hex SHA-256 of the canonical bytes. */
  readonly digest: string;
  /** Authorisation epoch at the instant of the record: a caller that compiled an older one must compile again before it answers. */
  readonly epoch: number;
}

export interface Recorder {
  /** Resolves when the record is durable. @throws Refusal RECORD_UNAVAILABLE */
  record(entry: AccessRecord): Promise<Recorded>;
  /** Keyed hash of a subject, as the log holds it. */
  subject(value: string): string;
  close(): Promise<void>;
}

interface Waiting {
  readonly row: readonly [string, string, AccessRecord, readonly string[], Buffer, Buffer];
  readonly done: (r: Recorded) => void;
  readonly failed: (e: unknown) => void;
}

/**
 * Canonical text of a record: JSON with sorted keys, no blanks; its UTF-8 bytes are what the digest is taken of, so that anybody can recompute it.
 * The keys stand here in their order: sorting them for each record would cost more than the rest of it.
 */
const canonical = (e: AccessRecord, id: string, at: string, node: string, subjects: readonly string[]): string =>
  JSON.stringify({
    action: e.action,
    actor: e.actor,
    at,
    bytes: e.bytes,
    department: e.department,
    door: e.door,
    fields: e.fields,
    grant: e.grant,
    id,
    node,
    outcome: e.outcome,
    purpose: e.purpose,
    refusal: e.refusal,
    rows: e.rows,
    subjects,
    target: e.target,
  });

const insert = {
  name: 'record',
  text: `with put as (
    insert into log.record (id, at, door, outcome, actor, department, action, target, grant_id, rows, bytes, subjects, canonical, digest)
    select id, at, door, outcome, actor, department, action, target, grant_id, rows, bytes, string_to_array(subjects, ' '), canonical, digest
    from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::int[], $11::int[], $12::text[], $13::bytea[], $14::bytea[])
      as t(id, at, door, outcome, actor, department, action, target, grant_id, rows, bytes, subjects, canonical, digest))
    select value from kernel.epoch`,
};

/**
 * Opens the log for writing. Records that arrive while a commit is under way share the next one (group commit): at 256 callers one
 * commit carries tens of records. Two connections take turns, so that a commit's wait for the disk does not idle the queue.
 */
export function openRecorder(url: string, key: Buffer, node: string, clock: Clock): Recorder {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: 2000,
    application_name: 'chengshu log',
    options: `-c timezone=${zone} -c statement_timeout=5000`,
  });
  let lastError: Error | null = null;
  pool.on('error', (e) => {
    lastError = e;
  });
  // A key object: from bytes every hash would begin with making one.
  const subjectKey = createSecretKey(createHmac('sha256', key).update('subjects').digest());
  const subject = (value: string): string => createHmac('sha256', subjectKey).update(value).digest('base64url').slice(0, 27);
  let queue: Waiting[] = [];
  let flying = 0;

  const flush = async (): Promise<void> => {
    if (flying >= 2 || queue.length === 0) return;
    const batch = queue.splice(0, 500);
    flying += 1;
    try {
      const result = await pool.query<{ value: number }>({ ...insert, values: columnsOf(batch) });
      seam('database.recorded');
      const epoch = result.rows[0]?.value;
      if (epoch === undefined) throw new Error('kernel.epoch is empty', { cause: lastError });
      for (const w of batch) w.done({ id: w.row[0], digest: w.row[5].toString('hex'), epoch });
    } catch (error) {
      for (const w of batch) w.failed(new Refusal('RECORD_UNAVAILABLE', {}, { cause: error }));
    } finally {
      flying -= 1;
      if (queue.length > 0) void flush();
    }
  };

  return {
    subject,
    record: (entry) =>
      new Promise((done, failed) => {
        const now = clock.now();
        const id = newId('record', node, now);
        const subjects = entry.subjects.map(subject);
        const at = now.toISOString();
        const bytes = Buffer.from(canonical(entry, id, at, node, subjects));
        queue.push({ row: [id, at, entry, subjects, bytes, hash('sha256', bytes, 'buffer')], done, failed });
        if (queue.length === 1) setImmediate(() => void flush());
      }),
    close: async () => {
      while (flying > 0 || queue.length > 0) await new Promise((r) => setTimeout(r, 5));
      queue = [];
      await pool.end();
    },
  };
}

const columnsOf = (batch: readonly Waiting[]): unknown[] => {
  const pick = <T>(f: (w: Waiting['row']) => T): T[] => batch.map((w) => f(w.row));
  return [
    pick((r) => r[0]),
    pick((r) => r[1]),
    pick((r) => r[2].door),
    pick((r) => r[2].outcome),
    pick((r) => r[2].actor),
    pick((r) => r[2].department),
    pick((r) => r[2].action),
    pick((r) => r[2].target),
    pick((r) => r[2].grant),
    pick((r) => r[2].rows),
    pick((r) => r[2].bytes),
    pick((r) => r[3].join(' ')),
    pick((r) => r[4]),
    pick((r) => r[5]),
  ];
};
