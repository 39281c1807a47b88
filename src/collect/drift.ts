/** Drift: the columns delivered against the columns declared, each difference by name. Nothing is guessed: a renamed column is refused too. */
import { Refusal } from '#kernel/errors';

export interface Drift {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** A declared column in whose place another name stands. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** Columns that are there but not in their place. */
  readonly reordered: readonly string[];
}

/** What differs; null when nothing does. Two columns of one name: the later one is extra. An empty name is a column that has none. */
export function compareColumns(declared: readonly string[], delivered: readonly string[]): Drift | null {
  const lost = declared.filter((c) => !delivered.includes(c));
  const known = new Set(declared);
  const strange = delivered.filter((c, i) => c !== '' && (!known.has(c) || delivered.indexOf(c) !== i));
  const renamed = declared.flatMap((from, i) => {
    const to = delivered[i];
    return lost.includes(from) && to !== undefined && to !== '' && !known.has(to) ? [{ from, to }] : [];
  });
  const missing = lost.filter((c) => !renamed.some((r) => r.from === c));
  const extra = strange.filter((c) => !renamed.some((r) => r.to === c));
  const common = delivered.filter((c, i) => known.has(c) && delivered.indexOf(c) === i);
  const order = declared.filter((c) => common.includes(c));
  const reordered = order.filter((c, i) => c !== common[i]);
  return missing.length + extra.length + renamed.length + reordered.length === 0 ? null : { missing, extra, renamed, reordered };
}

/** The difference in one sentence. */
export function driftWords(d: Drift): { zh: string; en: string } {
  const said = [
    d.missing.length > 0 && { zh: `缺少 ${d.missing.join('、')}`, en: `missing ${d.missing.join(', ')}` },
    d.extra.length > 0 && { zh: `多出 ${d.extra.join('、')}`, en: `extra ${d.extra.join(', ')}` },
    d.renamed.length > 0 && {
      zh: d.renamed.map((r) => `“${r.from}”的位置上是“${r.to}”`).join('、'),
      en: d.renamed.map((r) => `'${r.to}' stands in place of '${r.from}'`).join(', '),
    },
    d.reordered.length > 0 && { zh: `次序不同 ${d.reordered.join('、')}`, en: `in another order ${d.reordered.join(', ')}` },
  ].filter((x) => x !== false);
  return { zh: said.map((s) => s.zh).join('；'), en: said.map((s) => s.en).join('; ') };
}

/** The refusal of a whole batch, with every difference as a fault of its own. */
export function driftRefusal(source: string, d: Drift): Refusal {
  const what = driftWords(d);
  const faults = [
    ...d.missing.map((c) => ({ at: c, zh: '没有交付这一列', en: 'was not delivered' })),
    ...d.extra.map((c) => ({ at: c, zh: '没有声明这一列', en: 'is not declared' })),
    ...d.renamed.map((r) => ({
      at: r.from,
      zh: `位置上是“${r.to}”，可能改名`,
      en: `'${r.to}' stands in its place; it may have been renamed`,
    })),
    ...d.reordered.map((c) => ({ at: c, zh: '次序与声明不同', en: 'is not in its declared place' })),
  ];
  return new Refusal('COLLECT_DRIFT', { source, what: what.zh, whatEn: what.en }, { faults });
}
