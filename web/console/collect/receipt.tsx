/** A receipt: the sum, and the digests of buckets that both ends can recompute, down to the rows. */
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Table, Typography } from 'antd';
import { useState } from 'react';
import { call } from '../../parts/api.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { Code, Count } from '../../parts/state.tsx';
import { useListed, useSay } from '../../parts/words.ts';

/** Buckets under a prefix; each opens into its sixteen parts. */
export function Buckets({ seq }: { seq: number }) {
  const say = useSay();
  const listed = useListed();
  const [prefix, open] = useState('');
  const buckets = useQuery({
    queryKey: ['receipt', seq, prefix],
    queryFn: ({ signal }) => call('GET /api/collect/batches/:seq/receipt', { params: { seq }, query: { prefix } }, signal),
  });
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph type="secondary">
        {say({
          zh: '按行主键散列的前几位分桶；每桶的行数与摘要和（与次序无关）两端都能自行计算。两端某桶不同，就点开它，直到找到缺的那一行。',
          en: 'Buckets go by the leading digits of the key’s hash; count and sum of each, independent of order, can be computed at both ends. Where they differ, open the bucket until the missing row is found.',
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
      <Loaded query={buckets}>
        {(r) => (
          <>
            {r.receiptSql && prefix === '' && (
              <details>
                <summary>{say({ zh: '源端管理员用来核对的 SQL', en: 'SQL with which the source’s own administrator checks' })}</summary>
                <pre style={{ whiteSpace: 'pre-wrap' }}>{r.receiptSql}</pre>
              </details>
            )}
            {r.rows && (
              <Typography.Paragraph>
                {say({ zh: '本桶的行号：', en: 'Rows of this bucket: ' })}
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
                  title: say({ zh: '桶', en: 'Bucket' }),
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
