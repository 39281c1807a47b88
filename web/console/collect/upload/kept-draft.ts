/** What the steward has decided so far, kept by the platform without being asked to. */
import { useEffect, useRef } from 'react';
import { call } from '../../../parts/api.ts';
import type { Decision } from './decision.ts';
import type { Reading } from './layout-step.tsx';
import type { Upload } from './send-file.ts';

/** What is kept by itself: the decision, and a layout that was corrected and under which the file was not read yet. */
export type Draft = Decision & { readonly correction?: Reading | null };

/** A corrected layout that was kept, unless the file has been read under it since. */
export function correctionIn(draft: Draft | null, upload: Upload): Reading | null {
  const kept = draft?.correction ?? null;
  if (kept === null || !upload.reading?.layout) return kept;
  const { connector, settings, layout, columns } = upload.reading;
  const fillDown = kept.layout.fillDown.filter((c) => columns.includes(c));
  return textOf({ ...kept, layout: { ...kept.layout, fillDown } }) === textOf({ connector, settings, layout }) ? null : kept;
}

/** One text for what is the same, whatever the order of its names. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );

/** Keeps a draft by itself: a moment after its last change, and at once when the steps are left. */
export function useKept(upload: string, draft: Draft | null): void {
  const kept = useRef(JSON.stringify(draft));
  const latest = useRef(draft);
  const keep = useRef(() => {
    const { current } = latest;
    const text = JSON.stringify(current);
    if (current === null || text === kept.current) return;
    kept.current = text;
    void call('PUT /api/collect/uploads/:id/draft', { params: { id: upload }, body: { draft: current } });
  });
  useEffect(() => {
    latest.current = draft;
    if (draft === null) return;
    const wait = setTimeout(keep.current, 800);
    return () => clearTimeout(wait);
  }, [draft]);
  useEffect(() => () => keep.current(), []);
}
