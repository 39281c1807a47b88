/** The versions of an object, and what differs between any two of them. */
import { useQuery } from '@tanstack/react-query';
import { Flex, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { call } from './api.ts';
import { differences } from './difference.ts';
import { Loaded } from './object-page.tsx';
import { Instant, Who } from './state.tsx';
import { useSay } from './words.ts';

/** Compares the two latest until others are chosen. */
export function Versions({ about }: { about: string }) {
  const say = useSay();
  const [chosen, choose] = useState<{ from?: number; to?: number }>({});
  const versions = useQuery({
    queryKey: ['versions', about],
    queryFn: ({ signal }) => call('GET /api/versions/:about', { params: { about } }, signal),
  });
  return (
    <Loaded query={versions}>
      {(all) => {
        const to = all.find((v) => v.version === chosen.to) ?? all[0];
        const from = all.find((v) => v.version === chosen.from) ?? all[1] ?? all[0];
        const options = all.map((v) => ({ value: v.version, label: say({ zh: `第 ${v.version} 版`, en: `version ${v.version}` }) }));
        return (
          <Flex vertical gap={12}>
            <Table
              size="small"
              rowKey="version"
              dataSource={[...all]}
              pagination={{ pageSize: 10, hideOnSinglePage: true }}
              columns={[
                { title: say({ zh: '版本', en: 'Version' }), render: (_, v) => v.version },
                { title: say({ zh: '时间', en: 'Time' }), render: (_, v) => <Instant at={v.at} /> },
                { title: say({ zh: '谁', en: 'Who' }), render: (_, v) => <Who actor={v.actor} /> },
                {
                  title: say({ zh: '来自', en: 'From' }),
                  render: (_, v) => (v.origin === 'code' ? say({ zh: '代码', en: 'code' }) : say({ zh: '控制台', en: 'console' })),
                },
              ]}
            />
            {from && to && all.length > 1 && (
              <>
                <Flex gap={8} align="center">
                  <Typography.Text>{say({ zh: '比较', en: 'Compare' })}</Typography.Text>
                  <Select
                    aria-label={say({ zh: '较早的版本', en: 'earlier' })}
                    value={from.version}
                    options={options}
                    onChange={(v) => choose({ ...chosen, from: v })}
                  />
                  <Typography.Text>→</Typography.Text>
                  <Select
                    aria-label={say({ zh: '较晚的版本', en: 'later' })}
                    value={to.version}
                    options={options}
                    onChange={(v) => choose({ ...chosen, to: v })}
                  />
                </Flex>
                <Table
                  size="small"
                  rowKey="at"
                  dataSource={differences(from.body, to.body)}
                  pagination={{ pageSize: 50, hideOnSinglePage: true }}
                  locale={{ emptyText: say({ zh: '两个版本相同', en: 'The two are the same' }) }}
                  columns={[
                    { title: say({ zh: '位置', en: 'Where' }), render: (_, d) => <Typography.Text code>{d.at}</Typography.Text> },
                    {
                      title: say({ zh: '原来', en: 'Before' }),
                      render: (_, d) =>
                        d.before ?? <Typography.Text type="secondary">{say({ zh: '（无）', en: '(none)' })}</Typography.Text>,
                    },
                    {
                      title: say({ zh: '现在', en: 'After' }),
                      render: (_, d) =>
                        d.after ?? <Typography.Text type="secondary">{say({ zh: '（删除）', en: '(gone)' })}</Typography.Text>,
                    },
                  ]}
                />
              </>
            )}
          </Flex>
        );
      }}
    </Loaded>
  );
}
