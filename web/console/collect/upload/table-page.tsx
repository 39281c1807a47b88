/** Registering a table of a department's own database: connect, pick a table, pick its columns, key and cursor; a sample of it is decided about like a file. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Flex, Form, Input, InputNumber, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { useAct } from '../../../parts/act.tsx';
import { call, type Reply } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';
import type { SettingSchema } from '../edit-source.tsx';
import { PickStep } from './pick-step.tsx';

type There = Reply<'POST /api/collect/tables'>[number];
/** Which database, and as whom. */
export interface Place {
  readonly connector: string;
  readonly settings: Record<string, string | number | boolean | null>;
}

const kinds = {
  table: { zh: '表', en: 'Table' },
  view: { zh: '视图', en: 'View' },
  foreign: { zh: '外部表', en: 'Foreign table' },
} as const;

export default function TablePage() {
  const say = useSay();
  const [place, connect] = useState<{ at: Place; tables: readonly There[] } | null>(null);
  const [picked, pick] = useState<There | null>(null);
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={3}>{say({ zh: '登记数据库里的一张表', en: 'Register a table of a database' })}</Typography.Title>
      <Connect
        connected={(at, tables) => {
          connect({ at, tables });
          pick(null);
        }}
      />
      {place && (
        <Table<There>
          size="small"
          rowKey="name"
          dataSource={[...place.tables]}
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          locale={{
            emptyText: say({ zh: '没有可以读取的表：请数据库管理员授予 SELECT', en: 'No table can be read: have SELECT granted' }),
          }}
          columns={[
            { title: say({ zh: '表或视图', en: 'Table or view' }), dataIndex: 'name' },
            { title: say({ zh: '说明', en: 'About' }), render: (_, t) => t.about ?? '—' },
            { title: say({ zh: '种类', en: 'Kind' }), render: (_, t) => say(kinds[t.kind]) },
            {
              title: say({ zh: '约（行）', en: 'Rows, about' }),
              align: 'right',
              render: (_, t) => (t.rows === null ? '—' : <Count n={t.rows} />),
            },
            {
              title: '',
              render: (_, t) => (
                <Button size="small" type={picked?.name === t.name ? 'primary' : 'default'} onClick={() => pick(t)}>
                  {say({ zh: `选取 ${t.name}`, en: `Pick ${t.name}` })}
                </Button>
              ),
            },
          ]}
        />
      )}
      {place && picked && (
        <PickStep
          key={picked.name}
          place={{ connector: place.at.connector, settings: { ...place.at.settings, ...picked.settings } }}
          name={picked.name}
        />
      )}
    </Flex>
  );
}

/** The connection: the settings of the connector but for what the table tells, its passwords kept as secrets first. */
function Connect({ connected }: { connected(at: Place, tables: readonly There[]): void }) {
  const say = useSay();
  const navigate = useNavigate();
  const [form] = Form.useForm<Record<string, string | number>>();
  const connectors = useQuery({
    queryKey: ['connectors'],
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/collect/connectors', {}, signal),
  });
  const databases = connectors.data?.filter((c) => c.takes === 'database') ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const connector = databases.find((c) => c.id === chosen) ?? databases[0];
  const settings = Object.entries(
    (connector?.settings as { properties?: Record<string, SettingSchema> } | undefined)?.properties ?? {},
  ).filter(([, s]) => !s.picked);
  const act = useAct(async (given: Record<string, string | number>) => {
    const at: Place = { connector: connector?.id ?? '', settings: {} };
    for (const [name, s] of settings) {
      const value = given[name];
      if (!s.secret) {
        if (value !== undefined && value !== '') at.settings[name] = value;
        continue;
      }
      const secret = String(given[`${name}-name`] ?? '');
      if (value !== undefined && value !== '')
        await call('PUT /api/collect/secrets/:name', { params: { name: secret }, body: { value: String(value), unused: true } });
      at.settings[name] = `secret:${secret}`;
    }
    connected(at, await call('POST /api/collect/tables', { body: at }));
  });
  const required = [{ required: true, message: say({ zh: '必填', en: 'Required' }) }];
  return (
    <Form form={form} layout="vertical" onFinish={(given) => act.mutate(given)} style={{ maxWidth: 720 }}>
      <Flex gap={12} wrap>
        {databases.length > 1 && (
          <Form.Item label={say({ zh: '数据库种类', en: 'Kind of database' })}>
            <Select
              aria-label={say({ zh: '数据库种类', en: 'Kind of database' })}
              value={connector?.id ?? null}
              options={databases.map((c) => ({ value: c.id, label: say(c.title) }))}
              onChange={choose}
            />
          </Form.Item>
        )}
        {settings.map(([name, s]) =>
          s.secret ? (
            <Flex key={name} gap={12} wrap>
              <Form.Item
                name={`${name}-name`}
                label={say({ zh: '密钥名称', en: 'Name of the secret' })}
                extra={say({
                  zh: '口令以这个名称加密保存，不进文档',
                  en: 'The password is kept sealed under this name and stands in no document',
                })}
                rules={[
                  {
                    required: true,
                    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
                    message: say({ zh: '小写字母、数字和连字符', en: 'lower-case letters, digits, hyphens' }),
                  },
                ]}
              >
                <Input maxLength={63} />
              </Form.Item>
              <Form.Item
                name={name}
                label={say({ zh: s.title ?? name, en: s.titleEn ?? name })}
                extra={say({ zh: '这个名称已存过口令的可不填', en: 'Not needed where it is kept already' })}
              >
                <Input.Password autoComplete="off" />
              </Form.Item>
            </Flex>
          ) : (
            <Form.Item
              key={name}
              name={name}
              label={say({ zh: s.title ?? name, en: s.titleEn ?? name })}
              initialValue={s.default}
              extra={s.description && say({ zh: s.description, en: s.descriptionEn ?? s.description })}
              rules={s.default === undefined ? required : []}
            >
              {s.type === 'integer' ? (
                <InputNumber style={{ width: 120 }} />
              ) : s.enum ? (
                <Select style={{ minWidth: 120 }} options={s.enum.map((value) => ({ value, label: value }))} />
              ) : (
                <Input />
              )}
            </Form.Item>
          ),
        )}
      </Flex>
      {act.error && <Refusal error={act.error} />}
      <Flex gap={8}>
        <Button type="primary" htmlType="submit" loading={act.isPending} disabled={!connector}>
          {say({ zh: '连接，列出各表', en: 'Connect and list the tables' })}
        </Button>
        <Button onClick={() => void navigate({ to: '/upload' as never })}>{say({ zh: '返回', en: 'Back' })}</Button>
      </Flex>
    </Form>
  );
}
