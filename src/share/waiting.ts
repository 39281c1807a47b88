/** What of sharing waits for people: requests whose turn is theirs, and grants of their own department that are about to end. */
import { tellTurns, type WaitingKind, waitingUnder } from '#kernel/waiting';

/** A grant that ends within so many days is told of. */
const soonDays = 30;

const requests: WaitingKind = {
  kind: 'request',
  title: { zh: '共享申请', en: 'Request' },
  find: (kernel, actor) =>
    waitingUnder(
      kernel,
      actor,
      'request',
      'select id, provider as owner, consumer as counterpart from share.request',
      kernel.policy.filter(actor, 'share.request.step'),
    ),
  async tell(kernel, found, actor) {
    const snapshot = await kernel.documents.snapshot();
    return tellTurns(kernel, actor, 'request', found, (id) => {
      const request = snapshot.get('request', id);
      const service = snapshot.find('service', request.service)?.title ?? { zh: request.service };
      return { zh: `${service.zh}：${request.purpose}`, en: `${service.en ?? service.zh}: ${request.purpose}` };
    });
  },
};

/** For the department that uses it, and only while no later grant carries the use on: whoever gave it has nothing to do. */
const grants: WaitingKind = {
  kind: 'grant',
  title: { zh: '将到期的授权', en: 'Grant about to end' },
  async find(kernel, actor) {
    if (kernel.policy.filter(actor, 'share.request.submit').kind === 'none') return null;
    const today = kernel.clock.today();
    return [
      `select g.id, g.made_at as since, g.valid_to as until, null::integer as days from share.grant_state g
       where g.consumer = ? and g.revoked_at is null and g.valid_to between ?::date and ?::date + ${soonDays}
         and not exists (select from share.grant_state later where later.service = g.service and later.consumer = g.consumer
           and later.revoked_at is null and later.valid_to > g.valid_to)`,
      actor.department,
      today,
      today,
    ];
  },
  async tell(kernel, found) {
    const snapshot = await kernel.documents.snapshot();
    return new Map(
      found.map(({ id, until }) => {
        const grant = snapshot.get('grant', id);
        return [
          id,
          {
            what: snapshot.find('service', grant.service)?.title ?? { zh: grant.service },
            why: { zh: `${until} 到期，仍需使用请重新申请`, en: `it ends on ${until}; ask again where it is still needed` },
            limit: null,
          },
        ];
      }),
    );
  },
};

export const shareWaiting: readonly WaitingKind[] = [requests, grants];
