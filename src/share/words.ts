/** A grant in words: a sentence that a steward, an auditor and a court can read. */
import { z } from 'zod';
import type { DocumentOf, SeenField, Title } from '#declare';
import { type Expr, evaluate, type Names, type Said, sentence } from '#declare/expr/index';
import { says } from '#kernel/db/listing';
import type { Snapshot } from '#kernel/documents/documents';
import type { ShownField } from './shown.ts';

/** A sentence as it leaves. */
export const saidSchema = z.object({ zh: z.string(), en: z.string() });

/** Titles that a sentence may use. */
export const namesOf = (fields: readonly SeenField[], snapshot: Snapshot): Names => ({
  columns: Object.fromEntries(fields.map((f) => [f.name, f.title])),
  codeLists: Object.fromEntries(snapshot.list('code-list').map((l) => [l.id, l.title])),
});

/** How a field is shown, exactly; null when it is shown as it is. */
export const maskWords = (mask: Expr | null, names: Names): Said | null => (mask ? sentence(mask, { ...names, columns: {} }) : null);

/** How a masked field looks, by the first example of its element (an invented value): what a reader understands at once. */
export function maskSample(mask: Expr | null, field: Pick<SeenField, 'element'>, snapshot: Snapshot, today: string): Said | null {
  if (!mask) return null;
  const example = snapshot.find('element', field.element)?.examples.valid[0] ?? null;
  const seen = evaluate(mask, { value: example }, { today, codeList: (id) => snapshot.codeList(id) });
  return typeof seen === 'string' ? { zh: `脱敏，形如“${seen}”`, en: `masked, as in “${seen}”` } : { zh: '脱敏', en: 'masked' };
}

/** The row condition; null when there is none. */
export const filterWords = (filter: Expr | null, names: Names): Said | null => (filter ? sentence(filter, names) : null);

const inEnglish = (title: Title): string => title.en ?? title.zh;

/** The whole grant in one sentence; `samples` say how each shown field looks. Titles of departments and of the service are the caller's; what the applicant wrote stays as it was written. */
export function grantWords(
  grant: DocumentOf<'grant'>,
  shown: readonly ShownField[],
  names: Names,
  samples: readonly (Said | null)[],
  titles: { readonly consumer: Title; readonly provider: Title; readonly service: Title },
): Said {
  const fields = shown.map((s, i) => ({ title: s.field.title, mask: samples[i] ?? null }));
  const filter = filterWords(grant.rowFilter, names);
  return {
    zh: [
      `“${titles.consumer.zh}”为“${grant.purpose}”，依据“${grant.legalBasis}”，`,
      `自${grant.validFrom}至${grant.validTo}可以查询“${titles.provider.zh}”提供的“${titles.service.zh}”（第${grant.serviceVersion}版），`,
      filter === null ? '' : `仅限符合以下条件的记录：${filter.zh}；`,
      `可见字段：${fields.map((f) => (f.mask === null ? f.title.zh : `${f.title.zh}（${f.mask.zh}）`)).join('、')}。`,
    ].join(''),
    en: [
      `For the purpose “${grant.purpose}”, on the legal basis “${grant.legalBasis}”, ${inEnglish(titles.consumer)} may query `,
      `“${inEnglish(titles.service)}” (version ${grant.serviceVersion}), provided by ${inEnglish(titles.provider)}, from ${grant.validFrom} to ${grant.validTo}`,
      filter === null ? '. ' : `, only records for which ${filter.en}. `,
      `It sees: ${fields.map((f) => (f.mask === null ? inEnglish(f.title) : `${inEnglish(f.title)} (${f.mask.en})`)).join(', ')}.`,
    ].join(''),
  };
}

/** Services whose title holds a text. */
export const servicesNamed = (snapshot: Snapshot, q: string | undefined): readonly string[] =>
  q
    ? snapshot
        .list('service')
        .filter((s) => says(q, s.id, s.title.zh, s.title.en))
        .map((s) => s.id)
    : [];
