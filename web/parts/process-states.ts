/** The states of a process as it is in force, for filters. */
import { useQuery } from '@tanstack/react-query';
import { call } from './api.ts';
import type { FilterSpec } from './list-address.ts';
import { useMay } from './me.ts';
import type { Words } from './words.ts';

/** A filter by state; its choices come from the process itself. */
export function useStateFilter(process: string): FilterSpec {
  const may = useMay();
  const found = useQuery({
    queryKey: ['process', process],
    staleTime: 300_000,
    enabled: may('model.read'),
    queryFn: ({ signal }) => call('GET /api/documents/:kind/:id', { params: { kind: 'process', id: process }, query: {} }, signal),
  });
  const body = found.data?.body as { readonly states: readonly { readonly id: string; readonly title: Words }[] } | undefined;
  return {
    name: 'state',
    title: { zh: '状态', en: 'State' },
    choices: (body?.states ?? []).map((s) => ({ value: s.id, title: s.title })),
  };
}
