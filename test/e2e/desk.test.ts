/** My work in a browser, on a platform whose clock can be turned: what waits, until when, and what is overdue. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildWeb, serveWeb } from '../../bin/web.ts';
import { testPassword } from '../kernel.ts';
import setupPostgres from '../postgres.ts';
import { openRiver, type River, requestBody } from '../river.ts';
import { openBrowser } from './browser.ts';
import { exported } from './exported.ts';

let river: River;
let browser: Browser;
let address: string;
let removePostgres: () => Promise<void>;

beforeAll(async () => {
  await buildWeb(() => undefined);
  removePostgres = await setupPostgres();
  river = await openRiver(undefined, {}, (door) => serveWeb(door.fastify));
  address = await river.k.door.fastify.listen({ host: '127.0.0.1', port: 0 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await river?.close();
  await removePostgres?.();
});

/** A request that waits for the provider since a day. */
async function admittedOn(day: string, purpose: string): Promise<void> {
  river.k.clock.set(`${day}T02:00:00Z`);
  const [operator, developer] = await Promise.all([river.k.actor('operator', 'data-bureau'), river.k.actor('developer', 'civil-affairs')]);
  const { id } = (await river.ok('POST', '/api/share/requests', developer, { ...requestBody, purpose })) as unknown as { id: string };
  await river.ok('POST', `/api/share/requests/${id}/steps`, operator, { step: 'admit', opinion: '' });
}

test('the overdue stands first, marked in words; what is shown is exported; each leads to where it is done', async () => {
  await admittedOn('2026-11-30', '后来的一件申请');
  await admittedOn('2026-11-24', '先来的一件申请');
  river.k.clock.set('2026-12-10T02:00:00Z');
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(address);
  await page.getByLabel('账号').fill(river.steward.user);
  await page.getByLabel('口令').fill(testPassword);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('1 件已逾期').waitFor();
  const rows = page.getByRole('row', { name: /共享申请/ });
  expect(await rows.first().textContent()).toMatch(/先来的一件申请.*同意.*■\s已逾期 2 个工作日（12-08 截止）/);
  expect(await rows.nth(1).textContent()).toMatch(/后来的一件申请.*▲\s还剩 2 个工作日（12-14 截止）/);

  await page.goto(`${address}/desk?due=overdue&columns=about,until,basis`);
  await page.getByText('先来的一件申请').waitFor();
  const { shown, lines } = await exported(page);
  expect(shown).toBe(1);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toBe('"对象","期限","期限依据"');
  expect(lines[1]).toMatch(/^"[^"]*：先来的一件申请","已逾期 2 个工作日（12-08 截止）","《政务数据共享条例》/);

  await page.goto(`${address}/desk`);
  await rows.first().getByRole('link').click();
  await page.getByRole('button', { name: '同意', exact: true }).waitFor();
  await context.close();
});
