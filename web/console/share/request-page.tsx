/** One request: what it asks, what it waits for, what was said about it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Descriptions } from 'antd';
import { Steps } from '../../parts/act.tsx';
import { call } from '../../parts/api.ts';
import { Due } from '../../parts/due.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { ReviewHistory } from '../../parts/review-history.tsx';
import { Instant, State, toneOf } from '../../parts/state.tsx';
import { Who } from '../../parts/who.tsx';
import { useListed, useSay } from '../../parts/words.ts';
import { ChangeRequest } from './change-request.tsx';

export default function RequestPage() {
  const say = useSay();
  const listed = useListed();
  const { titleOf } = useDepartments();
  const { id } = useParams({ strict: false }) as { id: string };
  const request = useQuery({
    queryKey: ['request', id],
    queryFn: ({ signal }) => call('GET /api/share/requests/:id', { params: { id } }, signal),
  });
  return (
    <Loaded query={request}>
      {(r) => (
        <ObjectPage
          title={say({ zh: `申请：${say(r.serviceTitle)}`, en: `Request: ${say(r.serviceTitle)}` })}
          id={r.id}
          about={`request:${r.id}`}
          state={<State tone={toneOf(r.tone)} words={r.stateTitle} />}
          actions={
            <>
              <Steps
                // What changes a request has a button of its own.
                steps={r.offered.filter((s) => s.id !== 'recall')}
                ends={{
                  withdraw: {
                    zh: '撤回后这件申请就此结束，不能恢复；需要时可以“据此再申请”，内容会带过去。',
                    en: 'A withdrawn request is over and cannot be taken up again; a new one can be begun from what it said.',
                  },
                }}
                take={(step, opinion) =>
                  call('POST /api/share/requests/:id/steps', { params: { id }, body: { step, opinion, version: r.version } })
                }
              />
              <ChangeRequest request={r} />
            </>
          }
          facts={[
            { label: { zh: '使用部门', en: 'Consumer' }, value: say(titleOf(r.consumer)) },
            { label: { zh: '提供部门', en: 'Provider' }, value: say(titleOf(r.provider)) },
            { label: { zh: '办理期限', en: 'To be done' }, value: r.due ? <Due {...r.due} /> : '—' },
            { label: { zh: '申请用到', en: 'Asked until' }, value: r.until },
            { label: { zh: '提交人', en: 'By' }, value: <Who actor={r.madeBy} /> },
            { label: { zh: '提交于', en: 'Made' }, value: <Instant at={r.madeAt} /> },
            // Why it came back, or was refused, stands where its state is.
            ...r.history
              .slice(-1)
              .filter((h) => h.opinion !== '')
              .map((h) => ({ label: { zh: `${h.title.zh}的意见`, en: `${h.title.en ?? h.title.zh}: opinion` }, value: h.opinion })),
            { label: { zh: '授权', en: 'Grant' }, value: r.grant ? <Link to={`/grants/${r.grant}` as never}>{r.grant}</Link> : '—' },
          ]}
          tabs={[
            {
              key: 'asked',
              title: { zh: '申请内容', en: 'What it asks' },
              body: (
                <Descriptions
                  bordered
                  size="small"
                  column={1}
                  items={[
                    {
                      key: 'service',
                      label: say({ zh: '服务', en: 'Service' }),
                      children: (
                        <Link to={`/services/${r.service}` as never}>
                          {say(r.serviceTitle)} v{r.serviceVersion}
                        </Link>
                      ),
                    },
                    { key: 'purpose', label: say({ zh: '使用目的', en: 'Purpose' }), children: r.purpose },
                    { key: 'basis', label: say({ zh: '使用依据', en: 'Legal basis' }), children: r.legalBasis },
                    { key: 'scene', label: say({ zh: '使用场景', en: 'Scene' }), children: r.scene },
                    { key: 'fields', label: say({ zh: '字段', en: 'Fields' }), children: listed(r.fields.map((f) => say(f.title))) },
                    {
                      key: 'filter',
                      label: say({ zh: '范围', en: 'Rows' }),
                      children: say(r.rowFilterWords ?? { zh: '全部行', en: 'all rows' }),
                    },
                    { key: 'contact', label: say({ zh: '联系人', en: 'Contact' }), children: r.contact },
                  ]}
                />
              ),
            },
            {
              key: 'history',
              title: { zh: '办理过程', en: 'Review' },
              body: <ReviewHistory steps={r.history} />,
            },
          ]}
        />
      )}
    </Loaded>
  );
}
