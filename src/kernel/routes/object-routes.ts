/** What every object has: its timeline, its versions, and what may be done with it. */
import { z } from 'zod';
import { isDocumentKind } from '#declare';
import { exprSchema, sentence } from '#declare/expr/index';
import { documentNamed } from '../documents/kind-title.ts';
import { Refusal } from '../errors.ts';
import type { FactTable } from '../facts/facts.ts';
import { ordinal, saidWords } from '../http/page.ts';
import type { Door } from '../http/server.ts';
import type { Actor } from '../policy/policy.ts';
import type { Kernel, TimelineTable } from '../stage.ts';
import { factsOpenTo, timelineOf } from '../timeline.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const about = z.object({ about: z.string().max(200) });
const version = z.object({ version: z.number(), digest: z.string(), origin: z.string(), actor: z.string(), at: z.string() });

/** Adds the routes. `facts` and `timelines` are those of every stage. */
export function objectRoutes(door: Door, kernel: Kernel, parts: { facts: FactTable; timelines: TimelineTable }): void {
  const { policy, documents } = kernel;
  /** Kind and id of the document behind an object whose versions somebody may see: whoever may be told all that happened to it may see what it was. */
  const documentOf = async (actor: Actor, of: string) => {
    const [word = '', id = ''] = of.split(/:(.*)/s);
    const told = await factsOpenTo(kernel, parts.timelines, actor, of);
    const kind = word === 'table' ? 'binding' : word;
    if (!isDocumentKind(kind)) throw new Refusal('DOCUMENT_NOT_FOUND', { kind: '有版本的对象', kindEn: 'object with versions', id: of });
    if (told !== null) throw new Refusal('VERSIONS_NOT_YOURS', documentNamed(kind, id));
    return { kind, id };
  };

  door.route({
    method: 'GET',
    url: '/api/versions/:about',
    tag: 'runs',
    permission: 'signed-in',
    summary: { zh: '一个对象的各个版本', en: 'The versions of an object, newest first' },
    params: about,
    reply: z.array(version),
    handle: async ({ params, actor }) => {
      const { kind, id } = await documentOf(actor, params.about);
      return [...(await documents.history(kind, id))];
    },
  });
  door.route({
    method: 'GET',
    url: '/api/versions/:about/:version',
    tag: 'runs',
    permission: 'signed-in',
    summary: { zh: '一个对象的某一版，其中的表达式读成句子', en: 'What an object was in one version, its expressions read out' },
    params: about.extend({ version: ordinal }),
    reply: z.object({ version: z.number(), body: z.unknown() }),
    handle: async ({ params, actor }) => {
      const { kind, id } = await documentOf(actor, params.about);
      return { version: params.version, body: readOut(await documents.version(kind, id, params.version)) };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/timeline/:about',
    tag: 'runs',
    permission: 'signed-in',
    summary: { zh: '经过：一个对象发生过的事', en: 'Timeline: what happened to an object' },
    params: about,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), before: z.coerce.number().int().optional() }),
    reply: z.array(
      z.object({
        seq: z.number(),
        at: z.string(),
        actor: z.string(),
        name: z.string(),
        title: words,
        sentence: words,
        things: z.array(z.object({ about: z.string(), title: saidWords })),
      }),
    ),
    handle: async ({ params, query, actor }) =>
      (await timelineOf(kernel, parts, actor, params.about, query)).map((h) => ({
        ...h,
        title: { ...h.title },
        sentence: { ...h.sentence },
        things: [...h.things],
      })),
  });
  door.route({
    method: 'GET',
    url: '/api/actions',
    tag: 'health',
    permission: 'signed-in',
    summary: { zh: '操作与角色；对某个对象，您能做什么', en: 'Actions and roles; and about one object, what you may do' },
    query: z.object({ about: z.string().max(200).optional() }),
    reply: z.array(
      z.object({
        id: z.string(),
        title: words,
        by: z.record(z.string(), z.enum(['any', 'own'])),
        you: z.object({ allowed: z.boolean(), reason: words }).nullable(),
      }),
    ),
    handle: async ({ query, actor }) => {
      const departments = query.about === undefined ? null : await departmentsOf(kernel, parts.timelines, actor, query.about);
      return Object.entries(policy.actions()).map(([id, a]) => {
        const verdict = departments && policy.decide(actor, id, departments);
        return {
          id,
          title: said(a.title),
          by: { ...a.by },
          you: verdict && { allowed: verdict.allowed, reason: said(verdict.reason) },
        };
      });
    },
  });
}

/** A document with its expressions read out as sentences: whoever compares two versions reads no trees. */
function readOut(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readOut);
  if (typeof value !== 'object' || value === null) return value;
  const tree = 'kind' in value ? exprSchema.safeParse(value) : undefined;
  if (tree?.success) return { said: sentence(tree.data) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readOut(inner)]));
}

const said = (t: { readonly zh: string; readonly en?: string | undefined }): { zh: string; en: string } => ({ zh: t.zh, en: t.en ?? t.zh });

/** The departments that an object concerns, for somebody who may see it. @throws Refusal POLICY_DENIED, DOCUMENT_NOT_FOUND */
async function departmentsOf(kernel: Kernel, timelines: TimelineTable, actor: Actor, about: string): Promise<readonly (string | null)[]> {
  await factsOpenTo(kernel, timelines, actor, about);
  const [kind = '', id = ''] = about.split(/:(.*)/s);
  const service = kind === 'service' ? (await kernel.documents.snapshot()).find('service', id) : undefined;
  return [...((await timelines[kind]?.departments(kernel, id)) ?? []), ...(service ? [service.department] : [])];
}
