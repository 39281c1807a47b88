/** People and departments by their names. */
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { Typography } from 'antd';
import { call, type Reply } from './api.ts';
import { useDepartments } from './me.ts';
import { Wrapped } from './state.tsx';
import { useSay, type Words } from './words.ts';

type Person = Reply<'GET /api/people'>[number];

/** Those who are no people. */
const ownActors: Readonly<Record<string, Words>> = {
  machine: { zh: '平台自动', en: 'the platform' },
  installation: { zh: '安装程序', en: 'the installation' },
};

/** A call made with a key is known by the key. */
const keyOf = (actor: string): string | undefined => (actor.startsWith('key:') ? actor.slice(4) : undefined);

/** A filter for somebody as the platform is asked it: one of those who are no people by the word that is shown for it. */
export function withMeant<Q extends Readonly<Record<string, string | number>>>(query: Q): Q {
  const text = String(query['actor'] ?? '').toLowerCase();
  const own = Object.entries(ownActors).find(([, w]) => w.zh === text || w.en?.toLowerCase() === text);
  return own ? { ...query, actor: own[0] } : query;
}

/** As many accounts as are asked for at once. */
const most = 100;
let asked = new Map<string, PromiseWithResolvers<Person | null>>();

/** Who an account is: whatever a page draws in one go is asked for together. */
function personOf(id: string): Promise<Person | null> {
  if (asked.size === 0) setTimeout(askForThem);
  const known = asked.get(id);
  if (known) return known.promise;
  const one = Promise.withResolvers<Person | null>();
  asked.set(id, one);
  return one.promise;
}

function askForThem(): void {
  const all = [...asked];
  asked = new Map();
  for (let at = 0; at < all.length; at += most) void tell(all.slice(at, at + most));
}

async function tell(some: readonly (readonly [string, PromiseWithResolvers<Person | null>])[]): Promise<void> {
  try {
    const people = await call('GET /api/people', { query: { ids: some.map(([id]) => id).join(',') } });
    for (const [id, { resolve }] of some) resolve(people.find((p) => p.id === id) ?? null);
  } catch (refused) {
    for (const [, { reject }] of some) reject(refused);
  }
}

/** Resolves when all names that were drawn are known (or cannot be), and stand where they were drawn. */
export async function named(cache: QueryClient): Promise<void> {
  do await new Promise((drawn) => setTimeout(drawn, 20));
  while (cache.isFetching({ queryKey: ['person'] }) > 0);
  await new Promise((drawn) => setTimeout(drawn));
}

/** Who did it, by name, with the account beside it; `brief`, in a list, on the name. What the platform did by itself is said so. */
export function Who({ actor, brief }: { actor: string; brief?: true }) {
  const say = useSay();
  const own = ownActors[actor];
  const key = keyOf(actor);
  const person = useQuery({
    queryKey: ['person', actor],
    enabled: own === undefined && key === undefined && actor !== '',
    staleTime: 300_000,
    queryFn: () => personOf(actor),
  });
  if (own) return <>{say(own)}</>;
  if (key !== undefined)
    return (
      <span>
        {say({ zh: '密钥', en: 'key' })} {key}
      </span>
    );
  if (!person.data) return <>{actor}</>;
  return (
    <span title={actor}>
      {person.data.name}
      {!brief && (
        <>
          {' '}
          <Typography.Text type="secondary">{actor}</Typography.Text>
        </>
      )}
    </span>
  );
}

/** A department in a list: names in English are long, and the columns after it must still be seen. */
export function Department({ id }: { id: string | null }) {
  const say = useSay();
  const { titleOf } = useDepartments();
  return <Wrapped width={240}>{say(titleOf(id))}</Wrapped>;
}
