/** The line of a call: find → authenticate → authorise → plan → read → record → answer. */
import { isRefusal, Refusal } from '#kernel/errors';
import type { Recorded } from '#kernel/facts/record';
import type { Kernel } from '#kernel/stage';
import { draftAnswer, finishAnswer } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { authorise } from './authorise.ts';
import type { CompiledGrant } from './compile.ts';
import { findService } from './find.ts';
import type { Memory } from './memory.ts';
import { type Plan, planCall } from './plan.ts';
import { type Reader, type Rows, TableMissing } from './read.ts';
import { recordAnswer, recordRefusal, type Seen } from './record.ts';

export interface Call {
  readonly service: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

/** What the line works with. */
export interface Parts {
  readonly kernel: Pick<Kernel, 'recorder' | 'node'>;
  readonly memory: Memory;
  readonly reader: Reader;
}

/** How a call ended; a refusal too has its record. */
export type Outcome =
  | { readonly body: string; readonly bytes: number; readonly record: Recorded; readonly grant: string }
  | { readonly refusal: Refusal; readonly record: Recorded; readonly grant: string | null };

/** Authorisation may change while a call is on its way; a call that meets so many changes gives up. */
const mostTries = 5;

/** Takes a call through the line. What is returned has been recorded. @throws Refusal RECORD_UNAVAILABLE when nothing may leave; anything that is no refusal is a bug */
export async function takeCall(parts: Parts, call: Call): Promise<Outcome> {
  const seen: Seen = { service: call.service };
  try {
    return await answered(parts, call, seen);
  } catch (error) {
    if (!isRefusal(error) || error.code === 'RECORD_UNAVAILABLE') throw error;
    const record = await recordRefusal(parts.kernel.recorder, seen, error.code);
    // What is refused may have been opened since it was compiled: the next call sees it as it is now.
    parts.memory.renew(record.epoch);
    return { refusal: error, record, grant: seen.grant?.state.id ?? null };
  }
}

async function answered(parts: Parts, call: Call, seen: Seen): Promise<Outcome> {
  const service = await findService(parts.memory, call.service);
  let [grant, plan] = await authorised(parts, call, service, seen);
  let rows = await readRows(parts.reader, plan, grant);
  for (let tries = 0; tries < mostTries; tries++) {
    const draft = draftAnswer(rows, grant, parts.kernel.node);
    const { written, ...record } = await recordAnswer(parts.kernel.recorder, seen, grant, rows.rows.length, draft.bytes);
    const finished = () => ({ body: finishAnswer(draft, record), bytes: draft.bytes, record, grant: grant.state.id });
    if (written && parts.memory.today() === grant.env.today) return finished();
    // Something was revoked or narrowed since this grant was compiled, or its last day has ended: nothing leaves under the old authorisation.
    parts.memory.renew(record.epoch);
    const before = plan;
    [grant, plan] = await authorised(parts, call, service, seen);
    if (!isSamePlan(before, plan)) rows = await readRows(parts.reader, plan, grant);
    else if (written) return finished();
  }
  throw new Refusal('GATEWAY_CHANGING');
}

async function authorised(parts: Parts, call: Call, service: string, seen: Seen): Promise<[CompiledGrant, Plan]> {
  const key = await authenticate(parts.memory, call.authorization);
  seen.key = key.id;
  const grant = await parts.memory.grant(key.grant);
  if (!grant) throw new Refusal('GATEWAY_KEY_UNKNOWN');
  seen.grant = grant;
  // The day the grant was compiled for is today: memory forgets at midnight.
  authorise(grant, service, grant.env.today);
  const plan = planCall(grant, call.body);
  seen.subject = plan.value;
  return [grant, plan];
}

const isSamePlan = (a: Plan, b: Plan): boolean =>
  a.statement.text === b.statement.text && a.value === b.value && a.limit === b.limit && a.offset === b.offset;

async function readRows(reader: Reader, plan: Plan, grant: CompiledGrant): Promise<Rows> {
  try {
    return await reader.read(plan);
  } catch (error) {
    if (error instanceof TableMissing)
      throw new Refusal('GATEWAY_NOT_PUBLISHED', { service: grant.state.service, version: grant.state.serviceVersion }, { cause: error });
    throw error;
  }
}
