/** An update cycle (更新周期): how often a provider promises to renew what an entry describes, and when a delivery that did not come is late. */
import { z } from 'zod';
import { freeze, titleSchema } from './base.ts';

/**
 * 1 real time, 2 daily, 3 weekly, 4 monthly, 5 quarterly, 6 yearly (目录编制指南 2017); by practice 7 half-yearly, 8 irregular, 9 one-off.
 */
export const updateCycleCodeSchema = z.enum(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
export type UpdateCycleCode = z.infer<typeof updateCycleCodeSchema>;

const whole = z.int().min(1).max(1000);
/** A length of time as people agree on it: months and days are those of the calendar. */
const spanSchema = z.union([
  z.strictObject({ minutes: whole }),
  z.strictObject({ days: whole }),
  z.strictObject({ months: z.int().min(1).max(12) }),
]);
export type Span = z.infer<typeof spanSchema>;

export const updateCycleSchema = z.strictObject({
  form: z.literal(1),
  /** `cycle-` and its code. */
  id: z.templateLiteral(['cycle-', updateCycleCodeSchema]),
  title: titleSchema,
  /** From one delivery to the next; null where no time is promised: never collected by itself, never late. */
  every: spanSchema.nullable(),
  /** The time granted beyond the cycle. Where it is days, arranged days off do not count. */
  grace: z.union([z.strictObject({ minutes: whole }), z.strictObject({ days: whole })]).nullable(),
});
export type UpdateCycle = z.infer<typeof updateCycleSchema>;

/** Declares an update cycle. */
export const updateCycle = (spec: Omit<UpdateCycle, 'form'>): UpdateCycle => freeze(updateCycleSchema.parse({ form: 1, ...spec }));
