/** The small words every document is made of: titles, ids, and the sentence with which a declaration is refused. */
import { z } from 'zod';
import { faultInChinese } from './fault-words.ts';

/** A title in Chinese first; English where it exists. */
export const titleSchema = z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200).optional() });
export type Title = z.infer<typeof titleSchema>;

/** A machine id: lower-case words joined by hyphens, at most 63 characters so that it fits a PostgreSQL identifier. */
export const idSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, '须为小写字母与数字组成的词，以连字符相连 / lower-case words joined by hyphens');

/** Names that every JavaScript object answers to, whether or not it holds a value of that name. */
export const isInherited = (name: string): boolean => name in Object.prototype;

/** A field of a governed table or library: a lower-camel word. */
export const fieldNameSchema = z
  .string()
  .max(63)
  .regex(/^[a-z][A-Za-z0-9]*$/, '须以小写字母开头，只含字母和数字 / a lower-camel word')
  .refine((name) => !isInherited(name), '这是程序自用的名字，请换一个 / a name that programs keep for themselves: take another');

/** A calendar day as text, YYYY-MM-DD. */
export const daySchema = z.iso.date();

/** Sensitivity of a field, 1 (none) to 4 (sensitive personal information); 3 and above is never returned unmasked without a stated reason. */
export const sensitivitySchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Sensitivity = z.infer<typeof sensitivitySchema>;

/** The types a governed value can have. Codes are text. */
export const fieldTypeSchema = z.enum(['text', 'date', 'instant', 'number']);
export type FieldType = z.infer<typeof fieldTypeSchema>;

/** One fault of a declaration: where it is and what is wrong, in both languages. */
export interface DeclarationFault {
  /** Path inside the document, e.g. `returns.3.field`. */
  readonly at: string;
  readonly zh: string;
  readonly en: string;
}

/**
 * What zod found wrong, in both languages. Where a schema has words of its own they are written `中文 / English`; for the others zod is asked
 * a second time, in Chinese.
 */
export function faultsOf(schema: z.ZodType, given: unknown, found: z.ZodError): DeclarationFault[] {
  const inChinese = schema.safeParse(given, { error: faultInChinese }).error?.issues;
  return found.issues.map((issue, i) => {
    const [zh, en] = issue.message.split(' / ');
    return {
      at: issue.path.join('.') || '.',
      zh: en === undefined ? (inChinese?.[i]?.message ?? issue.message) : (zh as string),
      en: en ?? issue.message,
    };
  });
}

/** Thrown when a document cannot be accepted; carries every fault found, so that a person mends them in one go. */
export class DeclarationError extends Error {
  override readonly name = 'DeclarationError';
  readonly kind: string;
  readonly id: string;
  readonly faults: readonly DeclarationFault[];

  constructor(kind: string, id: string, faults: readonly DeclarationFault[]) {
    super(`${kind} ${id}: ${faults.map((f) => `${f.at}: ${f.en}`).join('; ')}`);
    this.kind = kind;
    this.id = id;
    this.faults = faults;
  }
}

/** Freezes plain data all the way down, so that a declaration cannot change after it was checked. */
export function freeze<T>(data: T): T {
  if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) {
    Object.freeze(data);
    for (const part of Object.values(data)) freeze(part);
  }
  return data;
}
