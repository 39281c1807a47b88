/** An edition that takes much away and waits: what it would do, and the steward's yes or no. */
import { Link } from '@tanstack/react-router';
import { Alert, Button, Flex, Input, Modal } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { Count, Instant } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Edition = NonNullable<Reply<'GET /api/collect/sources/:id'>['waiting']>;

export function WaitingEdition({ id, edition }: { id: string; edition: Edition }) {
  const say = useSay();
  const { seq, ordinal, landedAt, of, removed, added, changed, accept } = edition;
  return (
    <Alert
      type="warning"
      showIcon
      title={say({ zh: `第 ${ordinal} 批已落地，尚未启用`, en: `Batch ${ordinal} has landed and is not in use` })}
      description={
        <Flex vertical gap={8} align="start">
          <span>
            {say({ zh: '现有', en: 'Of' })} <Count n={of} /> {say({ zh: '行中将减少', en: 'rows in use would go' })} <Count n={removed} />{' '}
            {say({ zh: `行，新增 ${added} 行，修改 ${changed} 行。`, en: `; ${added} are added, ${changed} changed.` })}
            {say({
              zh: '确认以前，各处继续使用上一期，并向使用方说明。若是误删，请在源端恢复后重新归集。',
              en: 'Until it is accepted the edition before stays in use, and those who use it are told. If rows were deleted by mistake, restore them at the source and collect again.',
            })}
          </span>
          <Link to={`/collect/${id}/batches/${seq}` as never}>
            {say({ zh: '查看这一批', en: 'See the batch' })} <Instant at={landedAt} />
          </Link>
          {accept.allowed ? (
            <Flex gap={8}>
              <Act
                type="primary"
                words={{ zh: '确认启用', en: 'Accept it' }}
                work={() => call('POST /api/collect/sources/:id/editions/:seq/accept', { params: { id, seq } })}
                done={{ say: { zh: '已启用', en: 'It is in use' } }}
              />
              <Decline id={id} seq={seq} />
            </Flex>
          ) : (
            <span>{say(accept.reason)}</span>
          )}
        </Flex>
      }
    />
  );
}

/** The steward's no, with its reason. */
function Decline({ id, seq }: { id: string; seq: number }) {
  const say = useSay();
  const [open, show] = useState(false);
  const [why, write] = useState('');
  const act = useAct(
    (reason: string) => call('POST /api/collect/sources/:id/editions/:seq/decline', { params: { id, seq }, body: { why: reason } }),
    {
      say: { zh: '已记录：不启用，继续使用上一期', en: 'Written down: it is set aside, the edition before stays in use' },
      after: () => show(false),
    },
  );
  const words = { zh: '不启用', en: 'Do not use it' };
  return (
    <>
      <Button onClick={() => show(true)}>{say(words)}</Button>
      <Modal
        open={open}
        title={say(words)}
        onCancel={() => show(false)}
        okText={say(words)}
        cancelText={say({ zh: '返回', en: 'Back' })}
        okButtonProps={{ disabled: why.trim().length < 2, loading: act.isPending }}
        onOk={() => act.mutate(why.trim())}
        destroyOnHidden
      >
        <Flex vertical gap={12}>
          <span>
            {say({
              zh: '这一批不启用，各处继续使用上一期；内容相同的交付不再询问。请写明理由，会记入经过。',
              en: 'The batch is set aside and the edition before stays in use; the same rows are not asked about again. The reason is written to the timeline.',
            })}
          </span>
          <Input.TextArea
            rows={3}
            maxLength={500}
            value={why}
            onChange={(e) => write(e.target.value)}
            aria-label={say({ zh: '理由', en: 'Reason' })}
          />
          {act.error && <Refusal error={act.error} />}
        </Flex>
      </Modal>
    </>
  );
}
