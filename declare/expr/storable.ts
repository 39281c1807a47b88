/** Which texts every engine can hold. By itself, so that what reads a tree out needs no schema. */

/** Whether every engine can hold this text exactly: no NUL (PostgreSQL cannot hold it) and no unpaired surrogate (no engine can). */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
