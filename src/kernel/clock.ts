/** The injected clock and the city's zone: days of law are dates in the zone, instants are timestamps. */

export interface Clock {
  /** The present instant. */
  now(): Date;
  /** Today in the city's zone, YYYY-MM-DD. */
  today(): string;
}

/** The zone of every connection and of every day of law. */
export const zone = 'Asia/Shanghai';

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

/** The calendar day of an instant in the city's zone. */
export const dayOf = (instant: Date): string => dayFormat.format(instant);

const secondFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });

/** An instant as people of the city write it: YYYY-MM-DD HH:MM:SS in its zone. */
export const instantWords = (instant: Date): string => secondFormat.format(instant);

/** How far the city's wall clock is ahead of UTC at an instant, in milliseconds. */
export const zoneOffset = (instant: number): number => {
  const second = Math.floor(instant / 1000) * 1000;
  return Date.parse(`${secondFormat.format(second).replace(' ', 'T')}Z`) - second;
};

/** The instant at which a day of the city's zone has lasted so many milliseconds. */
export function instantOf(day: string, milliseconds = 0): Date {
  const wall = Date.parse(`${day}T00:00:00Z`) + milliseconds;
  return new Date(wall - zoneOffset(wall - zoneOffset(wall)));
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date(), today: () => dayOf(new Date()) };

/** A clock that stands still until it is set; for tests. */
export function fixedClock(instant: string): Clock & { set(instant: string): void } {
  let now = new Date(instant);
  return {
    now: () => now,
    today: () => dayOf(now),
    set: (i) => {
      now = new Date(i);
    },
  };
}
