/** A calendar of working days: which days are off and which weekend days are worked instead, year by year, as the State Council arranges them. */
import { z } from 'zod';
import { daySchema, freeze, idSchema, titleSchema } from './base.ts';

const yearSchema = z.strictObject({
  year: z.int().min(2000).max(2100),
  /** The paper that arranges the year; null while none is published, and then no day of that year can be counted. */
  basis: z.string().min(1).max(500).nullable(),
  days: z.array(
    z.strictObject({
      day: daySchema,
      title: titleSchema,
      /** True for a weekend day that is worked (调休上班), false for a day off. */
      works: z.boolean(),
    }),
  ),
});

export const calendarSchema = z.strictObject({
  form: z.literal(1),
  id: idSchema,
  title: titleSchema,
  years: z.array(yearSchema).min(1),
});
export type Calendar = z.infer<typeof calendarSchema>;

/** Declares a calendar. */
export const calendar = (spec: Omit<Calendar, 'form'>): Calendar => freeze(calendarSchema.parse({ form: 1, ...spec }));
