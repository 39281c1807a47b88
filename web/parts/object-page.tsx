/** The page of one object: whose it is, what state it is in, what can be done, the substance in tabs, and everything that happened. */
import { useQuery } from '@tanstack/react-query';
import { Timeline as AntTimeline, Descriptions, Empty, Flex, Skeleton, Tabs, Typography } from 'antd';
import { pathOf, ThingLink } from './about.tsx';
import { call } from './api.ts';
import { hasVersions } from './document-words.ts';
import { useAddress } from './list-address.ts';
import { Refusal } from './refusal.tsx';
import { Code, Instant } from './state.tsx';
import { Versions } from './versions.tsx';
import { Who } from './who.tsx';
import { useSeesVersions, WhoMay } from './who-may.tsx';
import { useSay, type Words } from './words.ts';

export interface ObjectPageProps {
  readonly title: string;
  readonly id: string;
  readonly state?: React.ReactNode;
  readonly facts: readonly { readonly label: Words; readonly value: React.ReactNode }[];
  readonly actions?: React.ReactNode;
  readonly tabs: readonly { readonly key: string; readonly title: Words; readonly body: React.ReactNode }[];
  /** `<kind>:<id>` whose timeline is shown as the last tab. */
  readonly about?: string;
}

/** Lays out one object. The open tab is part of the address. */
export function ObjectPage({ title, id, state, facts, actions, tabs, about }: ObjectPageProps) {
  const say = useSay();
  const [search, change] = useAddress();
  const sees = useSeesVersions(about ?? '');
  const all = about
    ? [
        ...tabs,
        { key: 'timeline', title: { zh: '经过', en: 'Timeline' }, body: <Timeline about={about} /> },
        ...(hasVersions(about) && sees
          ? [{ key: 'versions', title: { zh: '版本与差异', en: 'Versions' }, body: <Versions about={about} /> }]
          : []),
        { key: 'who-may', title: { zh: '权限', en: 'Who may' }, body: <WhoMay about={about} /> },
      ]
    : tabs;
  const first = all[0]?.key ?? '';
  // An address that somebody with another role sent may name a tab that is not shown here.
  const open = all.find((t) => t.key === search['tab'])?.key ?? first;
  return (
    <Flex vertical gap={16}>
      <Flex justify="space-between" align="start" wrap gap={12}>
        <Flex vertical gap={4}>
          <Typography.Title level={3} style={{ margin: 0 }}>
            {title}
          </Typography.Title>
          <Flex gap={16} align="center" wrap>
            <Code text={id} />
            {state}
          </Flex>
        </Flex>
        <Flex gap={8} wrap>
          {actions}
        </Flex>
      </Flex>
      <Descriptions
        size="small"
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={facts.map((f) => ({ key: f.label.zh, label: say(f.label), children: <div>{f.value}</div> }))}
      />
      <Tabs
        activeKey={open}
        onChange={(tab) => change({ tab: tab === first ? undefined : tab, page: undefined })}
        items={all.map((t) => ({ key: t.key, label: say(t.title), children: t.body }))}
        destroyOnHidden
      />
    </Flex>
  );
}

/** What happened to an object, newest first. */
export function Timeline({ about }: { about: string }) {
  const say = useSay();
  const facts = useQuery({
    queryKey: ['timeline', about],
    queryFn: ({ signal }) => call('GET /api/timeline/:about', { params: { about }, query: {} }, signal),
    // Looking at a record is written down each time.
    refetchInterval: about.startsWith('golden:') ? false : 5000,
  });
  if (facts.error) return <Refusal error={facts.error} retry={() => void facts.refetch()} />;
  if (!facts.data) return <Skeleton active />;
  if (facts.data.length === 0)
    return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say({ zh: '还没有发生什么', en: 'Nothing has happened yet' })} />;
  return (
    <AntTimeline
      items={facts.data.map((f) => ({
        key: f.seq,
        content: (
          <>
            <strong>{say(f.title)}</strong> <Instant at={f.at} />{' '}
            <Typography.Text type="secondary">
              <Who actor={f.actor} />
            </Typography.Text>
            <div>
              {say(f.sentence)}
              {f.things
                .filter((t) => pathOf(t.about) !== undefined)
                .map((t) => (
                  <ThingLink key={t.about} about={t.about} />
                ))}
            </div>
          </>
        ),
      }))}
    />
  );
}

/** Waits for what a page needs: its frame at once, its content or the refusal when it comes. */
export function Loaded<T>({
  query,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch(): unknown };
  children: (data: T) => React.ReactNode;
}) {
  if (query.error && query.data === undefined) return <Refusal error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton active paragraph={{ rows: 8 }} />;
  return <>{children(query.data)}</>;
}
