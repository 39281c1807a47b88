/** Whether a file is a newer edition of something that is there. */
import { Refusal } from '#kernel/errors';
import type { Proposal, Upload, UploadOrder } from './shapes.ts';

/** A source that the file may be a newer edition of. */
export type Edition = Proposal['editions'][number];

/** Whether it has the very columns of the source. */
export const isSame = (e: Edition): boolean => e.added.length + e.missing.length === 0 && !e.moved;

/** The source this is an edition of: the one that was named, else the one that is called so, else the likeliest. */
export function editionIn(upload: Upload, p: Proposal, order: UploadOrder): Edition | undefined {
  const { as } = order;
  if (as === 'new') return undefined;
  if (as !== null) {
    const found = p.editions.find((e) => e.source === as.to);
    if (!found) throw new Refusal('UPLOAD_NO_EDITION', { name: upload.name, source: as.to });
    return found;
  }
  const same = p.editions.filter(isSame);
  return same.find((e) => isCalledSo(upload, e)) ?? p.editions.find((e) => isCalledSo(upload, e)) ?? same[0] ?? p.editions[0];
}

/** Without dates, numbers, brackets and what people add to the name of a copy. */
const stem = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/\(.*?\)|副本|最终|最新|更新|新版|copy|final/giu, '')
    .replace(/[^\p{L}]|年|月|日|季度|期/gu, '');

/** Whether the file is called as the source is, the period aside, or begins so. */
export function isCalledSo(upload: Upload, edition: Edition): boolean {
  const [file, title] = [stem(upload.name), stem(edition.title)];
  return file.length > 0 && title.length > 0 && (file.startsWith(title) || title.startsWith(file));
}

/** The difference of the columns in words. */
export function wordsOf(e: Edition): { what: string; whatEn: string } {
  const said = [
    e.added.length > 0 && [`多出 ${e.added.join('、')}`, `more: ${e.added.join(', ')}`],
    e.missing.length > 0 && [`缺少 ${e.missing.join('、')}`, `missing: ${e.missing.join(', ')}`],
    e.moved && ['次序不同', 'another order'],
  ].filter((x) => x !== false);
  return { what: said.map((s) => s[0]).join('；'), whatEn: said.map((s) => s[1]).join('; ') };
}
