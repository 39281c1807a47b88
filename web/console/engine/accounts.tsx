/** Accounts: the system administrator makes and disables them, the security administrator gives roles; nobody does both. */
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Modal, Select, Table, Typography } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { roleWords } from '../../parts/role-words.ts';
import { State } from '../../parts/state.tsx';
import { useListed, useSay } from '../../parts/words.ts';

type User = Reply<'GET /api/users'>[number];

export default function Accounts() {
  const say = useSay();
  const listed = useListed();
  const may = useMay();
  const { titleOf } = useDepartments();
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => call('GET /api/users', {}, signal) });
  return (
    <Flex vertical gap={16}>
      <Flex justify="space-between" align="center">
        <Typography.Title level={3} style={{ margin: 0 }}>
          {say({ zh: '账号', en: 'Accounts' })}
        </Typography.Title>
        {may('account.create') && <NewAccount />}
      </Flex>
      <Loaded query={users}>
        {(rows) => (
          <Table<User>
            size="small"
            rowKey={(u) => u.id}
            pagination={false}
            dataSource={[...rows]}
            scroll={{ x: 'max-content' }}
            columns={[
              { title: say({ zh: '账号', en: 'Account' }), dataIndex: 'id' },
              { title: say({ zh: '姓名', en: 'Name' }), dataIndex: 'name' },
              { title: say({ zh: '部门', en: 'Department' }), render: (_, u) => say(titleOf(u.department)) },
              {
                title: say({ zh: '角色', en: 'Roles' }),
                render: (_, u) =>
                  may('account.roles') ? <Roles user={u} /> : listed(u.roles.map((r) => say(roleWords[r] ?? { zh: r }))) || '—',
              },
              {
                title: say({ zh: '状态', en: 'State' }),
                render: (_, u) => (
                  <State
                    tone={u.disabled ? 'unknown' : 'good'}
                    words={u.disabled ? { zh: '停用', en: 'Disabled' } : { zh: '在用', en: 'In use' }}
                  />
                ),
              },
              ...(may('account.disable')
                ? [
                    {
                      title: '',
                      render: (_: unknown, u: User) => (
                        <Act
                          size="small"
                          words={u.disabled ? { zh: '恢复', en: 'Restore' } : { zh: '停用', en: 'Disable' }}
                          work={() => call('PUT /api/users/:id/disabled', { params: { id: u.id }, body: { disabled: !u.disabled } })}
                        />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Loaded>
    </Flex>
  );
}

/** Roles of one account, changed at once; a refused combination says why. */
function Roles({ user }: { user: User }) {
  const say = useSay();
  const act = useAct((given: string[]) => call('PUT /api/users/:id/roles', { params: { id: user.id }, body: { roles: given } }));
  return (
    <>
      <Select
        mode="multiple"
        size="small"
        showSearch={{ optionFilterProp: 'label' }}
        style={{ minWidth: 260 }}
        aria-label={say({ zh: `${user.name}的角色`, en: `Roles of ${user.name}` })}
        value={[...user.roles] as string[]}
        loading={act.isPending}
        options={Object.entries(roleWords).map(([value, w]) => ({ value, label: say(w) }))}
        onChange={(v) => act.mutate(v)}
      />
      {act.error && <Refusal error={act.error} />}
    </>
  );
}

/** Makes an account without any role. */
function NewAccount() {
  const say = useSay();
  const [open, show] = useState(false);
  const { list } = useDepartments();
  const [form] = Form.useForm<{ id: string; name: string; department: string; password: string }>();
  const act = useAct((v: { id: string; name: string; department: string; password: string }) => call('POST /api/users', { body: v }), {
    say: { zh: '账号已建立，请安全管理员授予角色', en: 'Made; the security administrator gives it roles' },
    after: () => show(false),
  });
  return (
    <>
      <Button type="primary" onClick={() => show(true)}>
        {say({ zh: '建立账号', en: 'New account' })}
      </Button>
      <Modal
        open={open}
        title={say({ zh: '建立账号', en: 'New account' })}
        onCancel={() => show(false)}
        onOk={() => form.submit()}
        confirmLoading={act.isPending}
        destroyOnHidden
      >
        <Form form={form} layout="vertical" onFinish={(v) => act.mutate(v)}>
          <Form.Item
            name="id"
            label={say({ zh: '账号', en: 'Account' })}
            rules={[
              {
                required: true,
                pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
                message: say({ zh: '小写字母、数字和连字符', en: 'lower-case letters, digits, hyphens' }),
              },
            ]}
          >
            <Input autoFocus />
          </Form.Item>
          <Form.Item name="name" label={say({ zh: '姓名', en: 'Name' })} rules={[{ required: true }]}>
            <Input />
          </Form.Item>
          <Form.Item name="department" label={say({ zh: '部门', en: 'Department' })} rules={[{ required: true }]}>
            <Select options={list.map((d) => ({ value: d.id, label: say({ zh: d.title, en: d.titleEn }) }))} />
          </Form.Item>
          <Form.Item
            name="password"
            label={say({ zh: '初始口令（至少 10 个字符）', en: 'First password (at least 10 characters)' })}
            rules={[{ required: true, min: 10 }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </Form>
        {act.error && <Refusal error={act.error} />}
      </Modal>
    </>
  );
}
