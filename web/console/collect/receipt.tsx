/** A receipt: the sum, and the digests of key ranges that both ends can recompute, down to the rows. */
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Table, Typography } from 'antd';
import { useState } from 'react';
import { call } from '../../parts/api.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { Code, Count } from '../../parts/state.tsx';
import { useListed, useSay } from '../../parts/words.ts';

/** Ranges under a prefix; a range opens into its sixteen parts. */
export function Ranges({ seq }: { seq: number }) {
  const say = useSay();
  const listed = useListed();
  const [prefix, open] = useState('');
  const ranges = useQuery({
    queryKey: ['receipt', seq, prefix],
    queryFn: ({ signal }) => call('GET /api/collect/batches/:seq/receipt', { params: { seq }, query: { prefix } }, signal),
  });
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph type="secondary">
        {say({
          zh: '按行主键散列的前几位分段；每段的行数与摘要和（与次序无关）两端都能自行计算。两端某段不同，就点开它，直到找到缺的那一行。',
          en: 'Ranges are by the leading digits of the key’s hash; count and sum of each, independent of order, can be computed at both ends. Where they differ, open the range until the missing row is found.',
        })}
      </Typography.Paragraph>
      {prefix !== '' && (
        <div>
          <Button size="small" onClick={() => open(prefix.slice(0, -1))}>
            ← {say({ zh: '上一级', en: 'Up' })}
          </Button>{' '}
          <code>{prefix}</code>
        </div>
      )}
      <Loaded query={ranges}>
        {(r) => (
          <>
            {r.receiptSql && prefix === '' && (
              <details>
                <summary>{say({ zh: '源库管理员用来核对的 SQL', en: 'SQL with which the source’s own administrator checks' })}</summary>
                <pre style={{ whiteSpace: 'pre-wrap' }}>{r.receiptSql}</pre>
              </details>
            )}
            {r.rows && (
              <Typography.Paragraph>
                {say({ zh: '本段的行号：', en: 'Rows of this range: ' })}
                {listed(r.rows) || '—'}
              </Typography.Paragraph>
            )}
            <Table
              size="small"
              pagination={false}
              rowKey={(p) => p.prefix}
              dataSource={[...r.parts]}
              columns={[
                {
                  title: say({ zh: '段', en: 'Range' }),
                  render: (_, p) =>
                    p.count > 0 ? (
                      <Button type="link" size="small" onClick={() => open(p.prefix)}>
                        {p.prefix}
                      </Button>
                    ) : (
                      <code>{p.prefix}</code>
                    ),
                },
                { title: say({ zh: '行', en: 'Rows' }), align: 'right', render: (_, p) => <Count n={p.count} /> },
                { title: say({ zh: '摘要和', en: 'Sum of digests' }), align: 'right', render: (_, p) => <Code text={p.sum} /> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Flex>
  );
}
