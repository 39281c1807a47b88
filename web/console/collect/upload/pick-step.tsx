/** The choices about a table: its columns, its key, and how it is read on. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, Button, Flex, Form, Select, Skeleton, Table, Typography } from 'antd';
import { useState } from 'react';
import { useAct } from '../../../parts/act.tsx';
import { call, type Reply } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { useSay } from '../../../parts/words.ts';
import type { Place } from './table-page.tsx';

type Look = Reply<'POST /api/collect/tables/look'>;

/** Looks at the table, then lets it be picked from. */
export function PickStep({ place, name }: { place: Place; name: string }) {
  const look = useQuery({
    queryKey: ['table-look', place],
    queryFn: ({ signal }) => call('POST /api/collect/tables/look', { body: place }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (look.error) return <Refusal error={look.error} />;
  return look.data ? <Pick place={place} name={name} look={look.data} /> : <Skeleton active />;
}

function Pick({ place, name, look }: { place: Place; name: string; look: Look }) {
  const say = useSay();
  const navigate = useNavigate();
  const [columns, take] = useState<readonly string[]>(look.columns.map((c) => c.name));
  const [key, identify] = useState<readonly string[]>(look.keys[0]?.columns ?? []);
  const [cursor, readOn] = useState<string | null>(look.cursor);
  const begin = useAct(
    () =>
      call('POST /api/collect/tables/registrations', {
        body: { ...place, columns: look.columns.map((c) => c.name).filter((c) => columns.includes(c)), key: [...key], cursor },
      }),
    { after: ({ id }) => void navigate({ to: '/upload/$id' as never, params: { id } as never }) },
  );
  const declared = look.keys.find((k) => k.columns.join('\n') === key.join('\n'));
  const slips = look.columns.find((c) => c.name === cursor)?.slips ?? [];
  const taken = look.columns.filter((c) => columns.includes(c.name));
  const whole = '';
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={4} style={{ margin: 0 }}>
        {name}
      </Typography.Title>
      <Table<Look['columns'][number]>
        size="small"
        rowKey="name"
        dataSource={[...look.columns]}
        pagination={false}
        scroll={{ y: 320 }}
        rowSelection={{
          selectedRowKeys: [...columns],
          onChange: (names) => {
            const now = names.map(String);
            take(now);
            identify(key.filter((c) => now.includes(c)));
            if (cursor !== null && !now.includes(cursor)) readOn(null);
          },
          getCheckboxProps: (c) => ({ 'aria-label': say({ zh: `采用 ${c.name}`, en: `Take ${c.name}` }) }) as never,
        }}
        columns={[
          { title: say({ zh: '列', en: 'Column' }), dataIndex: 'name' },
          { title: say({ zh: '类型', en: 'Type' }), dataIndex: 'type' },
          { title: say({ zh: '可空', en: 'May be empty' }), render: (_, c) => (c.isNullable ? say({ zh: '可空', en: 'yes' }) : '—') },
          { title: say({ zh: '说明', en: 'About' }), render: (_, c) => c.about ?? '—' },
        ]}
      />
      <Form layout="vertical" style={{ maxWidth: 720 }}>
        <Form.Item
          htmlFor="pick-key"
          label={say({ zh: '标识一行的列', en: 'Columns that identify a row' })}
          extra={
            declared
              ? say(declared.why)
              : say({ zh: '数据库没有声明：推荐会按样本寻找', en: 'The database declares none: it is looked for in the sample' })
          }
        >
          <Select
            id="pick-key"
            mode="multiple"
            value={[...key]}
            options={taken.map((c) => ({ value: c.name, label: c.name }))}
            onChange={identify}
          />
        </Form.Item>
        <Form.Item htmlFor="pick-cursor" label={say({ zh: '怎样读取', en: 'How it is read' })} extra={say(look.why)}>
          <Select
            id="pick-cursor"
            value={cursor ?? whole}
            options={[
              { value: whole, label: say({ zh: '全量：每次整表读取', en: 'In full: all rows each time' }) },
              ...taken.map((c) => ({
                value: c.name,
                label: c.noCursor
                  ? say({ zh: `${c.name}：${c.noCursor.zh}`, en: `${c.name}: ${c.noCursor.en}` })
                  : say({ zh: `增量：按 ${c.name} 读取新增的行`, en: `Incremental: what is new by ${c.name}` }),
                disabled: c.noCursor !== null,
              })),
            ]}
            onChange={(value) => readOn(value === whole ? null : value)}
          />
        </Form.Item>
      </Form>
      {slips.map((s) => (
        <Alert key={s.en} type="warning" showIcon title={say(s)} />
      ))}
      {begin.error && <Refusal error={begin.error} />}
      <Button
        type="primary"
        style={{ alignSelf: 'start' }}
        disabled={taken.length === 0}
        loading={begin.isPending}
        onClick={() => begin.mutate(undefined as never)}
      >
        {say({ zh: '读取样本', en: 'Read a sample' })}
      </Button>
      <Typography.Text type="secondary">
        {say({
          zh: '只读取一部分行作样本，读取有记录；接着推荐数据元、分级、脱敏、主键和规则，您确认后才会建立。',
          en: 'A part of the rows is read as a sample, which is recorded; elements, grades, masks, key and rules are proposed, and nothing is made before you confirm.',
        })}
      </Typography.Text>
    </Flex>
  );
}
