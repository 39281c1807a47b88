/** Days for the city's documents. */
import { dayOf } from '#kernel/clock';

/** The day `days` after an instant's, in the city's zone. */
export const addDays = (from: Date, days: number): string => dayOf(new Date(from.getTime() + days * 86_400_000));
