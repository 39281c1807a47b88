/** Thinking better of a request: changing one that was returned, taking back one that waits, beginning a new one from what it said. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { Act } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { useGiveBackFocus } from '../../parts/give-back-focus.ts';
import { useMay, useMe } from '../../parts/me.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { useSay } from '../../parts/words.ts';
import { type RequestDetail, RequestForm } from './request-form.tsx';

/** What the applicant's side can do beside the steps of the process. */
export function ChangeRequest({ request }: { request: RequestDetail }) {
  const say = useSay();
  const me = useMe();
  const may = useMay();
  const navigate = useNavigate();
  const [editing, edit] = useState(false);
  if (!may('share.request.submit') || me.data?.department !== request.consumer) return null;
  const offers = (step: string): boolean => request.offered.some((o) => o.id === step && o.allowed);
  const anew = () =>
    navigate({
      to: '/services/$id' as never,
      params: { id: request.service } as never,
      search: { tab: 'ask', from: request.id } as never,
    });
  if (offers('resubmit'))
    return (
      <>
        <Button onClick={() => edit(true)}>{say({ zh: '修改内容', en: 'Change it' })}</Button>
        {editing && <Returned request={request} close={() => edit(false)} />}
      </>
    );
  if (offers('withdraw'))
    return (
      <Act
        words={{ zh: '撤回并修改', en: 'Take it back and change it' }}
        asks={{
          zh: '这件申请会被撤回，审核到此为止；它写的内容会带到一件新的申请里，改好后再提交。',
          en: 'This request is withdrawn and its review ends; what it says goes into a new request that you change and submit.',
        }}
        work={() =>
          call('POST /api/share/requests/:id/steps', {
            params: { id: request.id },
            body: { step: 'withdraw', opinion: say({ zh: '撤回后修改', en: 'Taken back to be changed' }) },
          })
        }
        done={{ say: { zh: '已撤回，请修改后重新提交', en: 'Withdrawn; change it and submit it again' }, after: () => void anew() }}
      />
    );
  return <Button onClick={() => void anew()}>{say({ zh: '据此再申请', en: 'New request from this' })}</Button>;
}

/** The form of a request that came back, in a drawer. */
function Returned({ request, close }: { request: RequestDetail; close(): void }) {
  const say = useSay();
  const me = useMe();
  useGiveBackFocus();
  const service = useQuery({
    queryKey: ['service', request.service],
    queryFn: ({ signal }) => call('GET /api/share/services/:id', { params: { id: request.service } }, signal),
  });
  return (
    <Drawer open size={720} onClose={close} title={say({ zh: '修改申请', en: 'Change the request' })}>
      <Loaded query={service}>
        {(s) => (
          <RequestForm
            service={s}
            from={request}
            draft={`request-draft ${me.data?.user ?? ''} ${request.service} change ${request.id}`}
            submit={{ zh: '保存', en: 'Store' }}
            sent={{ zh: '已保存；还要“重新提交”，审核才接着办', en: 'Stored; it still has to be submitted again' }}
            send={(body) => call('PUT /api/share/requests/:id', { params: { id: request.id }, body })}
            after={close}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
