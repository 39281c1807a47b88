/** A process: the states a document can be in, the steps between them, and who may take each step. */
import { z } from 'zod';
import { freeze, idSchema, titleSchema } from './base.ts';
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
  /** When it holds over the document's facts, the machine takes this step by itself as soon as the document reaches a `from` state. */
  itself: exprSchema.nullable(),
});

export const processSchema = z.strictObject({
  form: z.literal(1),
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
    }),
  ),
  steps: z.array(stepSchema).min(1),
});
export type Process = z.infer<typeof processSchema>;
export type ProcessStep = z.infer<typeof stepSchema>;

/** Declares a process. */
export const process = (spec: Omit<Process, 'form'>): Process => freeze(processSchema.parse({ form: 1, ...spec }));
