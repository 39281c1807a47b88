/** The rows that the chosen key withholds, each with its reason and its cells. */
import { useQuery } from '@tanstack/react-query';
import { Table, Typography } from 'antd';
import { useState } from 'react';
import { type Asked, call } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';

const atOnce = 20;

export function Withheld({
  upload,
  tried,
  columns,
}: {
  upload: string;
  tried: Asked<'POST /api/govern/uploads/:id/withheld'>['body'];
  columns: readonly string[];
}) {
  const say = useSay();
  const [page, turn] = useState(1);
  const found = useQuery({
    queryKey: ['upload-withheld', upload, tried, page],
    queryFn: ({ signal }) =>
      call(
        'POST /api/govern/uploads/:id/withheld',
        { params: { id: upload }, query: { limit: atOnce, offset: (page - 1) * atOnce }, body: tried },
        signal,
      ),
    retry: false,
  });
  if (found.error) return <Refusal error={found.error} />;
  if (!found.data) return null;
  const { rows, count, sharing, looked } = found.data;
  const more = sharing > looked && (
    <Typography.Text type="warning">
      {say({
        zh: `共有 ${sharing} 行主键重复或缺少，这里只看了前 ${looked} 行。`,
        en: `${sharing} rows repeat or lack the key; the first ${looked} of them were looked at.`,
      })}
    </Typography.Text>
  );
  if (count === 0)
    return (
      <Typography.Text type="secondary">
        {say({ zh: '按这个主键和规则，不隔离任何一行。', en: 'With this key and these rules no row is withheld.' })} {more}
      </Typography.Text>
    );
  return (
    <>
      <Typography.Text strong aria-live="polite">
        {say({ zh: '按这个主键会隔离', en: 'This key withholds' })} <Count n={count} /> {say({ zh: '行：', en: 'rows:' })}
      </Typography.Text>{' '}
      {more}
      <Table
        size="small"
        rowKey="row"
        dataSource={rows}
        scroll={{ x: 'max-content' }}
        pagination={count > atOnce && { current: page, pageSize: atOnce, total: count, showSizeChanger: false, onChange: turn }}
        expandable={{
          expandedRowRender: (r) => (
            <>
              {Object.entries(r.values).map(([column, value]) => (
                <div key={column}>
                  {column}：{value ?? '—'}
                </div>
              ))}
            </>
          ),
        }}
        columns={[
          { title: say({ zh: '行', en: 'Row' }), render: (_, r) => <Count n={r.row} /> },
          ...columns.map((column) => ({ title: column, render: (_: unknown, r: (typeof rows)[number]) => r.values[column] ?? '—' })),
          { title: say({ zh: '原因', en: 'Because' }), render: (_, r) => say(r.reason) },
        ]}
      />
    </>
  );
}
