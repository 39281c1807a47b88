/** Answer: the body, its bytes known before the record is written although it names the record. */
import type { Recorded } from '#kernel/facts/record';
import type { CompiledGrant } from './compile.ts';
import type { Rows } from './read.ts';

/** A body that lacks only the record's id and digest. */
export interface Draft {
  readonly head: string;
  /** Bytes of the finished body. */
  readonly bytes: number;
}

const digestLength = 64;
/** An id is `record-<node>-` and 19 characters (see the kernel's identifier). */
const idLength = (node: string): number => 'record-'.length + node.length + 1 + 19;

/** Drafts the body from rows that are JSON already. */
export function draftAnswer(found: Rows, { state, notices }: Pick<CompiledGrant, 'state' | 'notices'>, node: string): Draft {
  const told = notices.length === 0 ? '' : `,"notices":${JSON.stringify(notices)}`;
  const head = `{"rows":[${found.rows.join(',')}],"count":${found.rows.length},"more":${found.more}${told},"grant":"${state.id}","record":{"id":"`;
  return { head, bytes: Buffer.byteLength(head) + idLength(node) + '","digest":"'.length + digestLength + '"}}'.length };
}

/** The finished body. */
export const finishAnswer = (draft: Draft, record: Recorded): string => `${draft.head}${record.id}","digest":"${record.digest}"}}`;
