/** Who may do what with an object, in words: read from the one table of actions that the server decides by. */
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { call } from './api.ts';
import { useMay } from './me.ts';
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
  service: ['share.service.', 'share.request.submit'],
  request: ['share.request.'],
  grant: ['share.grant.', 'share.key.', 'share.usage.'],
};

/** The actions of a kind of object with the roles that may take them, and whether whoever is signed in may. */
export function WhoMay({ kind }: { kind: string }) {
  const say = useSay();
  const may = useMay();
  const actions = useQuery({ queryKey: ['actions'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/actions', {}, signal) });
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
                may(a.id) ? (
                  <State tone="good" words={{ zh: '角色允许', en: 'your role may' }} />
                ) : (
                  <State tone="unknown" words={{ zh: '角色不允许', en: 'your role may not' }} />
                ),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
