/** Data elements: the ones to choose from, and their titles. */
import { useQuery } from '@tanstack/react-query';
import { call } from './api.ts';
import { useMay } from './me.ts';
import type { Words } from './words.ts';

/** Every element, and the title of one; the id stands for the title where whoever is signed in may not read the model. */
export function useElements() {
  const may = useMay();
  const elements = useQuery({
    queryKey: ['elements'],
    staleTime: 300_000,
    enabled: may('model.read'),
    queryFn: ({ signal }) => call('GET /api/documents/:kind', { params: { kind: 'element' }, query: { limit: 200 } }, signal),
  });
  const list = elements.data?.rows ?? [];
  const titles = new Map(list.map((e) => [e.id, e.title]));
  return { list, titleOf: (id: string): Words => titles.get(id) ?? { zh: id } };
}
