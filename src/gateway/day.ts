/** The day by which calls are authorised: today in the city's zone, which does not come back when the clock is set back over midnight. */
import type { Kernel } from '#kernel/stage';

/** The days by which one process authorises. */
export interface LawDay {
  /** Today, or the next day if it has begun before. */
  today(): string;
  /**
   * Takes note of the latest day by which any process has authorised, and writes this one's down before anything is decided by it: a grant
   * that was refused as run out stays so, in every process and after a restart.
   */
  settle(known: string | null): Promise<void>;
}

/**
 * Opens the days of a process. A clock that shows the day before the latest one was set back, and the day stays; one that shows an earlier day
 * than that was wrong before, so it is followed: else one false year would close every grant for good.
 */
export function openDay(kernel: Pick<Kernel, 'clock' | 'db'>): LawDay {
  let begun = '';
  // Spelling a day in a zone costs more than the rest of a look-up; a day begins with a minute.
  let minute = Number.NaN;
  let shown = '';
  const today = (): string => {
    const now = Math.floor(kernel.clock.now().getTime() / 60_000);
    if (now !== minute) [minute, shown] = [now, kernel.clock.today()];
    return isDayBefore(shown, begun) ? begun : shown;
  };
  return {
    today,
    async settle(known) {
      const now = today();
      begun = known !== null && isDayBefore(now, known) ? known : now;
      if (begun !== known) await kernel.db.run('update kernel.epoch set day = $1 where day is distinct from $1', [begun]);
    },
  };
}

const isDayBefore = (day: string, other: string): boolean => day < other && Date.parse(other) - Date.parse(day) === 86_400_000;
