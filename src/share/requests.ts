/** Requests: what a department asks for, the steps its request goes through, and the grant that answers it. */
import type { DocumentOf, Title } from '#declare';
import { codeListsOf, columnsOf, paramsOf } from '#declare/expr/index';
import { contains, type PageOrder, pageFrom, type Sql, seenIn, when, within } from '#kernel/db/listing';
import type { Db, Transaction } from '#kernel/db/pool';
import type { Snapshot } from '#kernel/documents/documents';
import { Refusal } from '#kernel/errors';
import { newId } from '#kernel/identifier';
import type { Actor, Filter } from '#kernel/policy/policy';
import { machine, type Reviewed } from '#kernel/review/review';
import type { Kernel } from '#kernel/stage';
import { makeGrant } from './grants.ts';
import { shareRequest } from './processes.ts';
import { isPublished, queuePublication } from './publish.ts';
import { fieldsServed } from './serving.ts';
import { shareTermsOf } from './standing-on.ts';

type Request = DocumentOf<'request'>;

/** What an applicant fills in. */
export type Asked = Pick<Request, 'service' | 'purpose' | 'legalBasis' | 'scene' | 'fields' | 'rowFilter' | 'until' | 'contact'>;

/** A request in a list. */
export interface ListedRequest {
  readonly id: string;
  readonly service: string;
  readonly consumer: string;
  readonly provider: string;
  readonly madeBy: string;
  readonly madeAt: string;
  readonly state: string;
  readonly since: string;
  readonly grant: string | null;
  /** The last day of its state, and the working days it may last; null where nothing limits it. */
  readonly stateUntil: string | null;
  readonly days: number | null;
}

const reviewOf = (id: string): string => `request:${id}`;

/** The request as the review engine sees it: whose it is, and how the entry behind the service is shared. */
export async function reviewed(kernel: Kernel, db: Db, request: Request, snapshot: Snapshot): Promise<Reviewed> {
  const service = snapshot.get('service', request.service);
  const terms = await shareTermsOf(db, kernel.review, service, snapshot);
  return { about: reviewOf(request.id), owner: request.provider, counterpart: request.department, facts: { shareType: terms.shareType } };
}

/** Submits a request of the actor's department; an unconditional one is approved on the spot. @throws Refusal DOCUMENT_REFUSED, SHARE_NOT_SHARED, SHARE_ENTRY_WITHDRAWN, SHARE_FIELD_UNKNOWN, SHARE_FILTER_OPEN, SHARE_UNTIL_PAST */
export async function submitRequest(kernel: Kernel, tx: Transaction, asked: Asked, actor: Actor): Promise<Request> {
  const snapshot = await kernel.documents.snapshot(tx);
  const request = await store(kernel, tx, snapshot, newId('request', kernel.node, kernel.clock.now()), asked, actor);
  await tx.run('insert into share.request (id, service, consumer, provider, made_by, made_at) values ($1, $2, $3, $4, $5, $6)', [
    request.id,
    request.service,
    request.department,
    request.provider,
    actor.user,
    kernel.clock.now(),
  ]);
  await kernel.facts.publish(tx, {
    name: 'request-submitted',
    about: reviewOf(request.id),
    actor: actor.user,
    body: { department: request.department, service: request.service },
  });
  const passed = await kernel.review.begin(tx, shareRequest.id, await reviewed(kernel, tx, request, snapshot), actor.user);
  await grantIfApproved(kernel, tx, request, passed, machine);
  return request;
}

/** Changes a request that was returned or taken back, before it is submitted again; it then speaks of the service as it is now. @throws Refusal SHARE_REQUEST_CLOSED and those of submitting */
export async function changeRequest(kernel: Kernel, tx: Transaction, before: Request, asked: Asked, actor: Actor): Promise<Request> {
  const standing = await kernel.review.standing(tx, reviewOf(before.id));
  if (standing?.state !== 'returned')
    throw new Refusal('SHARE_REQUEST_CLOSED', inBoth('state', shareRequest.states.find((s) => s.id === standing?.state)?.title));
  const snapshot = await kernel.documents.snapshot(tx);
  const request = await store(
    kernel,
    tx,
    snapshot,
    before.id,
    { ...asked, service: before.service },
    { ...actor, department: before.department },
  );
  await kernel.facts.publish(tx, {
    name: 'request-changed',
    about: reviewOf(before.id),
    actor: actor.user,
    body: { version: request.serviceVersion },
  });
  return request;
}

/** How a step is asked for. `seen` is the version the actor looked at, where the caller says it. */
export interface StepOrder {
  readonly step: string;
  readonly opinion: string;
  readonly seen: number | undefined;
}

/** Takes a step on a request; approval makes the grant in the same transaction. @throws Refusal REVIEW_STEP_REFUSED, REVIEW_STEP_NOT_YOURS, REVIEW_OPINION_MISSING, SHARE_REQUEST_MOVED_ON and those of granting */
export async function stepRequest(
  kernel: Kernel,
  tx: Transaction,
  id: string,
  { step, opinion, seen }: StepOrder,
  actor: Actor,
): Promise<void> {
  const before = await kernel.documents.snapshot(tx);
  const request = before.get('request', id);
  if (step === 'resubmit') await demandShareable(kernel, tx, before, request.service);
  const passed = await kernel.review.take(tx, await reviewed(kernel, tx, request, before), step, actor, opinion);
  // From here on its process is held: what it says now is what is decided about, and nobody decides about what they have not seen.
  const snapshot = await kernel.documents.snapshot(tx);
  const version = snapshot.head('request', id)?.version ?? 1;
  if (seen !== undefined && seen !== version) throw new Refusal('SHARE_REQUEST_MOVED_ON', { version, seen });
  const title = shareRequest.steps.find((s) => s.id === step)?.title;
  await kernel.facts.publish(tx, {
    name: 'request-moved',
    about: reviewOf(id),
    actor: actor.user,
    body: { step: title?.zh ?? step, stepEn: title?.en ?? step, opinion },
  });
  await grantIfApproved(kernel, tx, snapshot.get('request', id), passed, actor.user);
}

async function grantIfApproved(kernel: Kernel, tx: Transaction, request: Request, passed: readonly string[], actor: string): Promise<void> {
  if (!passed.includes('approved')) return;
  await makeGrant(kernel, tx, request, actor);
  // What is published already is kept for it: publishing 20 million rows anew takes minutes and changes nothing.
  if (!(await isPublished(tx, request.service, request.serviceVersion)))
    await queuePublication(kernel, tx, { id: request.service, department: request.provider }, actor);
}

async function store(
  kernel: Kernel,
  tx: Transaction,
  snapshot: Snapshot,
  id: string,
  asked: Asked,
  actor: Pick<Actor, 'user' | 'department'>,
): Promise<Request> {
  const service = snapshot.get('service', asked.service);
  await demandShareable(kernel, tx, snapshot, service.id);
  if (asked.until < kernel.clock.today()) throw new Refusal('SHARE_UNTIL_PAST', { until: asked.until });
  demandFilter(asked.rowFilter, service, snapshot);
  const { doc } = await kernel.documents.put(
    tx,
    'request',
    {
      form: 1,
      id,
      ...asked,
      fields: [...new Set(asked.fields)],
      serviceVersion: snapshot.head('service', service.id)?.version ?? 1,
      department: actor.department,
      provider: service.department,
    },
    { origin: 'console', actor: actor.user },
  );
  return doc;
}

async function demandShareable(kernel: Kernel, tx: Transaction, snapshot: Snapshot, service: string): Promise<void> {
  const terms = await shareTermsOf(tx, kernel.review, snapshot.get('service', service), snapshot);
  if (terms.withdrawn) throw new Refusal('SHARE_ENTRY_WITHDRAWN', inBoth('entry', terms.withdrawn.title));
  if (terms.shareType === '3')
    throw new Refusal('SHARE_NOT_SHARED', { ...inBoth('entry', terms.entry?.title), basis: terms.entry?.shareCondition ?? '' });
}

/** A title as two places of a refusal: its Chinese sentence and its English one. */
const inBoth = (place: string, title: Title | undefined): Readonly<Record<string, string>> => ({
  [place]: title?.zh ?? '?',
  [`${place}En`]: title?.en ?? title?.zh ?? '?',
});

/** A row condition may only speak of what is served, and must be decidable: no parameters, no unknown code lists. */
function demandFilter(filter: Request['rowFilter'], service: DocumentOf<'service'>, snapshot: Snapshot): void {
  if (!filter) return;
  const served = fieldsServed(service);
  const foreign = columnsOf(filter).find((c) => !served.includes(c));
  if (foreign !== undefined) throw new Refusal('SHARE_FIELD_UNKNOWN', { field: foreign, fields: served.join('、') });
  const open = paramsOf(filter)[0] ?? codeListsOf(filter).find((l) => !snapshot.find('code-list', l));
  if (open !== undefined) throw new Refusal('SHARE_FILTER_OPEN', { name: open });
}

const listedColumns = `r.id, r.service, r.consumer, r.provider, r.made_by as "madeBy", r.made_at::text as "madeAt", v.state, v.since::text as since, g.id as grant,
  v.until as "stateUntil", v.days`;
const listedFrom = `share.request r join kernel.review v on v.about = 'request:' || r.id left join share.grant_state g on g.request = r.id`;

/** What may be asked of the list of requests. */
export interface RequestQuery extends PageOrder {
  readonly state?: string | undefined;
  readonly service?: string | undefined;
  /** Either side. */
  readonly department?: string | undefined;
  /** In the purpose, or services whose title holds it. */
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Orders of the list. */
export const requestSorts = { madeAt: 'r.made_at', due: 'v.until', service: 'r.service', consumer: 'r.consumer', state: 'v.state' };

/** A page of the requests an actor may see, newest first. `services` are those whose title holds what is looked for. */
export const listRequests = (
  db: Db,
  seen: Filter,
  { q, ...query }: RequestQuery,
  services: readonly string[],
): Promise<{ rows: ListedRequest[]; count: number }> =>
  pageFrom<ListedRequest>(
    db,
    {
      columns: listedColumns,
      from: [
        `${listedFrom} join kernel.document d on d.kind = 'request' and d.id = r.id
         join kernel.document_version w on w.kind = d.kind and w.id = d.id and w.version = d.version`,
      ],
      where: [
        seenIn(seen, 'r.consumer', 'r.provider'),
        ...when(query.state, 'v.state = ?'),
        ...when(query.service, 'r.service = ?'),
        ...when(query.department, '(r.consumer = ? or r.provider = ?)'),
        ...named(q, services, "w.body ->> 'purpose'", 'r.id'),
        ...within('r.made_at', query.from, query.to),
      ],
      sorts: requestSorts,
      order: 'r.made_at desc, r.id desc',
    },
    query,
  );

/** Contains what is looked for in one of the columns, or is about a service whose title does. */
const named = (q: string | undefined, services: readonly string[], ...columns: readonly string[]): readonly Sql[] =>
  contains(q, ...columns).map(([text, ...values]): Sql => [`(${text} or r.service = any(?::text[]))`, ...values, services]);

/** One request as a list shows it. */
export const listedRequest = (db: Db, id: string): Promise<ListedRequest | undefined> =>
  db.first<ListedRequest>(`select ${listedColumns} from ${listedFrom} where r.id = $1`, [id]);
