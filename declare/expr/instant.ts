/** Instant nodes: points of time to the microsecond, whose wall clock in the zone setting stands in the years 0001 to 9999. */

import { z } from 'zod';
import { dayPattern } from './day.ts';
import type { ExprSchema } from './node.ts';
import { node } from './node.ts';
import type { Expr } from './tree.ts';
import { clockOf, offsetAt, offsetText, SPANS, secondsOf, WALL_SPANS } from './zone.ts';

export type InstantNode =
  | { readonly kind: 'toInstant'; readonly of: Expr }
  | { readonly kind: 'instantText'; readonly of: Expr }
  | { readonly kind: 'instantDay'; readonly of: Expr };
type Of<K extends InstantNode['kind']> = Extract<InstantNode, { kind: K }>;

export const instantNodes = (expr: ExprSchema) =>
  [
    z.strictObject({ kind: z.literal('toInstant'), of: expr }),
    z.strictObject({ kind: z.literal('instantText'), of: expr }),
    z.strictObject({ kind: z.literal('instantDay'), of: expr }),
  ] as const;

/**
 * The instant written in a text, in exactly this form: `YYYY-MM-DDTHH:MM:SS`, up to six decimals of a second, and an offset (`Z`, `+HH:MM` or
 * `+HH:MM:SS`, to 15:59:59). Without an offset it is a wall clock of the zone setting. Absent when it is not so written.
 */
export function toInstant(of: Expr): Of<'toInstant'> {
  return node({ kind: 'toInstant', of });
}

/** The instant as text in the zone setting, with the offset of that time: `2026-05-01T08:00:00.5+08:00`. */
export function instantText(of: Expr): Of<'instantText'> {
  return node({ kind: 'instantText', of });
}

/** The calendar day in the zone setting. */
export function instantDay(of: Expr): Of<'instantDay'> {
  return node({ kind: 'instantDay', of });
}

/** What toInstant reads: wall clock, decimals, offset. */
export const WALL_GRAMMAR = `${dayPattern(['-', '-', ''])}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?`;
export const OFFSET_GRAMMAR = '(?:Z|[+-](?:0[0-9]|1[0-5]):[0-5][0-9](?::[0-5][0-9])?)';
const INSTANT = new RegExp(`^${WALL_GRAMMAR}(?:${OFFSET_GRAMMAR})?$`, 'u');

/** First and last second of the wall clock. */
export const FIRST_WALL = '0001-01-01 00:00:00';
export const LAST_WALL = '9999-12-31 23:59:59';

/** An instant as UTC text of one length, which orders as time does: `2026-05-01T00:00:00.000000Z`; null where the text is none. */
export function parseInstant(text: string): string | null {
  if (!INSTANT.test(text)) return null;
  const wall = secondsOf(text.slice(0, 19));
  const [, fraction = '', offset = ''] = /^(?:\.([0-9]+))?(.*)$/u.exec(text.slice(19)) ?? [];
  const instant = wall - (offset === '' ? offsetAt(wall, WALL_SPANS) : offsetOf(offset));
  const local = instant + offsetAt(instant, SPANS);
  if (local < secondsOf(FIRST_WALL) || local > secondsOf(LAST_WALL)) return null;
  return `${clockOf(instant).replace(' ', 'T')}.${fraction.padEnd(6, '0')}Z`;
}

/** The opposite of `parseInstant`: the text in the zone setting. */
export function instantWritten(instant: string): string {
  const seconds = secondsOf(instant.slice(0, 19));
  const offset = offsetAt(seconds, SPANS);
  const fraction = instant.slice(19, 26).replace(/\.?0+$/u, '');
  return `${clockOf(seconds + offset).replace(' ', 'T')}${fraction}${offsetText(offset)}`;
}

/** Seconds of an offset as it is written. */
function offsetOf(written: string): number {
  if (written === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = written.slice(1).split(':').map(Number);
  return (written.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}
