/** Find: the service a call is for. */
import { idSchema } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Memory } from './memory.ts';

/** @throws Refusal GATEWAY_SERVICE_UNKNOWN */
export async function findService(memory: Memory, id: string): Promise<string> {
  if (!isServiceId(id) || !(await memory.hasService(id)))
    throw new Refusal('GATEWAY_SERVICE_UNKNOWN', { service: isServiceId(id) ? id : '?' });
  return id;
}

/** Whether a word could name a service at all; anything else is not written into the log. */
export const isServiceId = (word: string): boolean => word.length <= 63 && idSchema.safeParse(word).success;
