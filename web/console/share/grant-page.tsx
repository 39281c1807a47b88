/** One grant: what it allows in words, its keys, its use, and the way to stop it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Flex, Input, Modal, Table, Typography } from 'antd';
import { useState } from 'react';
import { Act, Offer, useAct } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { useDepartments } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Code, Count, Instant, State, Wrapped } from '../../parts/state.tsx';
import { Who } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';
import { standings } from './grant-list.tsx';
import { Masked } from './masked.tsx';
import { UsageTable } from './usage-list.tsx';

type Grant = Reply<'GET /api/share/grants/:id'>;

export default function GrantPage() {
  const say = useSay();
  const { titleOf } = useDepartments();
  const { id } = useParams({ strict: false }) as { id: string };
  const grant = useQuery({
    queryKey: ['grant', id],
    queryFn: ({ signal }) => call('GET /api/share/grants/:id', { params: { id } }, signal),
  });
  return (
    <Loaded query={grant}>
      {(g) => (
        <ObjectPage
          title={say({ zh: `授权：${say(g.serviceTitle)}`, en: `Grant: ${say(g.serviceTitle)}` })}
          id={g.id}
          about={`grant:${g.id}`}
          state={<State tone={standings[g.standing].tone} words={standings[g.standing]} />}
          actions={<Revoke grant={g} />}
          facts={[
            { label: { zh: '使用部门', en: 'Consumer' }, value: say(titleOf(g.consumer)) },
            { label: { zh: '提供部门', en: 'Provider' }, value: say(titleOf(g.provider)) },
            { label: { zh: '期限', en: 'Period' }, value: `${g.validFrom} — ${g.validTo}` },
            {
              label: { zh: '服务', en: 'Service' },
              value: (
                <Link to={`/services/${g.service}` as never}>
                  {say(g.serviceTitle)} v{g.serviceVersion}
                </Link>
              ),
            },
            { label: { zh: '申请', en: 'Request' }, value: <Link to={`/requests/${g.request}` as never}>{g.request}</Link> },
            {
              label: { zh: '用量', en: 'Usage' },
              value: (
                <>
                  <Count n={g.usage.calls} /> {say({ zh: '次', en: 'calls' })} · <Count n={g.usage.rows} /> {say({ zh: '行', en: 'rows' })}{' '}
                  · <Count n={g.usage.bytes} /> {say({ zh: '字节', en: 'bytes' })} · <Count n={g.usage.refused} />{' '}
                  {say({ zh: '次被拒', en: 'refused' })}
                </>
              ),
            },
            ...(g.revokedAt
              ? [
                  {
                    label: { zh: '撤销', en: 'Revoked' },
                    value: (
                      <>
                        <Instant at={g.revokedAt} /> <Who actor={g.revokedBy ?? ''} />
                        {say({ zh: '：', en: ': ' })}
                        {g.revokedBecause}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
          tabs={[
            { key: 'words', title: { zh: '授权内容', en: 'What it allows' }, body: <Allowed grant={g} /> },
            { key: 'keys', title: { zh: '密钥', en: 'Keys' }, body: <Keys grant={g} /> },
            { key: 'usage', title: { zh: '用量', en: 'Usage' }, body: <UsageTable grant={g.id} /> },
          ]}
        />
      )}
    </Loaded>
  );
}

/** The sentence, the fields with their masks, and the platform's seal. */
function Allowed({ grant }: { grant: Grant }) {
  const say = useSay();
  return (
    <Flex vertical gap={12}>
      <Typography.Paragraph>{say(grant.sentence)}</Typography.Paragraph>
      <Table
        size="small"
        rowKey={(f) => f.field}
        pagination={false}
        dataSource={[...grant.fields]}
        columns={[
          { title: say({ zh: '字段', en: 'Field' }), render: (_, f) => say(f.title) },
          { title: say({ zh: '敏感级', en: 'Sensitivity' }), align: 'right', dataIndex: 'sensitivity' },
          {
            title: say({ zh: '怎样显示', en: 'How it is shown' }),
            render: (_, f) => (
              <Wrapped width={760}>
                {f.mask ? <Masked looks={f.mask} exact={f.maskExact} /> : say({ zh: '原值', en: 'as it is' })}
                {f.narrowed && say({ zh: '（敏感级提高后自动收窄）', en: ' (narrowed when its sensitivity was raised)' })}
              </Wrapped>
            ),
          },
        ]}
      />
      <Typography.Paragraph type="secondary">
        {say({ zh: '平台封存章（不是部门签名）：', en: 'Platform seal (no department’s signature): ' })}
        <Code text={grant.seal.platform} />
      </Typography.Paragraph>
    </Flex>
  );
}

/** Keys of the grant; a new one's secret is shown once. */
function Keys({ grant }: { grant: Grant }) {
  const say = useSay();
  const [secret, show] = useState<string | null>(null);
  const manage = grant.offered.find((o) => o.action === 'share.key.manage');
  return (
    <Flex vertical gap={12}>
      {secret && (
        <Alert
          type="success"
          showIcon
          title={say({ zh: '密钥只显示这一次，请立即保存', en: 'Shown this once: keep it now' })}
          description={<Code text={secret} />}
          closable={{ onClose: () => show(null) }}
        />
      )}
      <div>
        {manage?.allowed ? (
          <Act
            type="primary"
            words={{ zh: '生成密钥', en: 'Make a key' }}
            work={() => call('POST /api/share/grants/:id/keys', { params: { id: grant.id }, body: {} })}
            done={{ after: (k) => show(k.secret) }}
          />
        ) : (
          <Offer offer={manage}>{say({ zh: '生成密钥', en: 'Make a key' })}</Offer>
        )}
      </div>
      <Table
        size="small"
        rowKey={(k) => k.id}
        pagination={false}
        dataSource={[...grant.keys]}
        locale={{ emptyText: say({ zh: '还没有密钥', en: 'No key yet' }) }}
        columns={[
          { title: say({ zh: '编号', en: 'Id' }), render: (_, k) => <Code text={k.id} /> },
          { title: say({ zh: '名称', en: 'Name' }), dataIndex: 'name' },
          {
            title: say({ zh: '生成', en: 'Made' }),
            render: (_, k) => (
              <>
                <Instant at={k.madeAt} /> <Who actor={k.madeBy} />
              </>
            ),
          },
          {
            title: '',
            render: (_, k) => (
              <Act
                size="small"
                danger
                disabled={!manage?.allowed}
                words={{ zh: '删除', en: 'Delete' }}
                asks={{
                  zh: `用密钥“${k.name}”的程序立即不能再调用，这个密钥不能恢复；需要时另生成一个。`,
                  en: `Programs that use the key '${k.name}' are refused at once, and it cannot be brought back; another one can be made.`,
                }}
                work={() => call('DELETE /api/share/keys/:id', { params: { id: k.id } })}
                done={{ say: { zh: '已失效', en: 'Void' } }}
              />
            ),
          },
        ]}
      />
    </Flex>
  );
}

/** Stops the grant at once, with a reason. */
function Revoke({ grant }: { grant: Grant }) {
  const say = useSay();
  const [open, show] = useState(false);
  const [reason, write] = useState('');
  const act = useAct((why: string) => call('POST /api/share/grants/:id/revoke', { params: { id: grant.id }, body: { reason: why } }), {
    say: { zh: '授权已撤销，立即生效', en: 'Revoked, at once' },
    after: () => show(false),
  });
  const offer = grant.offered.find((o) => o.action === 'share.grant.revoke');
  return (
    <>
      <Offer offer={offer} danger onClick={() => show(true)}>
        {say({ zh: '撤销授权', en: 'Revoke' })}
      </Offer>
      <Modal
        open={open}
        title={say({ zh: `撤销授权 ${grant.id}`, en: `Revoke ${grant.id}` })}
        onCancel={() => show(false)}
        okText={say({ zh: '撤销', en: 'Revoke' })}
        okButtonProps={{ danger: true, disabled: reason.trim().length < 2, loading: act.isPending }}
        onOk={() => act.mutate(reason)}
      >
        <Typography.Paragraph>
          {say({
            zh: `${grant.keys.length} 个密钥将立即失效，使用部门的下一次调用会被拒绝。撤销不能恢复，需要时请重新申请。`,
            en: `${grant.keys.length} keys are void at once and the next call is refused. It cannot be undone; a new request is needed.`,
          })}
        </Typography.Paragraph>
        <Input.TextArea
          rows={3}
          value={reason}
          onChange={(e) => write(e.target.value)}
          aria-label={say({ zh: '理由', en: 'Reason' })}
          placeholder={say({ zh: '理由（必填，使用部门会看到）', en: 'Reason (required; the consumer sees it)' })}
        />
        {act.error && <Refusal error={act.error} />}
      </Modal>
    </>
  );
}
