/** My work: what waits for whoever is signed in, and the working days it is counted by. */
import { z } from 'zod';
import { calendarSchema, daySchema, titleSchema } from '#declare';
import { pageOf, sortedPage } from '../http/page.ts';
import type { Door } from '../http/server.ts';
import type { Kernel } from '../stage.ts';
import { type WaitingKind, waitingFor } from '../waiting.ts';

const row = z.object({
  kind: z.string(),
  kindTitle: titleSchema,
  id: z.string(),
  what: titleSchema,
  why: titleSchema,
  since: z.string().nullable(),
  until: daySchema.nullable(),
  /** Working days it may last, and those left: 0 on the last day, negative when overdue. */
  days: z.number().nullable(),
  left: z.number().nullable(),
  overdue: z.boolean(),
  limit: z.object({ basis: titleSchema, confirmed: z.boolean() }).nullable(),
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
    query: sortedPage('since', 'until').extend({ kind: z.enum(names).optional(), due: z.enum(['overdue', 'soon']).optional() }),
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
