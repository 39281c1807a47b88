/** Who may do what with an object, in words: read from the one table of actions that the server decides by. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Table, Typography } from 'antd';
import { call } from './api.ts';
import { Loaded } from './object-page.tsx';
import { roleWords } from './role-words.ts';
import { State } from './state.tsx';
import { useSay } from './words.ts';

/** Actions that concern a kind of object begin with these words. */
const begins: Readonly<Record<string, readonly string[]>> = {
  entry: ['entry.', 'mount.'],
  source: ['source.', 'batch.', 'secret.'],
  table: ['table.', 'binding.'],
  library: ['library.'],
  service: ['share.service.'],
  batch: ['batch.'],
  run: ['run.'],
  golden: ['library.read'],
  upload: ['upload.'],
  request: ['share.request.'],
  grant: ['share.grant.', 'share.key.', 'share.usage.'],
};

/** What every action is to an object, and whether whoever is signed in may take it. */
const actionsQuery = (about: string) =>
  queryOptions({
    queryKey: ['actions', about],
    staleTime: 60_000,
    queryFn: ({ signal }) => call('GET /api/actions', { query: { about } }, signal),
  });

/** Everybody sees of these what is published; all that they were, only whoever may take this action. */
const wholeBy: Readonly<Record<string, string>> = { entry: 'entry.draft' };

/** Whether whoever is signed in may take an action on this very object: asked before its door is shown, because a refusal would be written down. Undefined until it is known. */
export function useMayHere(about: string, action: string | undefined): boolean | undefined {
  const actions = useQuery({ ...actionsQuery(about), enabled: action !== undefined });
  if (action === undefined) return true;
  return actions.isError ? false : actions.data?.some((a) => a.id === action && a.you?.allowed);
}

/** Whether they may see its versions. */
export const useSeesVersions = (about: string): boolean => useMayHere(about, wholeBy[about.split(':')[0] ?? '']) ?? false;

/** The actions of an object with the roles that may take them, and whether whoever is signed in may, and why. */
export function WhoMay({ about }: { about: string }) {
  const say = useSay();
  const kind = about.split(':')[0] ?? '';
  const actions = useQuery(actionsQuery(about));
  return (
    <Loaded query={actions}>
      {(all) => (
        <Table
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ x: 640 }}
          dataSource={all.filter((a) => (begins[kind] ?? []).some((b) => a.id.startsWith(b)))}
          columns={[
            { title: say({ zh: '可以做什么', en: 'What' }), render: (_, a) => say(a.title) },
            {
              title: say({ zh: '谁可以', en: 'Who may' }),
              render: (_, a) =>
                Object.entries(a.by)
                  .map(([role, scope]) =>
                    say({
                      zh: `${roleWords[role]?.zh ?? role}${scope === 'own' ? '（限本部门的）' : ''}`,
                      en: `${roleWords[role]?.en ?? role}${scope === 'own' ? " (of their own department's)" : ''}`,
                    }),
                  )
                  .join(say({ zh: '、', en: ', ' })),
            },
            {
              title: say({ zh: '您', en: 'You' }),
              render: (_, a) =>
                a.you && (
                  <>
                    <State
                      tone={a.you.allowed ? 'good' : 'unknown'}
                      words={a.you.allowed ? { zh: '可以', en: 'You may' } : { zh: '不可以', en: 'You may not' }}
                    />{' '}
                    <Typography.Text type="secondary">{say(a.you.reason)}</Typography.Text>
                  </>
                ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
