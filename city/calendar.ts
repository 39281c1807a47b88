/** Calendar days as ISO text, counted without a clock. */

const millisecondsOfDay = 86_400_000;
const texts = new Map<number, string>();

/** Number of a day, 0 on 1970-01-01. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / millisecondsOfDay;

/** The day with this number, as YYYY-MM-DD. */
export function dayText(number: number): string {
  const known = texts.get(number);
  if (known !== undefined) return known;
  const text = new Date(number * millisecondsOfDay).toISOString().slice(0, 10);
  texts.set(number, text);
  return text;
}

/** The day so many days later. */
export const addDays = (day: string, days: number): string => dayText(dayNumber(day) + days);

/** An instant in the city's zone as the collector hands it over (ISO 8601 with microseconds), from a day and a second of that day (0 to 86,399). */
export function instantText(day: string, second: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${day}T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}.000000+08:00`;
}

/** The same date with day and month exchanged; null where that is the same date or no date at all. */
export function swapped(day: string): string | null {
  const [year, month, date] = day.split('-') as [string, string, string];
  return Number(date) <= 12 && date !== month ? `${year}-${date}-${month}` : null;
}

/** The forms in which departments write dates: ISO, slashes, eight digits, Chinese. */
export const dateForms = ['iso', 'slash', 'compact', 'chinese'] as const;
export type DateForm = (typeof dateForms)[number];

/** Writes a day in one of the forms; slashes and Chinese drop leading zeros, as people do. */
export function writtenAs(day: string, form: DateForm): string {
  const [year, month, date] = day.split('-') as [string, string, string];
  if (form === 'slash') return `${year}/${Number(month)}/${Number(date)}`;
  if (form === 'compact') return `${year}${month}${date}`;
  if (form === 'chinese') return `${year}年${Number(month)}月${Number(date)}日`;
  return day;
}
