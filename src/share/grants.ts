/** Grants: made once, never changed; what may happen to one afterwards is that it is revoked or runs out. */
import { type DocumentOf, fieldsUnder, maskOf } from '#declare';
import { contains, type PageOrder, pageFrom, type Sql, seenIn, when } from '#kernel/db/listing';
import type { Db, Transaction } from '#kernel/db/pool';
import { digestOf } from '#kernel/documents/documents';
import { raiseEpoch } from '#kernel/epoch';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/identifier';
import type { Filter } from '#kernel/policy/policy';
import type { Kernel } from '#kernel/stage';
import { type Seal, sealGrant } from './seal.ts';

/** What is known about a grant beside its content. */
export interface GrantState {
  readonly id: string;
  readonly request: string;
  readonly service: string;
  readonly serviceVersion: number;
  readonly consumer: string;
  readonly provider: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly digest: string;
  readonly seal: Seal;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly revokedAt: string | null;
  readonly revokedBy: string | null;
  readonly revokedBecause: string | null;
}

/** How a grant stands on a day. */
export type GrantStanding = 'live' | 'revoked' | 'expired' | 'future';

const columns = `g.id, g.request, g.service, g.service_version as "serviceVersion", g.consumer, g.provider, g.valid_from as "validFrom", g.valid_to as "validTo", g.digest, g.seal,
  g.made_by as "madeBy", g.made_at::text as "madeAt", g.revoked_at::text as "revokedAt", g.revoked_by as "revokedBy", g.revoked_because as "revokedBecause"`;
const liveSql = 'g.revoked_at is null and g.valid_to >= $1::date';

/** How a grant stands on a day of the city's calendar. */
export function standingOf(grant: Pick<GrantState, 'revokedAt' | 'validFrom' | 'validTo'>, today: string): GrantStanding {
  if (grant.revokedAt !== null) return 'revoked';
  if (today > grant.validTo) return 'expired';
  return today < grant.validFrom ? 'future' : 'live';
}

/** Makes the grant that answers an approved request, sealed by the platform; it holds from today. @throws Refusal SHARE_UNTIL_PAST, SHARE_SERVICE_MOVED, DOCUMENT_REFUSED */
export async function makeGrant(kernel: Kernel, tx: Transaction, request: DocumentOf<'request'>, actor: string): Promise<GrantState> {
  const { clock, documents, facts } = kernel;
  const today = clock.today();
  if (request.until < today) throw new Refusal('SHARE_UNTIL_PAST', { until: request.until });
  const snapshot = await documents.snapshot(tx);
  const service = snapshot.get('service', request.service);
  const now = snapshot.head('service', service.id)?.version ?? 0;
  // Approving means the service as the provider offers it today, not as it was when the request was written.
  if (now !== request.serviceVersion) throw new Refusal('SHARE_SERVICE_MOVED', { service: service.id, now, asked: request.serviceVersion });
  const elements = new Map((fieldsUnder(service, snapshot.find) ?? []).map((f) => [f.name, snapshot.get('element', f.element)]));
  const { doc } = await documents.put(
    tx,
    'grant',
    {
      form: 1,
      id: newId('grant', kernel.node, clock.now()),
      request: request.id,
      service: service.id,
      serviceVersion: now,
      consumer: request.department,
      provider: service.department,
      purpose: request.purpose,
      legalBasis: request.legalBasis,
      fields: request.fields.map((field) => {
        const show = service.returns.find((r) => r.field === field)?.show;
        const element = elements.get(field);
        return { field, mask: show && element ? maskOf(show, element) : null };
      }),
      rowFilter: request.rowFilter,
      validFrom: today,
      validTo: request.until,
    },
    { origin: 'console', actor },
  );
  const digest = digestOf(doc);
  await tx.run(
    `insert into share.grant_state (id, request, service, service_version, consumer, provider, valid_from, valid_to, digest, seal, made_by, made_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      doc.id,
      doc.request,
      doc.service,
      doc.serviceVersion,
      doc.consumer,
      doc.provider,
      doc.validFrom,
      doc.validTo,
      digest,
      JSON.stringify(await sealGrant(kernel, tx, digest)),
      actor,
      clock.now(),
    ],
  );
  // Processes that compile from documents read earlier look again: the grant may stand on something made since.
  await raiseEpoch(tx);
  const body = { grant: doc.id, consumer: doc.consumer, service: doc.service, version: doc.serviceVersion, until: doc.validTo };
  for (const about of [`grant:${doc.id}`, `request:${request.id}`, `service:${service.id}`])
    await facts.publish(tx, { name: 'grant-made', about, actor, body });
  return (await grantState(tx, doc.id)) as GrantState;
}

/** Ends a grant for good. It holds from the commit on, in every process: each record tells its writer the epoch this raises. @throws Refusal SHARE_GRANT_OVER */
export async function revokeGrant(kernel: Kernel, tx: Transaction, grant: GrantState, actor: string, reason: string): Promise<void> {
  const done = await tx.run(
    'update share.grant_state set revoked_at = $2, revoked_by = $3, revoked_because = $4 where id = $1 and revoked_at is null',
    [grant.id, kernel.clock.now(), actor, reason],
  );
  if (done === 0) throw new Refusal('SHARE_GRANT_OVER', { grant: grant.id, date: (grant.revokedAt ?? '').slice(0, 10) });
  await raiseEpoch(tx);
  for (const about of [`grant:${grant.id}`, `request:${grant.request}`, `service:${grant.service}`])
    await kernel.facts.publish(tx, { name: 'grant-revoked', about, actor, body: { grant: grant.id, reason } });
}

/** State of a grant, or undefined. */
export const grantState = (db: Db, id: string): Promise<GrantState | undefined> =>
  db.first<GrantState>(`select ${columns} from share.grant_state g where g.id = $1`, [id]);

/** Every grant that is or will be in force, oldest first. */
export const liveGrants = (db: Db, today: string): Promise<GrantState[]> =>
  db.rows<GrantState>(`select ${columns} from share.grant_state g where ${liveSql} order by g.made_at, g.id`, [today]);

/** Versions of a service that live grants pin. */
export const pinnedVersions = async (db: Db, service: string, today: string): Promise<number[]> =>
  (
    await db.rows<{ v: number }>(`select distinct g.service_version as v from share.grant_state g where ${liveSql} and g.service = $2`, [
      today,
      service,
    ])
  ).map((r) => r.v);

/** What may be asked of the list of grants. */
export interface GrantQuery extends PageOrder {
  readonly service?: string | undefined;
  /** Either side. */
  readonly department?: string | undefined;
  readonly standing?: GrantStanding | undefined;
  readonly q?: string | undefined;
  /** Days between which it ends. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders of the list. */
export const grantSorts = {
  madeAt: 'g.made_at',
  validTo: 'g.valid_to',
  service: 'g.service',
  consumer: 'g.consumer',
  provider: 'g.provider',
};

/** As `standingOf` says it, in SQL; `?` is today. */
const standingSql: Readonly<Record<GrantStanding, string>> = {
  revoked: 'g.revoked_at is not null and ?::date is not null',
  expired: 'g.revoked_at is null and g.valid_to < ?::date',
  future: 'g.revoked_at is null and g.valid_from > ?::date',
  live: 'g.revoked_at is null and ?::date between g.valid_from and g.valid_to',
};

/** A page of the grants an actor may see, newest first. `services` are those whose title holds what is looked for. */
export const listGrants = (
  db: Db,
  seen: Filter,
  { q, ...query }: GrantQuery,
  { services, today }: { readonly services: readonly string[]; readonly today: string },
): Promise<{ rows: GrantState[]; count: number }> =>
  pageFrom<GrantState>(
    db,
    {
      columns,
      from: ['share.grant_state g'],
      where: [
        seenIn(seen, 'g.consumer', 'g.provider'),
        ...when(query.service, 'g.service = ?'),
        ...when(query.department, '(g.consumer = ? or g.provider = ?)'),
        ...when(query.standing && today, query.standing ? standingSql[query.standing] : ''),
        ...contains(q, 'g.id').map(([text, ...values]): Sql => [`(${text} or g.service = any(?::text[]))`, ...values, services]),
        ...when(query.from, 'g.valid_to >= ?::date'),
        ...when(query.to, 'g.valid_to <= ?::date'),
      ],
      sorts: grantSorts,
      order: 'g.made_at desc, g.id desc',
    },
    query,
  );
