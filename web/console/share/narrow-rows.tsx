/** Narrowing the rows that are asked for: conditions that all have to hold, read out as one sentence. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Form, Input, Select, Typography } from 'antd';
import { useRef } from 'react';
import { call } from '../../parts/api.ts';
import { useSay } from '../../parts/words.ts';
import { type Condition, comparisons, type FilterField, filterOf, filterSentence, valueFault } from './row-filter.ts';

/** The part of a form that holds `conditions`. */
export function NarrowRows({ fields }: { fields: readonly FilterField[] }) {
  const say = useSay();
  const conditions = (Form.useWatch('conditions') ?? []) as readonly Condition[];
  const filter = filterOf(conditions, fields);
  const place = useRef<HTMLDivElement>(null);
  // A line that has come begins at its field; where one is taken away, the next one's button stands, or the one that adds.
  const focus = (what: string, at: number) => requestAnimationFrame(() => place.current?.querySelectorAll<HTMLElement>(what)[at]?.focus());
  return (
    <Form.Item
      label={say({ zh: '范围', en: 'Rows' })}
      extra={say({
        zh: '只申请用得到的记录；几个条件同时成立才算。',
        en: 'Ask only for the records you need; all conditions have to hold.',
      })}
    >
      <Form.List name="conditions">
        {(lines, { add, remove }) => (
          <Flex vertical gap={8} ref={place}>
            {lines.map(({ key, name }) => (
              <Line
                key={key}
                at={name}
                condition={conditions[name]}
                fields={fields}
                remove={() => {
                  remove(name);
                  focus('button', Math.min(name, lines.length - 1));
                }}
              />
            ))}
            <div>
              <Button
                icon={<PlusOutlined />}
                disabled={lines.length >= 10}
                onClick={() => {
                  add({ comparison: 'eq' });
                  focus('.condition-field [role=combobox]', lines.length);
                }}
              >
                {say({ zh: '加一个条件', en: 'Add a condition' })}
              </Button>
            </div>
          </Flex>
        )}
      </Form.List>
      <Typography.Paragraph style={{ marginBlock: 8 }} aria-live="polite">
        {filter
          ? say({
              zh: `仅限符合以下条件的记录：${filterSentence(filter, fields).zh}。`,
              en: `Only records for which ${filterSentence(filter, fields).en}.`,
            })
          : conditions.length === 0 && say({ zh: '全部行', en: 'all rows' })}
      </Typography.Paragraph>
    </Form.Item>
  );
}

interface LineProps {
  readonly at: number;
  readonly condition: Condition | undefined;
  readonly fields: readonly FilterField[];
  remove(): void;
}

function Line({ at, condition, fields, remove }: LineProps) {
  const say = useSay();
  const form = Form.useFormInstance();
  const field = fields.find((f) => f.field === condition?.field);
  return (
    <Flex gap={8} wrap align="start">
      <Form.Item
        noStyle
        name={[at, 'field']}
        rules={[
          {
            required: true,
            message: say({ zh: `请选择第 ${at + 1} 个条件的字段`, en: `choose the field of condition ${at + 1}` }),
          },
        ]}
      >
        <Select
          className="condition-field"
          style={{ width: 180 }}
          placeholder={say({ zh: '字段', en: 'Field' })}
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={say({ zh: '字段', en: 'Field' })}
          options={fields.map((f) => ({ value: f.field, label: say(f.title) }))}
          onChange={() => {
            form.setFieldValue(['conditions', at, 'comparison'], 'eq');
            form.setFieldValue(['conditions', at, 'value'], undefined);
          }}
        />
      </Form.Item>
      <Form.Item noStyle name={[at, 'comparison']}>
        <Select
          style={{ width: 140 }}
          aria-label={say({ zh: '比较', en: 'Comparison' })}
          options={comparisons[field?.type ?? 'text'].map((c) => ({ value: c.value, label: say(c.words) }))}
          onChange={() => form.setFieldValue(['conditions', at, 'value'], undefined)}
        />
      </Form.Item>
      <Form.Item
        name={[at, 'value']}
        style={{ flex: 1, minWidth: 180, marginBottom: 0 }}
        rules={[
          {
            validator: async (_, value: Condition['value']) => {
              const fault = valueFault(value, field?.type);
              if (fault) throw new Error(say(fault));
            },
          },
        ]}
      >
        <Value field={field} comparison={condition?.comparison} />
      </Form.Item>
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={say({ zh: '去掉这个条件', en: 'Remove this condition' })}
        onClick={remove}
      />
    </Flex>
  );
}

/** Lists up to here are chosen from; of a longer one the code is written. */
const whole = 200;

interface ValueProps {
  readonly field: FilterField | undefined;
  readonly comparison: Condition['comparison'];
  readonly id?: string;
  readonly value?: Condition['value'];
  readonly onChange?: (value: Condition['value']) => void;
}

function Value({ field, comparison, id, value, onChange }: ValueProps) {
  const say = useSay();
  const list = field?.codeList ?? '';
  const codes = useQuery({
    queryKey: ['code-list', list],
    enabled: list !== '',
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/code-lists/:id', { params: { id: list }, query: { limit: whole } }, signal),
  });
  const several = comparison === 'isIn';
  const label = say({ zh: '值', en: 'Value' });
  if (codes.data && codes.data.count <= whole && comparison !== 'startsWith')
    return (
      <Select
        {...(id !== undefined && { id })}
        {...(several && { mode: 'multiple' as const })}
        aria-label={label}
        style={{ width: '100%' }}
        showSearch={{ optionFilterProp: 'label' }}
        options={codes.data.rows.map((i) => ({ value: i.code, label: `${i.code} ${say(i.title)}` }))}
        {...(value !== undefined && { value: value as string & string[] })}
        {...(onChange && { onChange: (v: string | string[]) => onChange(v) })}
      />
    );
  return (
    <Input
      {...(id !== undefined && { id })}
      aria-label={label}
      maxLength={500}
      placeholder={
        several
          ? say({ zh: '几个值，用逗号分开', en: 'values, parted by commas' })
          : field?.type === 'date' || field?.type === 'instant'
            ? say({ zh: '年-月-日', en: 'YYYY-MM-DD' })
            : ''
      }
      value={typeof value === 'string' ? value : (value ?? []).join('，')}
      {...(onChange && { onChange: (e) => onChange(e.target.value) })}
    />
  );
}
