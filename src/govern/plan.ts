/** What governing a table means under the documents in force: its fields, the verdicts on them, and its rules, each with its words. */
import {
  type Binding,
  type Element,
  fieldsOfBinding,
  isCompiled,
  type RuleKind,
  type SeenField,
  type Source,
  shapeBlocks,
  type Title,
  untoldOf,
} from '#declare';
import { KEPT_GRAMMAR } from '#declare/expr/decimal';
import { bind, codeListsOf, col, date, type Expr, mapChildren, matches, num, sentence, text, value } from '#declare/expr/index';
import { digestOf, type Snapshot } from '#kernel/documents/documents';
import { fill } from '#kernel/errors';
import { asTold, ruleAsTold, untoldReason, untoldTitle } from './edition.ts';
import { asNamed } from './named-unit.ts';

/** Words in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** The word of the verdict on a number that decimal(38,16) does not hold: no rounding, no value, and the text kept with the finding. */
export const tooLong = 'too-long';

/** A check of one value or row with the words a person reads. */
export interface Check {
  /** `<field>:<verdict>` for an element's verdict, the binding's own id for a rule, `reading` for rows that could not be read. */
  readonly id: string;
  readonly kind: 'element' | 'row' | 'unique-key' | 'exact-duplicate' | 'reading';
  readonly title: Words;
  readonly severity: 'block' | 'warn';
  /** What the element or the rule kind says of it before the steward decides. */
  readonly usual: 'block' | 'unlisted' | 'warn';
  /** The field it speaks of first; null where the whole row is meant. */
  readonly field: string | null;
  readonly sentence: Words;
  /** Why a row broke it; `{value}` and `{row}` are filled when it is shown. */
  readonly reason: Words;
}

/** An element's verdict on a field, over `value`. */
export interface Verdict extends Check {
  readonly holds: Expr;
}

export interface PlannedField extends SeenField {
  /** Column of the source. */
  readonly column: string;
  readonly means: Element;
  /** In the order in which they are passed; the first that fails is the one reported. */
  readonly verdicts: readonly Verdict[];
}

export interface PlannedRule extends Check {
  /** Over governed fields; null for a rule that compares rows. */
  readonly holds: Expr | null;
  /** Governed fields it looks at. */
  readonly looksAt: readonly string[];
}

export interface TablePlan {
  readonly binding: Binding;
  readonly version: number;
  readonly source: Source;
  readonly fields: readonly PlannedField[];
  readonly rules: readonly PlannedRule[];
  /** Over the text of the field by which the newest is told: the text of the instant, where it orders the changes of one day. */
  readonly moment: Expr | null;
  /** Digest over every document that decides what a row comes to; another digest means that a rebuild may give other rows. */
  readonly documents: string;
}

/** The field by which the newest row of a key is told, with its place; null where only the order of arrival tells. */
export function newestOf({ binding, fields }: TablePlan): { readonly field: PlannedField; readonly at: number } | null {
  const at = fields.findIndex((f) => f.name === binding.newest);
  const field = fields[at];
  return field ? { field, at } : null;
}

/** How rows of an incremental source are told apart, beside the key of the table. */
export interface Versions {
  /** A later batch brings the later version of a row of the source; the former one counts no more, also where its key in the table was another. */
  readonly bySource: boolean;
  /** Of several rows of the source under one key the one with the greatest cursor value is current, where no field tells the newest. */
  readonly byCursor: boolean;
}

/** What tells versions of a table's rows. */
export function versionsOf({ binding, source }: Pick<TablePlan, 'binding' | 'source'>): Versions {
  const isRead = source.mode === 'incremental';
  return { bySource: isRead && source.key.length > 0, byCursor: isRead && binding.key.length > 0 && binding.newest === null };
}

/** The element that orders the changes of one day; null where the newest is not told by a day, or no element is named. */
function momentOf(snapshot: Snapshot, field: PlannedField | undefined): Element | null {
  const named = field?.type === 'date' ? field.means.moment : undefined;
  return (named !== undefined && snapshot.find('element', named)) || null;
}

/** The check of rows that the collector could not read. */
export const readingCheck: Check = {
  id: 'reading',
  kind: 'reading',
  title: { zh: '行可读', en: 'Row can be read' },
  severity: 'block',
  usual: 'block',
  field: null,
  sentence: { zh: '每一行都能按约定的格式读出', en: 'every row can be read in the form agreed on' },
  reason: { zh: '这一行读不出来：{fault}', en: 'this row cannot be read: {fault}' },
};

/**
 * The plan of a table.
 * @throws Refusal DOCUMENT_NOT_FOUND when the binding or something it names does not exist
 */
export function planTable(snapshot: Snapshot, id: string): TablePlan {
  const binding = snapshot.get('binding', id);
  const source = snapshot.get('source', binding.source);
  const seen = fieldsOfBinding(binding, snapshot.find);
  const fields = binding.fields.map((f): PlannedField => {
    const as = seen.find((s) => s.name === f.name) as SeenField;
    return planField(snapshot, as, f.column, snapshot.get('element', f.element), f.withholds);
  });
  const rules = binding.rules.flatMap((r) => rulesOf(snapshot, r, binding, source, fields));
  const moment = momentOf(
    snapshot,
    fields.find((f) => f.name === binding.newest),
  );
  return {
    binding,
    version: snapshot.head('binding', id)?.version ?? 0,
    source,
    fields,
    rules,
    moment: moment?.standardise ?? null,
    documents: documentsOf(snapshot, binding, [...fields.map((f) => f.means), ...(moment ? [moment] : [])], fields, rules),
  };
}

/** A field as it is standardised, typed and judged when it means an element. `withholds`: warnings of it that hold the row back here. */
export function planField(
  snapshot: Snapshot,
  field: SeenField,
  column: string,
  element: Element,
  withholds: readonly string[] = [],
): PlannedField {
  const means = asNamed(element, column, field.title.zh);
  return { ...field, column, means, verdicts: verdictsOf(snapshot, field, means, withholds) };
}

/** Every check of a table in the order in which it is shown. */
export const checksOf = (plan: TablePlan): readonly Check[] => [readingCheck, ...plan.fields.flatMap((f) => f.verdicts), ...plan.rules];

const both = (title: Title): Words => ({ zh: title.zh, en: title.en ?? title.zh });

const tooLongReason: Title = {
  zh: '“{value}”过长，存下来就会被改动：整数部分至多22位，小数至多16位；这里记为没有值，原文留在此处',
  en: "'{value}' is too long to be kept as it is (22 digits before and 16 after the point): it counts as no value, and its text stays here",
};

const codeListTitles = (snapshot: Snapshot): Record<string, Title> =>
  Object.fromEntries(snapshot.list('code-list').map((l) => [l.id, l.title]));

function verdictsOf(snapshot: Snapshot, field: SeenField, e: Element, withholds: readonly string[]): readonly Verdict[] {
  const names = { columns: { value: field.title }, codeLists: codeListTitles(snapshot) };
  const title = (verdict: Title): Words => ({
    zh: `${field.title.zh}：${verdict.zh}`,
    en: `${field.title.en ?? field.name}: ${verdict.en ?? verdict.zh}`,
  });
  const made = (word: string, what: Title, usual: Check['usual'], holds: Expr, reason: Title): Verdict => ({
    id: `${field.name}:${word}`,
    kind: 'element',
    title: title(what),
    severity: usual === 'block' || withholds.includes(word) ? 'block' : 'warn',
    usual,
    field: field.name,
    sentence: sentence(holds, names),
    reason: both(reason),
    holds,
  });
  // A value that is no code at all is as unknown to a list as a code that it lacks.
  const shape = made('shape', { zh: '格式', en: 'shape' }, shapeBlocks(e) ? 'block' : 'unlisted', e.shape, e.reasons.shape);
  const checksum = e.checksum
    ? [made('checksum', { zh: '校验码', en: 'check character' }, 'block', e.checksum, e.reasons.checksum ?? e.reasons.shape)]
    : [];
  const fits = matches(value, KEPT_GRAMMAR, 'holds');
  const length = field.type === 'number' ? [made(tooLong, { zh: '数值过长', en: 'number too long' }, 'warn', fits, tooLongReason)] : [];
  const semantics = e.semantics.flatMap((s) => {
    const split = s.on ? asTold(s.holds, s.on, snapshot) : null;
    if (!split) return [made(s.id, s.title, s.severity, s.holds, s.reason)];
    return [
      made(s.id, s.title, s.severity, split.told, s.reason),
      made(untoldOf(s.id), untoldTitle(s.title), s.severity, split.untold, untoldReason(split.list)),
    ];
  });
  // Only the first failing verdict is reported: first those that block, then those that say that the value is none of the element's.
  return [shape, ...checksum, ...length, ...semantics].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Where a verdict stands among those of its field. */
export const rankOf = ({ severity, usual }: Pick<Check, 'severity' | 'usual'>): 0 | 1 | 2 =>
  severity === 'block' ? 0 : usual === 'warn' ? 2 : 1;

/** A rule as it is asked: in two where it asks a list whose edition may be older than the data. */
function rulesOf(
  snapshot: Snapshot,
  rule: Binding['rules'][number],
  binding: Binding,
  source: Source,
  fields: readonly PlannedField[],
): readonly PlannedRule[] {
  const kind = snapshot.get('rule-kind', rule.kind);
  const fieldOf = (name: string): PlannedField | undefined => fields.find((f) => f.name === name);
  const slots = kind.slots.flatMap((s) => {
    const f = fieldOf(rule.slots[s.name] ?? '');
    return f ? [{ slot: s.name, field: f }] : [];
  });
  const words = (language: 'zh' | 'en'): Record<string, string> => ({
    ...Object.fromEntries(slots.map(({ slot, field }) => [slot, field.title[language] ?? field.title.zh])),
    ...Object.fromEntries(kind.params.map((p) => [p.name, paramWords(snapshot, p.type, rule.params[p.name] ?? '', language)])),
  });
  const severity = rule.severity ?? kind.severity;
  const usual = kind.severity;
  const called = slots[0]
    ? {
        zh: `${slots[0].field.title.zh}：${kind.title.zh}`,
        en: `${slots[0].field.title.en ?? slots[0].field.name}: ${kind.title.en ?? kind.title.zh}`,
      }
    : both(kind.title);
  const reason = { zh: fill(kind.reason.zh, words('zh')), en: fill(kind.reason.en ?? kind.reason.zh, words('en')) };
  const base = { id: rule.id, title: called, severity, usual, field: slots[0]?.field.name ?? null, reason };
  if (isCompiled(kind)) {
    const compiled = kind.holds.compiled;
    const key = slots.length > 0 ? slots.map((s) => s.field.name) : binding.key;
    const looksAt = compiled === 'unique-key' ? key : [];
    const newest = binding.newest === null ? undefined : both(fieldOf(binding.newest)?.title ?? { zh: binding.newest });
    const titles = looksAt.map((name) => both(fieldOf(name)?.title ?? { zh: name }));
    const said =
      compiled === 'unique-key'
        ? source.mode === 'incremental'
          ? {
              zh: `同一批中${titles.map((t) => t.zh).join('、')}和新旧都相同的行只保留最后到的一行`,
              en: `of the rows of a delivery with the same ${titles.map((t) => t.en).join(', ')} and the same age only the last is kept`,
            }
          : {
              zh: `同一批中${titles.map((t) => t.zh).join('、')}相同的行只保留${newest ? `${newest.zh}最新` : '最先出现'}的一行`,
              en: `of the rows of a delivery with the same ${titles.map((t) => t.en).join(', ')} only the ${newest ? `one with the newest ${newest.en}` : 'first'} is kept`,
            }
        : { zh: '同一批中没有各列都相同的行', en: 'no two rows of a delivery are the same in every column' };
    return [{ ...base, kind: compiled, field: looksAt[0] ?? null, sentence: said, holds: null, looksAt }];
  }
  const bound = bindRule(kind.holds as Expr, rule, kind, slots);
  const names = { columns: Object.fromEntries(fields.map((f) => [f.name, f.title])), codeLists: codeListTitles(snapshot) };
  const asked = (holds: Expr): Pick<PlannedRule, 'kind' | 'sentence' | 'holds' | 'looksAt'> => ({
    kind: 'row',
    sentence: sentence(holds, names),
    holds,
    looksAt: slots.map((s) => s.field.name),
  });
  const split = ruleAsTold(bound, snapshot);
  if (!split) return [{ ...base, ...asked(bound) }];
  const title = untoldTitle(base.title);
  return [
    { ...base, ...asked(split.told) },
    {
      ...base,
      id: untoldOf(rule.id),
      title: both(title),
      severity: 'warn',
      usual: 'warn',
      reason: both(untoldReason(split.list)),
      ...asked(split.untold),
    },
  ];
}

/** Puts fields into slots, constants into parameters, and lists where a parameter stands for the id of a code list. */
function bindRule(
  holds: Expr,
  rule: Binding['rules'][number],
  kind: RuleKind,
  slots: readonly { slot: string; field: PlannedField }[],
): Expr {
  const replacements: Record<string, Expr> = Object.fromEntries(slots.map(({ slot, field }) => [slot, col(field.name, field.type)]));
  const lists = new Map<string, string>();
  for (const p of kind.params) {
    const given = rule.params[p.name] ?? '';
    if (p.type === 'code-list') lists.set(p.name, given);
    else replacements[p.name] = p.type === 'number' ? num(given) : p.type === 'date' ? date(given) : text(given);
  }
  const relisted = (e: Expr): Expr => {
    const mapped = mapChildren(e, relisted);
    return 'list' in mapped && lists.has(mapped.list) ? Object.freeze({ ...mapped, list: lists.get(mapped.list) as string }) : mapped;
  };
  return bind(relisted(holds), replacements);
}

function paramWords(snapshot: Snapshot, type: string, given: string, language: 'zh' | 'en'): string {
  if (type !== 'code-list') return given;
  const title = snapshot.find('code-list', given)?.title;
  return (language === 'zh' ? title?.zh : (title?.en ?? title?.zh)) ?? given;
}

function documentsOf(
  snapshot: Snapshot,
  binding: Binding,
  elements: readonly Element[],
  fields: readonly PlannedField[],
  rules: readonly PlannedRule[],
): string {
  const trees = [
    ...elements.map((e) => e.standardise),
    ...fields.flatMap((f) => f.verdicts.map((v) => v.holds)),
    ...rules.flatMap((r) => (r.holds ? [r.holds] : [])),
  ];
  const lists = new Set(trees.flatMap((t) => codeListsOf(t)));
  const overlays = snapshot
    .list('code-list')
    .filter((l) => l.overlays !== null && lists.has(l.overlays))
    .map((l) => l.id);
  const digest = (kind: 'binding' | 'element' | 'rule-kind' | 'code-list', id: string): string =>
    `${kind} ${id} ${snapshot.head(kind, id)?.digest ?? ''}`;
  const source = snapshot.get('source', binding.source);
  const { bySource, byCursor } = versionsOf({ binding, source });
  return digestOf([
    ...[
      digest('binding', binding.id),
      ...new Set(elements.map((e) => digest('element', e.id))),
      ...new Set(binding.rules.map((r) => digest('rule-kind', r.kind))),
      ...[...lists, ...overlays].map((l) => digest('code-list', l)),
    ].sort(),
    source.layout?.fillDown ?? [],
    ...(bySource || byCursor ? [{ key: source.key, cursor: source.cursor }] : []),
  ]);
}
