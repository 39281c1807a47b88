/** Writing an entry: one page, every item with its meaning, drafts kept in this browser until they are stored. */
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Drawer, Flex, Form, Input, Select, Space } from 'antd';
import { useEffect, useState } from 'react';
import { useAct } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { useElements } from '../../parts/elements.ts';
import { useGiveBackFocus } from '../../parts/give-back-focus.ts';
import { useMe } from '../../parts/me.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { titleFrom, useSay } from '../../parts/words.ts';
import { formats, openTypes, resourceClasses, shareTypes, updateCycles } from './catalog-words.ts';

/** An entry as the form holds it. */
export interface EntryForm {
  id: string;
  title: { zh: string; en?: string };
  abstract: string;
  resourceClass: '1' | '2' | '3';
  category: string;
  format: keyof typeof formats;
  items: {
    name: string;
    title: { zh: string; en?: string };
    element: string | null;
    isKey: boolean;
    isNullable: boolean;
    sensitivity: 1 | 2 | 3 | 4;
  }[];
  shareType: '1' | '2' | '3';
  shareCondition: string;
  openType: '0' | '1';
  openCondition: string;
  updateCycle: keyof typeof updateCycles;
  secrecyChecked: boolean;
}

const blank: EntryForm = {
  id: '',
  title: { zh: '' },
  abstract: '',
  resourceClass: '3',
  category: '',
  format: '3',
  items: [{ name: '', title: { zh: '' }, element: null, isKey: true, isNullable: false, sensitivity: 1 }],
  shareType: '2',
  shareCondition: '',
  openType: '0',
  openCondition: '',
  updateCycle: '4',
  secrecyChecked: false,
};

/** The button for a new entry. */
export function NewEntry() {
  const say = useSay();
  const [open, show] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => show(true)}>
        {say({ zh: '编写目录', en: 'New entry' })}
      </Button>
      {open && <EditEntry entry={null} close={() => show(false)} />}
    </>
  );
}

/** The form in a drawer; `entry` null makes a new one. */
export function EditEntry({ entry, close }: { entry: EntryForm | null; close(): void }) {
  const say = useSay();
  const me = useMe();
  const navigate = useNavigate();
  useGiveBackFocus();
  const [form] = Form.useForm<EntryForm>();
  // Per account: the next one at this browser has drafts of their own.
  const draftKey = `entry-draft ${me.data?.user ?? ''} ${entry?.id ?? 'new'}`;
  const elements = useElements();
  const act = useAct(
    (v: EntryForm) =>
      call('PUT /api/catalog/entries/:id', {
        params: { id: v.id },
        body: {
          ...v,
          form: 1,
          title: titleFrom(v.title),
          // Names in English have no field of their own here: they stay with the item they belong to.
          items: v.items.map((item) => ({
            ...item,
            title: { ...entry?.items.find((was) => was.name === item.name)?.title, ...item.title },
          })),
          department: me.data?.department ?? '',
          openCondition: v.openCondition ?? '',
          shareCondition: v.shareCondition ?? '',
          secrecyChecked: true as const,
        } as never,
      }),
    {
      say: { zh: '已保存为新版本', en: 'Stored as a new version' },
      after: () => {
        const id = form.getFieldValue('id') as string;
        localStorage.removeItem(draftKey);
        close();
        void navigate({ to: '/catalog/$id' as never, params: { id } as never });
      },
    },
  );
  useEffect(() => {
    const draft = localStorage.getItem(draftKey);
    form.setFieldsValue(draft ? (JSON.parse(draft) as EntryForm) : (entry ?? blank));
  }, [draftKey, entry, form]);
  const choices = (words: Record<string, { zh: string; en: string }>) =>
    Object.entries(words).map(([value, w]) => ({ value, label: say(w) }));
  const needed = [{ required: true, message: say({ zh: '必填', en: 'Required' }) }];
  return (
    <Drawer
      open
      size={900}
      onClose={close}
      title={entry ? say({ zh: '修改目录', en: 'Edit the entry' }) : say({ zh: '编写目录', en: 'New entry' })}
      footer={
        <Space>
          <Button type="primary" loading={act.isPending} onClick={() => form.submit()}>
            {say({ zh: '保存', en: 'Store' })}
          </Button>
          <Button onClick={close}>{say({ zh: '稍后再写（草稿自动保留）', en: 'Later (the draft is kept)' })}</Button>
        </Space>
      }
    >
      <Form<EntryForm>
        form={form}
        layout="vertical"
        scrollToFirstError
        onValuesChange={(_, all) => localStorage.setItem(draftKey, JSON.stringify(all))}
        onFinish={(v) => act.mutate(v)}
      >
        <Form.Item
          name="id"
          label={say({ zh: '编号', en: 'Id' })}
          extra={say({ zh: '小写字母、数字和连字符，建立后不变', en: 'lower-case letters, digits, hyphens; it does not change later' })}
          rules={[
            {
              required: true,
              pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
              message: say({ zh: '小写字母、数字和连字符', en: 'lower-case letters, digits, hyphens' }),
            },
          ]}
        >
          <Input disabled={entry !== null} maxLength={63} />
        </Form.Item>
        <Form.Item name={['title', 'zh']} label={say({ zh: '信息资源名称', en: 'Name (Chinese)' })} rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name={['title', 'en']} label={say({ zh: '英文名称（可不填）', en: 'Name (English, optional)' })}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="abstract" label={say({ zh: '信息资源摘要', en: 'Abstract' })} rules={needed}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Flex gap={12} wrap>
          <Form.Item name="resourceClass" label={say({ zh: '类', en: 'Class' })} style={{ width: 160 }}>
            <Select options={choices(resourceClasses)} />
          </Form.Item>
          <Form.Item name="category" label={say({ zh: '项', en: 'Category' })} rules={needed} style={{ width: 160 }}>
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item name="format" label={say({ zh: '格式', en: 'Format' })} style={{ width: 140 }}>
            <Select options={choices(formats)} />
          </Form.Item>
          <Form.Item name="updateCycle" label={say({ zh: '更新周期', en: 'Cycle' })} style={{ width: 120 }}>
            <Select options={choices(updateCycles)} />
          </Form.Item>
        </Flex>
        <Form.List name="items">
          {(fields, { add, remove }) => (
            <fieldset style={{ border: '1px solid #e3e6eb', padding: 12, marginBlockEnd: 16 }}>
              <legend style={{ width: 'auto', fontSize: 14, marginBlockEnd: 0, padding: '0 8px', border: 'none' }}>
                {say({ zh: '信息项', en: 'Information items' })}
              </legend>
              {fields.map((f) => (
                <Flex key={f.key} gap={8} wrap align="start">
                  <Form.Item name={[f.name, 'title', 'zh']} rules={needed} style={{ width: 150 }}>
                    <Input placeholder={say({ zh: '名称', en: 'Name' })} aria-label={say({ zh: '信息项名称', en: 'Name of the item' })} />
                  </Form.Item>
                  <Form.Item name={[f.name, 'name']} rules={needed} style={{ width: 140 }}>
                    <Input
                      placeholder={say({ zh: '标识', en: 'Identifier' })}
                      aria-label={say({ zh: '信息项标识', en: 'Identifier of the item' })}
                    />
                  </Form.Item>
                  <Form.Item name={[f.name, 'element']} style={{ width: 160 }}>
                    <Select
                      allowClear
                      showSearch={{ optionFilterProp: 'label' }}
                      placeholder={say({ zh: '数据元', en: 'Data element' })}
                      aria-label={say({ zh: '数据元', en: 'Data element' })}
                      options={elements.list.map((e) => ({ value: e.id, label: say(e.title) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[f.name, 'sensitivity']} style={{ width: 90 }}>
                    <Select
                      aria-label={say({ zh: '敏感级', en: 'Sensitivity' })}
                      options={[1, 2, 3, 4].map((n) => ({ value: n, label: say({ zh: `${n} 级`, en: `level ${n}` }) }))}
                    />
                  </Form.Item>
                  <Form.Item name={[f.name, 'isKey']} valuePropName="checked">
                    <Checkbox>{say({ zh: '主键', en: 'key' })}</Checkbox>
                  </Form.Item>
                  <Form.Item name={[f.name, 'isNullable']} valuePropName="checked">
                    <Checkbox>{say({ zh: '可空', en: 'may be absent' })}</Checkbox>
                  </Form.Item>
                  <Button type="text" onClick={() => remove(f.name)} aria-label={say({ zh: '删除这一项', en: 'Remove this item' })}>
                    ✕
                  </Button>
                </Flex>
              ))}
              <Button onClick={() => add({ name: '', title: { zh: '' }, element: null, isKey: false, isNullable: true, sensitivity: 1 })}>
                {say({ zh: '增加一项', en: 'Add an item' })}
              </Button>
            </fieldset>
          )}
        </Form.List>
        <Flex gap={12} wrap>
          <Form.Item name="shareType" label={say({ zh: '共享属性', en: 'Sharing' })} style={{ width: 160 }}>
            <Select options={choices(shareTypes)} />
          </Form.Item>
          <Form.Item
            name="shareCondition"
            label={say({ zh: '共享条件或不予共享的法律依据', en: 'Conditions, or the legal basis for not sharing' })}
            extra={say({ zh: '政务数据共享条例：不予共享必须写明依据', en: 'Decree 809: not sharing needs its basis' })}
            dependencies={['shareType']}
            rules={[
              ({ getFieldValue }) => ({
                required: getFieldValue('shareType') !== '1',
                whitespace: true,
                message: say({
                  zh: '有条件共享须写明条件，不予共享须写明法律依据',
                  en: 'Conditional sharing needs its conditions, not sharing its legal basis',
                }),
              }),
            ]}
            style={{ flex: 1, minWidth: 300 }}
          >
            <Input maxLength={2000} />
          </Form.Item>
        </Flex>
        <Flex gap={12} wrap>
          <Form.Item name="openType" label={say({ zh: '开放属性', en: 'Opening' })} style={{ width: 160 }}>
            <Select options={choices(openTypes)} />
          </Form.Item>
          <Form.Item name="openCondition" label={say({ zh: '开放条件', en: 'Conditions of opening' })} style={{ flex: 1, minWidth: 300 }}>
            <Input maxLength={2000} />
          </Form.Item>
        </Flex>
        <Form.Item
          name="secrecyChecked"
          valuePropName="checked"
          rules={[
            {
              validator: async (_, v) => {
                if (v !== true) throw new Error(say({ zh: '须先核对', en: 'Check this first' }));
              },
            },
          ]}
        >
          <Checkbox>
            {say({
              zh: '已核对：不含国家秘密和工作秘密（条例第三条）',
              en: 'Checked: no state secret and no work secret (Decree 809 art. 3)',
            })}
          </Checkbox>
        </Form.Item>
      </Form>
      {act.error && <Refusal error={act.error} form="entry" />}
    </Drawer>
  );
}
