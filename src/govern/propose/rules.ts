/** The rules that a new table is offered: each rule kind says itself where. */
import { type Binding, type FieldType, isCompiled, type RuleKind } from '#declare';
import { children, type Expr } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';

/** What choosing rules needs to know of a field. */
export interface OfferedField {
  readonly name: string;
  readonly type: FieldType;
  readonly element: string;
  readonly isKey: boolean;
  /** Nearly every row has a value. */
  readonly isFilled: boolean;
  /** It is called after something to come: until when it is valid, when it is due next. */
  readonly isAhead: boolean;
}
export type OfferedRule = Binding['rules'][number];

/**
 * The rules offered for these fields. Where the proposed key does not identify every row (`isWhole` is false), what the rules of the key find is a
 * warning: to withhold those rows is the steward's to say.
 */
export function offerRules(snapshot: Snapshot, fields: readonly OfferedField[], isWhole: boolean): OfferedRule[] {
  const rules = snapshot
    .list('rule-kind')
    .flatMap((kind) => placesOf(kind, fields).map((slots) => ruleOf(kind, slots, asksKey(kind) && !isWhole ? 'warn' : null)));
  return rules.filter((r, i) => rules.findIndex((x) => x.id === r.id) === i);
}

function placesOf(kind: RuleKind, fields: readonly OfferedField[]): Readonly<Record<string, string>>[] {
  // Constants are the steward's to say.
  if (kind.proposed === null || kind.params.length > 0) return [];
  if (kind.proposed === 'table') return kind.slots.length === 0 ? [{}] : [];
  // That all days to come lie behind us in the first edition says nothing of the next.
  const fits = (slot: RuleKind['slots'][number]): OfferedField[] =>
    fields.filter(
      (f) => f.type === slot.type && (slot.elements.length === 0 || slot.elements.includes(f.element)) && !(f.isAhead && asksToday(kind)),
    );
  const [first, ...others] = kind.slots;
  if (!first) return [];
  const rest: Record<string, string> = {};
  for (const slot of others) {
    const field = fits(slot)[0];
    if (!field) return [];
    rest[slot.name] = field.name;
  }
  const found = fits(first);
  const chosen =
    kind.proposed === 'first' ? found.slice(0, 1) : kind.proposed === 'key' ? found.filter((f) => f.isKey && f.isFilled) : found;
  return chosen.map((f) => ({ [first.name]: f.name, ...rest }));
}

const namesToday = (of: Expr): boolean => of.kind === 'today' || children(of).some(([, child]) => namesToday(child));
const asksToday = (kind: RuleKind): boolean => !('compiled' in kind.holds) && namesToday(kind.holds);

/** Whether a rule kind asks the key of a row: that it is there, that no other row has it. */
export const asksKey = (kind: RuleKind): boolean => kind.proposed === 'key' || (isCompiled(kind) && kind.holds.compiled === 'unique-key');

/** Whether a rule compares the rows of a delivery with one another. */
export const comparesRows = (snapshot: Snapshot, rule: OfferedRule): boolean => isCompiled(snapshot.get('rule-kind', rule.kind));

function ruleOf(kind: RuleKind, slots: Readonly<Record<string, string>>, severity: 'warn' | null): OfferedRule {
  const words = Object.values(slots).map((s) => s.replace(/[A-Z]/g, (l) => `-${l.toLowerCase()}`));
  return {
    id: [kind.id, ...words].join('-').slice(0, 63).replace(/-+$/, ''),
    kind: kind.id,
    slots: { ...slots },
    params: {},
    severity,
  };
}
