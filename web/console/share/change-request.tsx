/** Thinking better of a request: changing one that was returned or that waits, beginning a new one from what it said. */
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
        <Button onClick={() => edit(true)}>{say({ zh: '修改', en: 'Change it' })}</Button>
        {editing && <Changed request={request} close={() => edit(false)} />}
      </>
    );
  if (offers('recall'))
    return (
      <Act
        words={{ zh: '修改', en: 'Change it' }}
        asks={{
          zh: '先取回这件申请，审核停下；改好并重新提交后再受理，办理期限从那时算起。编号不变，以前的内容留在版本里。',
          en: 'The request is taken back and its review stands still; once you have changed and submitted it, it is admitted anew and its time counts from then. It keeps its number, and what it said stays among its versions.',
        }}
        work={() => call('POST /api/share/requests/:id/steps', { params: { id: request.id }, body: { step: 'recall', opinion: '' } })}
        done={{ after: () => edit(true) }}
      />
    );
  // Under review where it cannot be taken back: withdrawing is among the steps.
  if (offers('withdraw')) return null;
  return <Button onClick={() => void anew()}>{say({ zh: '据此再申请', en: 'New request from this' })}</Button>;
}

/** The form of a request that is to be changed, in a drawer: what is stored is submitted again with it. */
function Changed({ request, close }: { request: RequestDetail; close(): void }) {
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
            submit={{ zh: '保存并重新提交', en: 'Store and submit again' }}
            sent={{ zh: '已修改并重新提交', en: 'Changed and submitted again' }}
            send={async (body) => {
              const params = { id: request.id };
              const { version } = await call('PUT /api/share/requests/:id', { params, body });
              return call('POST /api/share/requests/:id/steps', { params, body: { step: 'resubmit', opinion: '', version } });
            }}
            after={close}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
