/** Setting the cursor of a source back, to where one of its batches ended or to the beginning. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Flex, Modal, Select, Typography } from 'antd';
import { useState } from 'react';
import { useAct } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useSay } from '../../parts/words.ts';

const beginning = 0;

/** A button with its dialog; the latest batches with a cursor are offered. */
export function SetBack({ id, cursor }: { id: string; cursor: string | null }) {
  const say = useSay();
  const [open, show] = useState(false);
  const [to, choose] = useState<number | null>(null);
  const batches = useQuery({
    queryKey: ['batches', id, 'cursors'],
    queryFn: ({ signal }) => call('GET /api/collect/batches', { query: { source: id, limit: 50 } }, signal),
    enabled: open,
  });
  const act = useAct(
    (batch: number) =>
      call('POST /api/collect/sources/:id/cursor', { params: { id }, body: { batch: batch === beginning ? null : batch } }),
    { say: { zh: '游标已退回，下一次归集从那里读起', en: 'Set back; the next collection goes on from there' }, after: () => show(false) },
  );
  const choices = (batches.data?.rows ?? []).flatMap((b) =>
    b.cursorTo === null ? [] : [{ value: b.seq, label: `${b.cursorTo} · ${say({ zh: `第 ${b.ordinal} 批`, en: `batch ${b.ordinal}` })}` }],
  );
  return (
    <>
      <Button onClick={() => show(true)}>{say({ zh: '退回游标', en: 'Set the cursor back' })}</Button>
      <Modal
        open={open}
        title={say({ zh: '退回游标', en: 'Set the cursor back' })}
        onCancel={() => show(false)}
        okText={say({ zh: '退回', en: 'Set back' })}
        cancelText={say({ zh: '取消', en: 'Cancel' })}
        okButtonProps={{ disabled: to === null, loading: act.isPending }}
        onOk={() => to !== null && act.mutate(to)}
      >
        <Flex vertical gap={12}>
          <Typography.Text>
            {say({
              zh: `现在在 ${cursor ?? '开头'}。编号重新开始的表从头读起。`,
              en: `It stands at ${cursor ?? 'the beginning'}. A table whose numbers began again is read from the beginning.`,
            })}
          </Typography.Text>
          <Select<number>
            aria-label={say({ zh: '退回到', en: 'Back to' })}
            placeholder={say({ zh: '退回到', en: 'Back to' })}
            loading={batches.isLoading}
            value={to}
            onChange={choose}
            options={[{ value: beginning, label: say({ zh: '从头', en: 'The beginning' }) }, ...choices]}
          />
          <Alert
            type="info"
            title={say({
              zh: '退回到某一批：重读其后的行，只落地台账里没有的。从头：读出的整张表取代此前的数据。',
              en: 'To a batch: what follows is read again and what the ledger lacks is landed. To the beginning: the whole table as read takes the place of what was there.',
            })}
          />
          {act.error && <Refusal error={act.error} />}
        </Flex>
      </Modal>
    </>
  );
}
