/** Asking for a service; `?from=` names a request whose content the new one begins with. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Typography } from 'antd';
import { call } from '../../parts/api.ts';
import { useAddress } from '../../parts/list-address.ts';
import { useMe } from '../../parts/me.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { useSay } from '../../parts/words.ts';
import { type RequestDetail, RequestForm } from './request-form.tsx';
import type { ServiceDetail } from './service-page.tsx';

export function AskFor({ service }: { service: ServiceDetail }) {
  const say = useSay();
  const [search] = useAddress();
  const id = String(search['from'] ?? '');
  const from = useQuery({
    queryKey: ['request', id],
    enabled: id !== '',
    queryFn: ({ signal }) => call('GET /api/share/requests/:id', { params: { id } }, signal),
  });
  if (service.shareType === '3')
    return (
      <Typography.Text>
        {say({ zh: '这项数据不予共享：', en: 'This is not shared: ' })}
        {service.entry?.shareCondition}
      </Typography.Text>
    );
  if (id === '') return <NewRequest service={service} />;
  return <Loaded query={from}>{(request) => <NewRequest service={service} from={request} />}</Loaded>;
}

/** The form of a request that is not there yet. */
function NewRequest({ service, from }: { service: ServiceDetail; from?: RequestDetail }) {
  const say = useSay();
  const me = useMe();
  const navigate = useNavigate();
  return (
    <>
      <Typography.Paragraph type="secondary">
        {service.shareType === '1'
          ? say({ zh: '无条件共享：提交后自动授权。', en: 'Unconditional: granted by itself once submitted.' })
          : say({
              zh: '有条件共享：数据资源局受理后，由提供部门审核。',
              en: 'Conditional: admitted by the bureau, then reviewed by the provider.',
            })}
      </Typography.Paragraph>
      {from && (
        <Typography.Paragraph>
          {say({
            zh: `以下内容带自申请 ${from.id}，改好后作为一件新的申请提交。`,
            en: `This is what request ${from.id} said; changed as needed, it is submitted as a new request.`,
          })}
        </Typography.Paragraph>
      )}
      <RequestForm
        service={service}
        from={from}
        draft={`request-draft ${me.data?.user ?? ''} ${service.id} ${from?.id ?? 'new'}`}
        submit={{ zh: '提交申请', en: 'Submit' }}
        sent={{ zh: '申请已提交', en: 'Submitted' }}
        send={(body) => call('POST /api/share/requests', { body })}
        after={(r) => void navigate({ to: '/requests/$id' as never, params: { id: r.id } as never })}
      />
    </>
  );
}
