/** Record: what a call was, written before it is answered, whether it is answered or refused. */
import type { Recorded, Recorder } from '#kernel/facts/record';
import type { CompiledGrant } from './compile.ts';
import { isServiceId } from './find.ts';

/** What is known of a call so far. */
export interface Seen {
  readonly service: string;
  /** Id of the key, once it is known. */
  key?: string;
  grant?: CompiledGrant;
  /** The value asked for, once it is planned. */
  subject?: string;
}

const common = (seen: Seen) => ({
  door: 'gateway' as const,
  actor: seen.key === undefined ? 'unknown' : `key:${seen.key}`,
  department: seen.grant?.state.consumer ?? null,
  action: 'gateway.query',
  target: isServiceId(seen.service) ? `service:${seen.service}` : 'service:?',
  grant: seen.grant?.state.id ?? null,
  purpose: seen.grant?.purpose ?? null,
  subjects: seen.subject === undefined ? [] : [seen.subject],
});

/** Records an answer, unless authorisation has moved on since the grant was compiled. @throws Refusal RECORD_UNAVAILABLE */
export const recordAnswer = (recorder: Recorder, seen: Seen, grant: CompiledGrant, rows: number, bytes: number) =>
  recorder.recordUnder({ ...common(seen), outcome: 'answered', fields: grant.fields, rows, bytes, refusal: null }, grant.epoch);

/** Records a refusal. @throws Refusal RECORD_UNAVAILABLE */
export const recordRefusal = (recorder: Recorder, seen: Seen, code: string): Promise<Recorded> =>
  recorder.record({ ...common(seen), outcome: 'refused', fields: [], rows: 0, bytes: 0, refusal: code });
