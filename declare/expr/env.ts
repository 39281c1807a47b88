/** What the world must say before a tree can be evaluated or spelled: the day of asking and the code lists. */

/** One item of a code list; both days are inclusive (YYYY-MM-DD), null is open. */
export type CodeListItem = {
  readonly code: string;
  readonly title: { readonly zh: string; readonly en?: string | undefined };
  readonly validFrom: string | null;
  readonly validTo: string | null;
};

/** The day of asking (YYYY-MM-DD) and the code lists by id; `codeList` throws when it knows no such list. */
export type Env = {
  readonly today: string;
  codeList(id: string): readonly CodeListItem[];
};

/** Whether an item is in force on a day; days written YYYY-MM-DD order as text. */
export function inForce({ validFrom, validTo }: Pick<CodeListItem, 'validFrom' | 'validTo'>, day: string): boolean {
  return (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);
}
