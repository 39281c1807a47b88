/** Codes younger than the edition of their list: the list does not say whether they exist. */
import type { CodeList, Title } from '#declare';
import { any, children, codeListsOf, date, type Expr, gt, inList, le, not, today } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';

/** A check in two: what can be told, and what cannot because the edition of the list is older than the value. */
export interface Told {
  /** Holds where nothing can be told. */
  readonly told: Expr;
  /** Holds except where nothing can be told and the code is not listed. */
  readonly untold: Expr;
  readonly list: CodeList;
}

/** A check over `on`, the day of the value, in two; null where the list that it asks has no day of its edition. */
export function asTold(holds: Expr, on: Expr, snapshot: Snapshot): Told | null {
  const list = codeListsOf(holds)
    .map((id) => snapshot.find('code-list', id))
    .find((l) => l?.editionDay !== undefined);
  if (!list?.editionDay) return null;
  const edition = date(list.editionDay);
  return { told: any(holds, gt(on, edition, 'fails')), untold: any(holds, le(on, edition, 'holds')), list };
}

/** A rule in two, each membership by its own day: a code that the list holds for another time can be told. Null where no list has a day. */
export function ruleAsTold(holds: Expr, snapshot: Snapshot): Told | null {
  const young = youngIn(holds, snapshot);
  const list = young[0]?.list;
  if (!list) return null;
  const beyond = young.map((y) => y.beyond);
  return { told: any(holds, ...beyond), untold: any(holds, not(any(...beyond))), list };
}

/** For every membership of a tree in a dated list: when its code is not listed and younger than the edition. */
function youngIn(tree: Expr, snapshot: Snapshot): { beyond: Expr; list: CodeList }[] {
  const below = children(tree).flatMap(([, child]) => youngIn(child, snapshot));
  if (tree.kind !== 'inList' && tree.kind !== 'inListAt') return below;
  const list = snapshot.find('code-list', tree.list);
  if (!list?.editionDay) return below;
  const on = tree.kind === 'inListAt' ? tree.at : today;
  const isListed = any(inList(tree.of, tree.list, 'holds'), le(on, date(list.editionDay), 'holds'));
  return [...below, { beyond: not(isListed), list }];
}

/** What the check of what cannot be told is called. */
export const untoldTitle = ({ zh, en }: Title): Title => ({ zh: `${zh}（代码集早于数据）`, en: `${en ?? zh} (list older than the data)` });

/** Why nothing can be said of a code. */
export const untoldReason = ({ title, editionDay }: CodeList): Title => ({
  zh: `“${title.zh}”的版本截至 ${editionDay}，早于这个值：是否存在无法判定`,
  en: `the edition of '${title.en ?? title.zh}' ends with ${editionDay}, before this value: whether it exists cannot be told`,
});
