/**
 * The zone setting: Asia/Shanghai, as the IANA database tells it. It stands here as a table, so that every engine gives one answer, with any edition
 * of the database that it carries.
 */

/** A time in which the clocks of the zone were not eight hours ahead. */
export interface Span {
  /** First instant, UTC, `YYYY-MM-DD HH:MM:SS`; null: from the beginning. */
  readonly from: string | null;
  /** First instant after it. */
  readonly to: string;
  /** Seconds ahead of UTC. */
  readonly offset: number;
}

/** Seconds ahead of UTC outside of the spans. */
export const STANDARD_OFFSET = 28_800;
const SUMMER_OFFSET = 32_400;

const summer = (from: string, to: string): Span => ({ from, to, offset: SUMMER_OFFSET });

/** Local mean time until 1900, and the summers of 1919, 1940 to 1949 and 1986 to 1991, in order. */
export const SPANS: readonly Span[] = [
  { from: null, to: '1900-12-31 15:54:17', offset: 29_143 },
  summer('1919-04-12 16:00:00', '1919-09-30 15:00:00'),
  summer('1940-05-31 16:00:00', '1940-10-12 15:00:00'),
  summer('1941-03-14 16:00:00', '1941-11-01 15:00:00'),
  summer('1942-01-30 16:00:00', '1945-09-01 15:00:00'),
  summer('1946-05-14 16:00:00', '1946-09-30 15:00:00'),
  summer('1947-04-14 16:00:00', '1947-10-31 15:00:00'),
  summer('1948-04-30 16:00:00', '1948-09-30 15:00:00'),
  summer('1949-04-30 16:00:00', '1949-05-27 15:00:00'),
  summer('1986-05-03 18:00:00', '1986-09-13 17:00:00'),
  summer('1987-04-11 18:00:00', '1987-09-12 17:00:00'),
  summer('1988-04-16 18:00:00', '1988-09-10 17:00:00'),
  summer('1989-04-15 18:00:00', '1989-09-16 17:00:00'),
  summer('1990-04-14 18:00:00', '1990-09-15 17:00:00'),
  summer('1991-04-13 18:00:00', '1991-09-14 17:00:00'),
];

/** An offset as it is written behind a time: +08:00, and with seconds where it has some. */
export function offsetText(offset: number): string {
  const parts = [offset / 3600, (offset / 60) % 60, offset % 60].map((n) => String(Math.floor(n)).padStart(2, '0'));
  return `+${(parts[2] === '00' ? parts.slice(0, 2) : parts).join(':')}`;
}

/** Seconds of a wall clock or of UTC as a number; both are `YYYY-MM-DD HH:MM:SS`. */
export const secondsOf = (clock: string): number => Date.parse(`${clock.replace(' ', 'T')}Z`) / 1000;

/** The opposite of `secondsOf`. */
export const clockOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

/**
 * The spans by the wall clock, for times written without an offset. An hour that came twice, at the end of a summer, is the later one, and an
 * hour that was left out is read as if it had not been: PostgreSQL reads them so.
 */
export const WALL_SPANS: readonly Span[] = SPANS.map(({ from, to, offset }) => ({
  from: from === null ? null : clockOf(secondsOf(from) + offset),
  to: clockOf(secondsOf(to) + STANDARD_OFFSET),
  offset,
}));

/** Beginnings of the hours of the wall clock that were left out where a summer began, or came twice where it ended. */
export const UNSURE_HOURS: readonly string[] = SPANS.filter((s) => s.from !== null).flatMap(({ from, to }) =>
  [from as string, to].map((at) => clockOf(secondsOf(at) + STANDARD_OFFSET)),
);

/** Seconds ahead of UTC at a time: an instant by `SPANS`, a wall clock by `WALL_SPANS`. */
export const offsetAt = (seconds: number, spans: readonly Span[]): number =>
  spans.find(({ from, to }) => (from === null || secondsOf(from) <= seconds) && seconds < secondsOf(to))?.offset ?? STANDARD_OFFSET;
