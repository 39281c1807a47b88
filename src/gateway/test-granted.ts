/** Grants for the tests of the gateway: what review would have made, without walking through it. */
import type { DocumentOf } from '#declare';
import type { Expr } from '#declare/expr/index';
import { newId } from '#kernel/identifier';
import type { OpenKernel } from '#kernel/open';
import { type GrantState, makeGrant } from '../share/grants.ts';
import { makeKey } from '../share/keys.ts';

/** Makes a grant for a service with a key. */
export async function granted(
  kernel: OpenKernel,
  service: string,
  fields: readonly string[],
  rowFilter: Expr | null = null,
  until = '2027-06-30',
): Promise<{ grant: GrantState; secret: string; keyId: string }> {
  const snapshot = await kernel.documents.snapshot();
  const request: DocumentOf<'request'> = {
    form: 1,
    id: newId('request', kernel.node, kernel.clock.now()),
    service,
    serviceVersion: snapshot.head('service', service)?.version ?? 1,
    department: 'civil',
    provider: 'police',
    purpose: '核验办事人身份',
    legalBasis: '居民身份证法',
    scene: '窗口办理',
    fields: [...fields],
    rowFilter,
    until,
    contact: '0000',
  };
  return kernel.db.transaction(async (tx) => {
    await kernel.documents.put(tx, 'request', request, { origin: 'console', actor: 'test' });
    await tx.run('insert into share.request (id, service, consumer, provider, made_by, made_at) values ($1, $2, $3, $4, $5, now())', [
      request.id,
      service,
      'civil',
      'police',
      'test',
    ]);
    const grant = await makeGrant(kernel, tx, request, 'test');
    const key = await makeKey(kernel, tx, grant, 'test', 'test');
    return { grant, secret: key.secret, keyId: key.id };
  });
}
