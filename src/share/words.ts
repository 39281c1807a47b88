/** A grant in words: a sentence that a steward, an auditor and a court can read. */
import type { DocumentOf, SeenField } from '#declare';
import { type Expr, type Names, sentence } from '#declare/expr/index';
import type { Snapshot } from '#kernel/documents/documents';
import type { ShownField } from './shown.ts';

/** Titles that a sentence may use. */
export const namesOf = (fields: readonly SeenField[], snapshot: Snapshot): Names => ({
  columns: Object.fromEntries(fields.map((f) => [f.name, f.title.zh])),
  codeLists: Object.fromEntries(snapshot.list('code-list').map((l) => [l.id, l.title.zh])),
});

/** How a field is shown, in Chinese; null when it is shown as it is. */
export const maskWords = (mask: Expr | null, names: Names): string | null => (mask ? sentence(mask, { ...names, columns: {} }) : null);

/** The row condition in Chinese; null when there is none. */
export const filterWords = (filter: Expr | null, names: Names): string | null => (filter ? sentence(filter, names) : null);

/** The whole grant in one Chinese sentence. Titles of departments and of the service are the caller's. */
export function grantWords(
  grant: DocumentOf<'grant'>,
  shown: readonly ShownField[],
  names: Names,
  titles: { readonly consumer: string; readonly provider: string; readonly service: string },
): string {
  const fields = shown.map((s) => {
    const mask = maskWords(s.mask, names);
    return mask === null ? s.field.title.zh : `${s.field.title.zh}（显示为：${mask}）`;
  });
  const filter = filterWords(grant.rowFilter, names);
  return [
    `“${titles.consumer}”为“${grant.purpose}”，依据“${grant.legalBasis}”，`,
    `自${grant.validFrom}至${grant.validTo}可以查询“${titles.provider}”提供的“${titles.service}”（第${grant.serviceVersion}版），`,
    filter === null ? '' : `仅限符合以下条件的记录：${filter}；`,
    `可见字段：${fields.join('、')}。`,
  ].join('');
}
