/** Who is signed in, and which doors are open to them. */
import { useQuery } from '@tanstack/react-query';
import { call, Refused, type Reply } from './api.ts';

export type Me = Reply<'GET /api/session'>;

/** The session; `null` when nobody is signed in. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    staleTime: 30_000,
    queryFn: async ({ signal }): Promise<Me | null> => {
      try {
        return await call('GET /api/session', {}, signal);
      } catch (error) {
        if (error instanceof Refused && error.problem.status === 401) return null;
        throw error;
      }
    },
  });
}

/** True when an action is open to whoever is signed in. */
export function useMay(): (action: string) => boolean {
  const me = useMe();
  return (action) => me.data?.actions.includes(action) ?? false;
}

/** Departments by id, for titles. */
export function useDepartments() {
  const departments = useQuery({
    queryKey: ['departments'],
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/departments', {}, signal),
  });
  const titles = new Map((departments.data ?? []).map((d) => [d.id, { zh: d.title, en: d.titleEn }]));
  const list = departments.data ?? [];
  const choices = list.map((d) => ({ value: d.id, title: { zh: d.title, en: d.titleEn } }));
  return { list, choices, titleOf: (id: string | null) => (id ? (titles.get(id) ?? { zh: id }) : { zh: '—' }) };
}

/** Actions by id, for titles; what the log calls by another name is added by whoever shows it. */
export function useActionTitles(): (id: string) => { zh: string; en?: string } {
  const actions = useQuery({
    queryKey: ['actions'],
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/actions', { query: {} }, signal),
  });
  const titles = new Map((actions.data ?? []).map((a) => [a.id, a.title]));
  return (id) => titles.get(id) ?? { zh: id };
}
