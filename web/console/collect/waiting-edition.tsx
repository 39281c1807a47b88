/** An edition that takes much away and waits: what it would do, and the steward's yes. */
import { Link } from '@tanstack/react-router';
import { Alert, Flex } from 'antd';
import { Act } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
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
              zh: '确认以前，各处继续使用上一期，并向使用方说明。若是误删，请在源头恢复后重新归集。',
              en: 'Until it is accepted the edition before stays in use, and those who use it are told. If rows were deleted by mistake, restore them and collect again.',
            })}
          </span>
          <Link to={`/collect/${id}/batches/${seq}` as never}>
            {say({ zh: '查看这一批', en: 'See the batch' })} <Instant at={landedAt} />
          </Link>
          {accept.allowed ? (
            <Act
              type="primary"
              words={{ zh: '确认启用', en: 'Accept it' }}
              work={() => call('POST /api/collect/sources/:id/editions/:seq/accept', { params: { id, seq } })}
              done={{ say: { zh: '已启用', en: 'It is in use' } }}
            />
          ) : (
            <span>{say(accept.reason)}</span>
          )}
        </Flex>
      }
    />
  );
}
