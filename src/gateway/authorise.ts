/** Authorise: whether a grant covers a call for a service on a day. */
import { dayOf } from '#kernel/clock';
import { Refusal } from '#kernel/errors';
import { standingOf } from '#share';
import type { CompiledGrant } from './compile.ts';

/** @throws Refusal naming the clause: GATEWAY_OTHER_SERVICE, GATEWAY_SEAL_BROKEN, GATEWAY_ENTRY_WITHDRAWN, GATEWAY_GRANT_REVOKED, GATEWAY_GRANT_EXPIRED, GATEWAY_GRANT_FUTURE */
export function authorise(grant: Pick<CompiledGrant, 'state' | 'sealed' | 'withdrawn'>, service: string, today: string): void {
  const { state } = grant;
  const id = state.id;
  if (!grant.sealed) throw new Refusal('GATEWAY_SEAL_BROKEN', { grant: id });
  if (state.service !== service) throw new Refusal('GATEWAY_OTHER_SERVICE', { grant: id, granted: state.service, service });
  switch (standingOf(state, today)) {
    case 'revoked':
      throw new Refusal('GATEWAY_GRANT_REVOKED', {
        grant: id,
        date: dayOf(new Date(state.revokedAt ?? '')),
        reason: state.revokedBecause ?? '',
      });
    case 'expired':
      throw new Refusal('GATEWAY_GRANT_EXPIRED', { grant: id, date: state.validTo });
    case 'future':
      throw new Refusal('GATEWAY_GRANT_FUTURE', { grant: id, date: state.validFrom });
    case 'live':
      if (grant.withdrawn !== null) throw new Refusal('GATEWAY_ENTRY_WITHDRAWN', { grant: id, entry: grant.withdrawn });
  }
}
