/** The versions of an object, and what differs between any two of them, by the labels of its form. */
import { useQuery } from '@tanstack/react-query';
import { Flex, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { call, type Reply } from './api.ts';
import { type Difference, differences, type Shown } from './difference.ts';
import { labelled } from './document-words.ts';
import { useElements } from './elements.ts';
import { useDepartments } from './me.ts';
import { Loaded } from './object-page.tsx';
import { Instant, Wrapped } from './state.tsx';
import { Who } from './who.tsx';
import { useListed, useSay } from './words.ts';

type Version = Reply<'GET /api/versions/:about'>[number];

/** Compares the two latest until others are chosen, in the lists or in the table. */
export function Versions({ about }: { about: string }) {
  const say = useSay();
  const [chosen, choose] = useState<readonly number[]>([]);
  const versions = useQuery({
    queryKey: ['versions', about],
    queryFn: ({ signal }) => call('GET /api/versions/:about', { params: { about } }, signal),
  });
  return (
    <Loaded query={versions}>
      {(all) => {
        const known = chosen.filter((n) => all.some((v) => v.version === n));
        const pair = [...known, ...all.map((v) => v.version).filter((n) => !known.includes(n))].slice(0, 2).sort((a, b) => a - b);
        const [from, to] = pair;
        const options = all.map((v) => ({ value: v.version, label: say({ zh: `第 ${v.version} 版`, en: `version ${v.version}` }) }));
        return (
          <Flex vertical gap={12}>
            <Table<Version>
              size="small"
              rowKey="version"
              dataSource={[...all]}
              pagination={{ pageSize: 10, hideOnSinglePage: true }}
              scroll={{ x: 'max-content' }}
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
            {from !== undefined && to !== undefined ? (
              <>
                <Flex gap={8} align="center" wrap>
                  <Typography.Text>{say({ zh: '比较任意两版', en: 'Compare any two' })}</Typography.Text>
                  <Select
                    aria-label={say({ zh: '较早的版本', en: 'earlier' })}
                    style={{ minWidth: 120 }}
                    showSearch={all.length > 8 ? { optionFilterProp: 'label' } : false}
                    value={from}
                    options={options.filter((o) => o.value !== to)}
                    onChange={(v) => choose([v, to])}
                  />
                  <Typography.Text>→</Typography.Text>
                  <Select
                    aria-label={say({ zh: '较晚的版本', en: 'later' })}
                    style={{ minWidth: 120 }}
                    showSearch={all.length > 8 ? { optionFilterProp: 'label' } : false}
                    value={to}
                    options={options.filter((o) => o.value !== from)}
                    onChange={(v) => choose([v, from])}
                  />
                </Flex>
                <Compared about={about} from={from} to={to} />
              </>
            ) : (
              <Typography.Text type="secondary">
                {say({ zh: '只有一个版本，没有可比较的', en: 'There is only one version; nothing to compare' })}
              </Typography.Text>
            )}
          </Flex>
        );
      }}
    </Loaded>
  );
}

/** What differs between two versions. */
function Compared({ about, from, to }: { about: string; from: number; to: number }) {
  const say = useSay();
  const value = useValue(about.split(':')[0] ?? '');
  const place = usePlace(about.split(':')[0] ?? '');
  const both = useQuery({
    queryKey: ['difference', about, from, to],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const body = (version: number) => call('GET /api/versions/:about/:version', { params: { about, version } }, signal);
      const [before, after] = await Promise.all([body(from), body(to)]);
      return differences(before.body, after.body);
    },
  });
  return (
    <Loaded query={both}>
      {(found) => (
        <Table<Difference>
          size="small"
          rowKey="at"
          dataSource={[...found]}
          pagination={{ pageSize: 50, hideOnSinglePage: true }}
          scroll={{ x: 'max-content' }}
          locale={{ emptyText: say({ zh: '两个版本相同', en: 'The two are the same' }) }}
          columns={[
            { title: say({ zh: '哪一项', en: 'What' }), render: (_, d) => <Wrapped>{place(d)}</Wrapped> },
            {
              title: say({ zh: `第 ${from} 版`, en: `Version ${from}` }),
              render: (_, d) => <Wrapped>{value(d, d.before)}</Wrapped>,
            },
            {
              title: say({ zh: `第 ${to} 版`, en: `Version ${to}` }),
              render: (_, d) => <Wrapped>{value(d, d.after)}</Wrapped>,
            },
          ]}
        />
      )}
    </Loaded>
  );
}

/** Where a difference is, in words, with the names of the document behind it. */
function usePlace(kind: string): (difference: Difference) => React.ReactNode {
  const say = useSay();
  return ({ at, way }) => (
    <>
      {labelled(kind, way)
        .labels.map((l) => (l.of ? say({ zh: `${l.zh}“${l.of.zh}”`, en: `${l.en ?? l.zh} '${l.of.en ?? l.of.zh}'` }) : say(l)))
        .join(' · ')}{' '}
      <Typography.Text type="secondary" code>
        {at}
      </Typography.Text>
    </>
  );
}

/** A value in words. */
function useValue(kind: string): (difference: Difference, value: Shown | undefined) => React.ReactNode {
  const say = useSay();
  const listed = useListed();
  const elements = useElements();
  const departments = useDepartments();
  return ({ way }, value) => {
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0))
      return <Typography.Text type="secondary">{say({ zh: '（无）', en: '(none)' })}</Typography.Text>;
    if (typeof value === 'boolean') return say(value ? { zh: '是', en: 'yes' } : { zh: '否', en: 'no' });
    if (typeof value === 'object') return 'said' in value ? say(value.said) : listed(value);
    const { values, names } = labelled(kind, way);
    if (names === 'element') return say(elements.titleOf(String(value)));
    if (names === 'department') return say(departments.titleOf(String(value)));
    const words = values[String(value)];
    return words ? say(words) : String(value);
  };
}
