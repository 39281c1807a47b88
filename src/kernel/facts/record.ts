/** The access log: no answer leaves before its record is durable; no record, no answer. */
import { createHmac, createSecretKey, hash } from 'node:crypto';
import { type Clock, zone } from '../clock.ts';
import { openLane } from '../db/lane.ts';
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
  /** The same, but nothing is written when the epoch is another than `under` by then: what may not leave is not in the log as answered. */
  recordUnder(entry: AccessRecord, under: number): Promise<Recorded & { readonly written: boolean }>;
  /** Keyed hash of a subject, as the log holds it. */
  subject(value: string): string;
  close(): Promise<void>;
}

interface Waiting {
  /** The only epoch under which it is written; undefined for any. */
  readonly under: number | undefined;
  readonly id: string;
  readonly line: string;
  readonly digest: string;
  readonly done: (r: Recorded & { readonly written: boolean }) => void;
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

/**
 * Puts records down, one a line, its columns parted by tabs, the epoch it depends on first and the canonical text last: PostgreSQL takes that
 * apart at half the cost of arrays or JSON.
 */
const insert = {
  name: 'record',
  text: `with put as (
    insert into log.record (id, at, door, outcome, actor, department, action, target, grant_id, rows, bytes, subjects, canonical, digest)
    select c[2], c[3]::timestamptz, c[4], c[5], c[6], nullif(c[7], ''), c[8], c[9], nullif(c[10], ''), c[11]::integer, c[12]::integer,
           string_to_array(c[13], ' '), convert_to(c[14], 'UTF8'), sha256(convert_to(c[14], 'UTF8'))
    from (select string_to_array(line, E'\\t') as c from string_to_table($1, E'\\n') as line offset 0) as t
    where c[1] = '' or c[1] = (select value::text from kernel.epoch))
    select value from kernel.epoch`,
};

/** A record as a line of it. Canonical text holds no control character; in a column, which only helps to find the record, a blank stands for one. */
function lineOf(e: AccessRecord, under: number | undefined, id: string, at: string, subjects: readonly string[], text: string): string {
  const words = [
    `${under ?? ''}`,
    id,
    at,
    e.door,
    e.outcome,
    e.actor,
    e.department ?? '',
    e.action,
    e.target,
    e.grant ?? '',
    `${e.rows}`,
    `${e.bytes}`,
  ];
  return `${words.map((w) => w.replace(control, ' ')).join('\t')}\t${subjects.join(' ')}\t${text}`;
}

const control = /\p{Cc}/gu;

/** Records in one commit. */
const mostRecords = 500;

/**
 * Opens the log for writing. One commit is under way at a time; the records that arrive meanwhile share the next (group commit): the busier
 * the callers, the more of them share the cost of a commit.
 */
export function openRecorder(url: string, key: Buffer, node: string, clock: Clock): Recorder {
  const lane = openLane({
    connectionString: url,
    application_name: 'chengshu log',
    options: `-c timezone=${zone} -c statement_timeout=5000 -c plan_cache_mode=force_generic_plan`,
  });
  // A key object: from bytes every hash would begin with making one.
  const subjectKey = createSecretKey(createHmac('sha256', key).update('subjects').digest());
  const subject = (value: string): string => createHmac('sha256', subjectKey).update(value).digest('base64url').slice(0, 27);
  const queue: Waiting[] = [];
  let writing: Promise<void> | undefined;

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const client = await lane.client();
      const result = await client.query<{ value: number }>({ ...insert, values: [batch.map((w) => w.line).join('\n')] });
      seam('database.recorded');
      const epoch = result.rows[0]?.value;
      if (epoch === undefined) throw new Error('kernel.epoch is empty');
      for (const w of batch) w.done({ id: w.id, digest: w.digest, epoch, written: w.under === undefined || w.under === epoch });
    } catch (error) {
      // What one record says (too large a number) is no reason to refuse the others: each stands for itself.
      if (batch.length > 1 && isOfContent(error)) for (const w of batch) await write([w]);
      else for (const w of batch) w.failed(new Refusal('RECORD_UNAVAILABLE', {}, { cause: error }));
    }
  };
  const writeAll = async (): Promise<void> => {
    await new Promise(setImmediate);
    while (queue.length > 0) await write(queue.splice(0, mostRecords));
    writing = undefined;
  };

  const put = (entry: AccessRecord, under?: number): Promise<Recorded & { written: boolean }> =>
    new Promise((done, failed) => {
      const now = clock.now();
      const id = newId('record', node, now);
      const at = now.toISOString();
      const subjects = entry.subjects.map(subject);
      const text = canonical(entry, id, at, node, subjects);
      queue.push({ under, id, line: lineOf(entry, under, id, at, subjects, text), digest: hash('sha256', text), done, failed });
      writing ??= writeAll();
    });

  return {
    subject,
    record: (entry) => put(entry),
    recordUnder: put,
    close: async () => {
      await writing;
      await lane.close();
    },
  };
}

/** Whether a statement failed for what it was to write, not for the state of the server. */
const isOfContent = (error: unknown): boolean => error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
