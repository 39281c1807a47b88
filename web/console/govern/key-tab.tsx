/** What identifies a row of a table: the fields of its key, and which of them may be absent. */
import { Alert, Checkbox, Flex, Select, Typography } from 'antd';
import { useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { useMay } from '../../parts/me.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useSay } from '../../parts/words.ts';

type Table = Reply<'GET /api/govern/tables/:id'>;

/** The key of a table, to be changed by its steward. `started` is told the run that governs the table again. */
export function KeyTab({ table, started }: { table: Table; started: (run: string | null) => void }) {
  const say = useSay();
  const may = useMay();
  const { binding, fields } = table;
  const act = useAct((next: Table['binding']) => call('PUT /api/govern/bindings/:id', { params: { id: table.id }, body: next }), {
    after: (r) => started(r.run),
  });
  const absent = binding.mayBeAbsent ?? [];
  const newest = fields.find((f) => f.name === binding.newest);
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph type="secondary">
        {say({
          zh: '主键各列都空的行没有主键：照原样保留，从不合并。只缺一列的也是，除非这一列勾选了“可以缺失”：缺失与缺失视为相同。',
          en: 'A row whose key is absent has none: it is kept as it is and never merged. So is one that lacks a part, unless that part may be absent: then absent is like absent.',
        })}
      </Typography.Paragraph>
      {act.error && <Refusal error={act.error} />}
      {binding.key.length === 0 && <Alert type="info" showIcon title={say({ zh: '这张表没有主键', en: 'This table has no key' })} />}
      {newest?.type === 'text' && (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: `新旧按文本“${say(newest.title)}”比较，并不可靠：请改选时刻、日期或数值字段`,
            en: `Which row is newer is told by a text, '${say(newest.title)}': choose an instant, a day or a number`,
          })}
        />
      )}
      <Flex gap={12} align="center">
        <Typography.Text>{say({ zh: '以哪个字段大的为新', en: 'Field whose greatest value is the latest' })}</Typography.Text>
        <Select
          style={{ minWidth: 240 }}
          value={binding.newest ?? ''}
          disabled={!may('binding.edit') || act.isPending}
          aria-label={say({ zh: '以哪个字段大的为新', en: 'Field whose greatest value is the latest' })}
          onChange={(name) => act.mutate({ ...binding, newest: name === '' ? null : name })}
          options={[
            { value: '', label: say({ zh: '后到的为新', en: 'what came last' }) },
            ...fields
              .filter((f) => f.type !== 'text' || f.name === binding.newest)
              .map((f) => ({ value: f.name, label: say(f.title), disabled: f.type === 'text' })),
          ]}
        />
      </Flex>
      {binding.key.map((name) => {
        const title = fields.find((f) => f.name === name)?.title ?? { zh: name, en: name };
        return (
          <Flex key={name} gap={24} align="center">
            <Typography.Text strong>{say(title)}</Typography.Text>
            <Checkbox
              checked={absent.includes(name)}
              disabled={!may('binding.edit') || act.isPending || binding.key.length === 1}
              aria-label={`${say(title)}：${say({ zh: '可以缺失', en: 'may be absent' })}`}
              onChange={(e) =>
                act.mutate({ ...binding, mayBeAbsent: e.target.checked ? [...absent, name] : absent.filter((k) => k !== name) })
              }
            >
              {say({ zh: '可以缺失', en: 'may be absent' })}
            </Checkbox>
          </Flex>
        );
      })}
    </Flex>
  );
}
