/** A process: the states a document can be in, the steps between them, and who may take each step. */
import { z } from 'zod';
import { daySchema, freeze, idSchema, titleSchema } from './base.ts';
import { exprSchema } from './expr/index.ts';

export const stepSchema = z.strictObject({
  id: idSchema,
  title: titleSchema,
  from: z.array(idSchema).min(1),
  to: idSchema,
  /** Roles that may take the step; empty for a step that only the machine takes. */
  by: z.array(idSchema),
  /** What the actor's department must be to the document; `any` where it does not matter. */
  as: z.enum(['owner', 'counterpart', 'any']),
  opinion: z.enum(['required', 'optional']),
  /** False for a mere right, such as to withdraw: nobody is waited for because of it. */
  duty: z.boolean().default(true),
  /** When it holds over the document's facts, the machine takes this step by itself as soon as the document reaches a `from` state. */
  itself: exprSchema.nullable(),
});

/** How long a state may last before it is overdue, counted on the calendars in force from the day it is entered. */
const limitSchema = z.strictObject({
  /** Working days. */
  days: z.int().min(1).max(365),
  /** The clause it comes from. */
  basis: titleSchema,
  /** Days on which a state must be entered for this limit to hold for it. */
  validFrom: daySchema,
  validTo: daySchema.nullable(),
  /** False while nobody competent has confirmed the clause and the number. */
  confirmed: z.boolean(),
});
export type Limit = z.infer<typeof limitSchema>;

export const processSchema = z.strictObject({
  form: z.literal(2),
  id: idSchema,
  title: titleSchema,
  /** Kind of document it governs. */
  of: idSchema,
  start: idSchema,
  states: z.array(
    z.strictObject({
      id: idSchema,
      title: titleSchema,
      /** How a thing in this state is doing, for the eye: nothing to do, waiting for somebody, ended badly, ended well. */
      tone: z.enum(['neutral', 'waiting', 'refused', 'done']),
      /** At most one holds on a day; none where nothing limits the state. */
      limits: z.array(limitSchema).default([]),
    }),
  ),
  steps: z.array(stepSchema).min(1),
});
export type Process = z.infer<typeof processSchema>;
export type ProcessStep = z.infer<typeof stepSchema>;

/** Declares a process. What is left out of states and steps is what their schemas say. */
export const process = (spec: Omit<z.input<typeof processSchema>, 'form'>): Process => freeze(processSchema.parse({ form: 2, ...spec }));
