/** An edition that takes much away: what it would do, the steward's yes or no while it waits, and his yes after a no. */
import { Link } from '@tanstack/react-router';
import { Alert, Button, Flex, Input, Modal } from 'antd';
import { useState } from 'react';
import { Act, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { Count, Instant } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

type Source = Reply<'GET /api/collect/sources/:id'>;
type Edition = NonNullable<Source['waiting']>;

export function WaitingEdition({ id, edition }: { id: string; edition: Edition }) {
  const say = useSay();
  const { seq, ordinal, accept } = edition;
  return (
    <Alert
      type="warning"
      showIcon
      title={say({ zh: `第 ${ordinal} 批已落地，尚未启用`, en: `Batch ${ordinal} has landed and is not in use` })}
      description={
        <Flex vertical gap={8} align="start">
          <span>
            <Change edition={edition} />
            {say({
              zh: '确认以前，各处继续使用上一期，并向使用方说明。若是误删，请在源端恢复后重新归集。',
              en: 'Until it is accepted the edition before stays in use, and those who use it are told. If rows were deleted by mistake, restore them at the source and collect again.',
            })}
          </span>
          <ToBatch id={id} edition={edition} />
          {accept.allowed ? (
            <Flex gap={8}>
              <Accept id={id} seq={seq} />
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

/** An edition that the steward said no to: why, and the way back while no other has come. */
export function DeclinedEdition({ id, edition }: { id: string; edition: NonNullable<Source['declined']> }) {
  const say = useSay();
  return (
    <Alert
      type="info"
      showIcon
      title={say({ zh: `第 ${edition.ordinal} 批未启用：${edition.why}`, en: `Batch ${edition.ordinal} is not used: ${edition.why}` })}
      description={
        <Flex vertical gap={8} align="start">
          <span>
            <Change edition={edition} />
            {say({ zh: '各处继续使用上一期。', en: 'The edition before stays in use.' })}
          </span>
          <ToBatch id={id} edition={edition} />
          {edition.accept.allowed && <Accept id={id} seq={edition.seq} />}
        </Flex>
      }
    />
  );
}

/** What an edition would do to the rows in use. */
function Change({ edition: { of, removed, added, changed } }: { edition: Edition }) {
  const say = useSay();
  return (
    <>
      {say({ zh: '现有', en: 'Of' })} <Count n={of} /> {say({ zh: '行中将减少', en: 'rows in use would go' })} <Count n={removed} />{' '}
      {say({ zh: `行，新增 ${added} 行，修改 ${changed} 行。`, en: `; ${added} are added, ${changed} changed.` })}{' '}
    </>
  );
}

function ToBatch({ id, edition: { seq, landedAt } }: { id: string; edition: Edition }) {
  const say = useSay();
  return (
    <Link to={`/collect/${id}/batches/${seq}` as never}>
      {say({ zh: '查看这一批', en: 'See the batch' })} <Instant at={landedAt} />
    </Link>
  );
}

/** The steward's yes. */
const Accept = ({ id, seq }: { id: string; seq: number }) => (
  <Act
    type="primary"
    words={{ zh: '确认启用', en: 'Accept it' }}
    work={() => call('POST /api/collect/sources/:id/editions/:seq/accept', { params: { id, seq } })}
    done={{ say: { zh: '已启用', en: 'It is in use' } }}
  />
);

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
