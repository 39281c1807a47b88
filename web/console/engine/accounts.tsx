/** Accounts: the system administrator makes and disables them, the security administrator gives roles; nobody does both. */
import { Button, Form, Input, Modal, Select, Typography } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { List } from '../../parts/list.tsx';
import { choicesOf } from '../../parts/list-address.ts';
import { useDepartments, useMay } from '../../parts/me.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { roleWords } from '../../parts/role-words.ts';
import { State } from '../../parts/state.tsx';
import { Department } from '../../parts/who.tsx';
import { useListed, useSay } from '../../parts/words.ts';

type User = Reply<'GET /api/users'>['rows'][number];

export default function Accounts() {
  const say = useSay();
  const listed = useListed();
  const may = useMay();
  const { choices } = useDepartments();
  const rolesOf = (u: User) => listed(u.roles.map((r) => say(roleWords[r] ?? { zh: r }))) || '—';
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '账号', en: 'Accounts' })}</Typography.Title>
      <List<User>
        name={['users']}
        rowKey={(u) => u.id}
        filters={[
          { name: 'q', title: { zh: '账号、姓名', en: 'Account, name' } },
          { name: 'department', title: { zh: '部门', en: 'Department' }, choices },
          { name: 'role', title: { zh: '角色', en: 'Role' }, choices: choicesOf(roleWords) },
          {
            name: 'disabled',
            title: { zh: '状态', en: 'State' },
            choices: choicesOf({ no: { zh: '在用', en: 'In use' }, yes: { zh: '停用', en: 'Disabled' } }),
          },
        ]}
        load={(query, signal) => call('GET /api/users', { query: query as never }, signal)}
        empty={{ zh: '没有符合条件的账号', en: 'No account matches' }}
        actions={may('account.create') && <NewAccount />}
        columns={[
          { key: 'id', title: { zh: '账号', en: 'Account' }, sorts: true, draw: (u) => u.id },
          { key: 'name', title: { zh: '姓名', en: 'Name' }, sorts: true, draw: (u) => u.name },
          { key: 'department', title: { zh: '部门', en: 'Department' }, sorts: true, draw: (u) => <Department id={u.department} /> },
          {
            key: 'roles',
            title: { zh: '角色', en: 'Roles' },
            draw: (u) => (may('account.roles') ? <Roles user={u} /> : rolesOf(u)),
            text: rolesOf,
          },
          {
            key: 'disabled',
            title: { zh: '状态', en: 'State' },
            draw: (u) => (
              <State
                tone={u.disabled ? 'unknown' : 'good'}
                words={u.disabled ? { zh: '停用', en: 'Disabled' } : { zh: '在用', en: 'In use' }}
              />
            ),
          },
          ...(may('account.disable')
            ? [
                {
                  key: 'act',
                  title: { zh: '办理', en: 'Actions' },
                  control: true as const,
                  draw: (u: User) => (
                    <Act
                      size="small"
                      words={u.disabled ? { zh: '恢复', en: 'Restore' } : { zh: '停用', en: 'Disable' }}
                      {...(!u.disabled && {
                        asks: {
                          zh: `${u.name}会立即被退出登录，没有保存的内容会丢失；之后可以恢复。`,
                          en: `${u.name} is signed out at once and loses what is not stored; the account can be restored later.`,
                        },
                      })}
                      work={() => call('PUT /api/users/:id/disabled', { params: { id: u.id }, body: { disabled: !u.disabled } })}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </>
  );
}

/** Roles of one account, changed at once, and back as fast: a key pressed by mistake takes one away. A refused combination says why. */
function Roles({ user }: { user: User }) {
  const say = useSay();
  const [before, remember] = useState<readonly string[] | null>(null);
  const act = useAct((given: readonly string[]) =>
    call('PUT /api/users/:id/roles', { params: { id: user.id }, body: { roles: [...given] } }),
  );
  const give = (given: readonly string[], was: readonly string[] | null) => {
    remember(was);
    act.mutate(given);
  };
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
        onChange={(v) => give(v, user.roles)}
      />
      {before && act.isSuccess && (
        <Button type="link" size="small" onClick={() => give(before, null)}>
          {say({ zh: '撤销这次改动', en: 'Undo' })}
        </Button>
      )}
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
