/** My work: what waits for whoever is signed in, and the working days it is counted by. */
import { z } from 'zod';
import { calendarSchema, daySchema } from '#declare';
import { dueSchema, pageOf, saidWords, sortedPage } from '../http/page.ts';
import type { Door } from '../http/server.ts';
import type { Kernel } from '../stage.ts';
import { type WaitingKind, waitingFor, waitingSorts } from '../waiting.ts';

const row = z.object({
  kind: z.string(),
  kindTitle: saidWords,
  id: z.string(),
  what: saidWords,
  why: saidWords,
  since: z.string().nullable(),
  ...dueSchema.shape,
  limit: z.object({ basis: saidWords, confirmed: z.boolean() }).nullable(),
});

/** Adds the routes. `kinds` are those of every stage. */
export function waitingRoutes(door: Door, kernel: Kernel, kinds: readonly WaitingKind[]): void {
  const names = kinds.map((k) => k.kind);
  door.route({
    method: 'GET',
    url: '/api/waiting',
    tag: 'waiting',
    permission: 'signed-in',
    summary: { zh: '我的工作：等我办理的事，逾期的在前', en: 'My work: what waits for me, overdue first' },
    query: sortedPage(waitingSorts).extend({ kind: z.enum(names).optional(), due: z.enum(['overdue', 'soon']).optional() }),
    reply: pageOf(row).extend({ overdue: z.number(), today: daySchema, lastYear: z.number().nullable() }),
    handle: async ({ query, actor }) => {
      const { rows, ...rest } = await waitingFor(kernel, kinds, actor, query);
      return {
        ...rest,
        rows: rows.map((r) => ({ ...r, limit: r.limit && { basis: { ...r.limit.basis }, confirmed: r.limit.confirmed } })),
      };
    },
  });
  door.route({
    method: 'GET',
    url: '/api/calendar',
    tag: 'waiting',
    permission: 'signed-in',
    summary: { zh: '工作日历：哪天放假，哪天调休上班', en: 'The working calendar: days off and weekend days worked' },
    reply: z.object({ today: daySchema, calendars: z.array(calendarSchema) }),
    handle: async () => ({
      today: kernel.clock.today(),
      calendars: structuredClone([...(await kernel.documents.snapshot()).list('calendar')]),
    }),
  });
}
