/** Trying a service: a key, a value, the masked answer with the number of its record. The call is a real one and is recorded as such. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Descriptions, Flex, Form, Input, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { send } from '../../parts/api.ts';
import { CodeValue } from '../../parts/code-list.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Code, Count } from '../../parts/state.tsx';
import { useSay, type Words } from '../../parts/words.ts';

interface Served {
  readonly id: string;
  readonly keyFields: readonly { readonly field: string; readonly title: Words }[];
  readonly returns: readonly { readonly field: string; readonly title: Words; readonly codeList: string | null }[];
}

interface Answer {
  readonly rows: readonly Readonly<Record<string, string | null>>[];
  readonly count: number;
  readonly record: { readonly id: string; readonly digest: string };
  readonly grant: string;
}

interface Asked {
  key: string;
  field: string;
  value: string;
}

export function TryIt({ service }: { service: Served }) {
  const say = useSay();
  const cache = useQueryClient();
  const [asked, ask] = useState<(Asked & { at: number }) | null>(null);
  const answer = useQuery({
    queryKey: ['try', service.id, asked?.at],
    enabled: asked !== null,
    retry: false,
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const got = await send<Answer>(
        'POST',
        `/api/gateway/${service.id}/query`,
        {
          body: JSON.stringify({ field: asked?.field, value: asked?.value }),
          type: 'application/json',
          headers: { authorization: `Bearer ${asked?.key.trim()}` },
        },
        signal,
      );
      void cache.invalidateQueries({ queryKey: ['usage'] });
      return got;
    },
  });
  const curl = `curl -X POST ${window.location.origin}/api/gateway/${service.id}/query -H 'authorization: Bearer <key>' -H 'content-type: application/json' -d '${JSON.stringify({ field: asked?.field ?? service.keyFields[0]?.field, value: asked?.value ?? '…' })}'`;
  return (
    <Flex vertical gap={16}>
      <Alert
        type="info"
        showIcon
        title={say({
          zh: '这是真实调用：用授权的密钥，按授权脱敏，计入用量和访问日志。',
          en: 'This is a real call: with a grant’s key, masked as granted, counted and recorded.',
        })}
      />
      <Form<Asked>
        layout="vertical"
        style={{ maxWidth: 640 }}
        initialValues={{ field: service.keyFields[0]?.field }}
        onFinish={(v) => ask({ ...v, at: Date.now() })}
      >
        <Form.Item
          name="key"
          label={say({ zh: '密钥', en: 'Key' })}
          extra={say({ zh: '在授权页面由本部门开发者生成', en: 'Made on the grant’s page by your department’s developer' })}
          rules={[{ required: true, message: say({ zh: '请填写密钥', en: 'Enter a key' }) }]}
        >
          <Input.Password autoComplete="off" />
        </Form.Item>
        <Flex gap={12}>
          <Form.Item name="field" label={say({ zh: '按', en: 'By' })} style={{ width: 220 }}>
            <Select options={service.keyFields.map((k) => ({ value: k.field, label: say(k.title) }))} />
          </Form.Item>
          <Form.Item
            name="value"
            label={say({ zh: '等于', en: 'equal to' })}
            style={{ flex: 1 }}
            rules={[{ required: true, message: say({ zh: '请填写要查的值', en: 'Enter a value' }) }]}
          >
            <Input autoComplete="off" />
          </Form.Item>
        </Flex>
        <Button type="primary" htmlType="submit" loading={answer.isFetching}>
          {say({ zh: '调用', en: 'Call' })}
        </Button>
      </Form>
      {answer.error && <Refusal error={answer.error} />}
      {answer.data && (
        <Flex vertical gap={12} aria-live="polite">
          <Descriptions
            size="small"
            column={1}
            items={[
              { key: 'rows', label: say({ zh: '返回行数', en: 'Rows' }), children: <Count n={answer.data.rows.length} /> },
              { key: 'record', label: say({ zh: '访问记录', en: 'Record' }), children: <Code text={answer.data.record.id} /> },
              {
                key: 'digest',
                label: say({ zh: '记录摘要', en: 'Digest of the record' }),
                children: <Code text={answer.data.record.digest} />,
              },
            ]}
          />
          <Table
            size="small"
            rowKey={(r) => JSON.stringify(r)}
            pagination={false}
            dataSource={[...answer.data.rows]}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: say({ zh: '授权范围内没有这个值', en: 'Nothing with this value within the grant' }) }}
            columns={service.returns
              .filter((f) => answer.data.rows.length === 0 || answer.data.rows.some((r) => f.field in r))
              .map((f) => ({
                title: say(f.title),
                render: (_: unknown, r: Answer['rows'][number]) => {
                  const value = r[f.field];
                  return value == null ? '—' : <CodeValue list={f.codeList} value={value} />;
                },
              }))}
          />
        </Flex>
      )}
      <Typography.Paragraph type="secondary">
        {say({ zh: '程序调用：', en: 'From a program: ' })}
        <Code text={curl} />
      </Typography.Paragraph>
    </Flex>
  );
}
