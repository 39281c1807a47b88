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
  return same.find((e) => e.called) ?? p.editions.find((e) => e.called) ?? same[0] ?? p.editions[0];
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

/** The columns that hold other things than before, in words; null where none does. */
export function doubtIn(e: Edition): { what: string; whatEn: string } | null {
  if (e.doubts.length === 0) return null;
  return {
    what: e.doubts.map((d) => `“${d.column}”${d.why.zh}`).join('；'),
    whatEn: e.doubts.map((d) => `'${d.column}': ${d.why.en}`).join('; '),
  };
}
