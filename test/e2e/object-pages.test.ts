/** One page of every kind of object, with each of its tabs, in both languages: nothing that axe calls serious, nothing in the other language, nothing wider than a phone whatever its data say. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousOn } from './axe.ts';
import { openBrowser } from './browser.ts';
import { type RunningCity, startCity } from './city.ts';
import { phone, widerThanPhone } from './phone.ts';

let city: RunningCity;
let browser: Browser;

beforeAll(async () => {
  city = await startCity({ scale: 0.02, seed: 7 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await city?.remove();
});

async function signedIn(account: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(city.address);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('口令').fill(city.password(account));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation').waitFor();
  return page;
}

/** Calls an address of the platform as whoever is signed in on the page. */
const ask = (page: Page, method: string, address: string, body?: unknown, type = 'application/json') =>
  page.evaluate(
    async ([m, a, b, t]) => {
      const reply = await fetch(a, { method: m, ...(b !== undefined && { body: b, headers: { 'content-type': t } }) });
      return (await reply.json()) as { id: string; rows: Record<string, unknown>[] };
    },
    [method, address, typeof body === 'object' ? JSON.stringify(body) : (body as string | undefined), type] as [
      string,
      string,
      string?,
      string?,
    ],
  );

/** What the first row of a list says of itself. */
const first = async (page: Page, list: string, field: string) => String((await ask(page, 'GET', list)).rows[0]?.[field]);

/** A kind of object: who looks at one, and at which address; what the city does not have yet is made first. */
const kinds: readonly { kind: string; account: string; address: (page: Page) => Promise<string> }[] = [
  { kind: 'entry', account: 'police', address: async () => '/catalog/police-register' },
  { kind: 'source', account: 'police', address: async () => '/collect/police-register' },
  {
    kind: 'batch',
    account: 'police',
    address: async (page) => `/collect/police-register/batches/${await first(page, '/api/collect/batches', 'seq')}`,
  },
  {
    kind: 'upload',
    account: 'market',
    address: async (page) => {
      const file = `店名,电话\n${Array.from({ length: 20 }, (_, i) => `第${i}号店,0349-62345${10 + i}`).join('\n')}\n`;
      const { id } = await ask(page, 'POST', '/api/collect/uploads', { name: '店名.csv', bytes: Buffer.byteLength(file) });
      await ask(page, 'PUT', `/api/collect/uploads/${id}/parts/0`, file, 'application/octet-stream');
      await page.goto(`${city.address}/upload/${id}`);
      await page.getByRole('tab').first().waitFor();
      return `/upload/${id}`;
    },
  },
  { kind: 'table', account: 'police', address: async () => '/govern/police-register' },
  { kind: 'library', account: 'operator', address: async () => '/library/population' },
  {
    kind: 'record',
    account: 'operator',
    address: async (page) => `/library/population/${await first(page, '/api/library/libraries/population/records', 'entity')}`,
  },
  { kind: 'service', account: 'civil', address: async () => '/services/population-basic' },
  { kind: 'request', account: 'civil', address: async (page) => `/requests/${await first(page, '/api/share/requests', 'id')}` },
  {
    kind: 'grant',
    account: 'police',
    address: async (page) => {
      const step = { step: 'approve', opinion: '符合共享条件' };
      await ask(page, 'POST', `/api/share/requests/${await first(page, '/api/share/requests', 'id')}/steps`, step);
      return `/grants/${await first(page, '/api/share/grants', 'id')}`;
    },
  },
  { kind: 'run', account: 'operator', address: async (page) => `/engine/runs/${await first(page, '/api/runs', 'id')}` },
  { kind: 'engine', account: 'sysadmin', address: async () => '/engine' },
  { kind: 'access record', account: 'auditor', address: async (page) => `/log/${await first(page, '/api/log', 'id')}` },
];

/** Frame, headings, tabs, labels, heads of columns and buttons: what we wrote and not what departments or people did. */
const chrome = 'h3, [role=tab], .ant-descriptions-item-label, th:not(.as-delivered), main button:not(td button)';
/** Words that are the same in both languages, and those of the file that is uploaded here. */
const same = /^(|CSV|XLSX|SQL|SHA-256|[←→✕•\d]+.*|API|店名.*|电话)$/;

test.each(kinds)('$kind', async ({ account, address }) => {
  const page = await signedIn(account);
  const path = await address(page);
  const found: string[] = [];
  for (const language of ['zh', 'en'] as const) {
    await page.evaluate(`localStorage.setItem('language', '${language}')`);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${city.address}${path}`);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    const tabs = await page.getByRole('tab').count();
    for (let tab = 0; tab < Math.max(1, tabs); tab++) {
      if (tabs > 0) await page.getByRole('tab').nth(tab).click();
      await page.waitForLoadState('networkidle');
      const where = `${language} ${tabs > 0 ? await page.getByRole('tab').nth(tab).innerText() : path}`;
      found.push(...(await seriousOn(page)).map((v) => `${where}: ${v}`));
      const words = (await page.locator(chrome).allInnerTexts()).map((w) => w.trim()).filter((w) => !same.test(w));
      if (language === 'zh')
        found.push(...words.filter((w) => !/[\u4e00-\u9fff]/.test(w) && /[a-z]{3}/i.test(w)).map((w) => `${where}: English word ${w}`));
      else found.push(...words.filter((w) => /[\u4e00-\u9fff]/.test(w)).map((w) => `${where}: Chinese word ${w}`));
      await page.setViewportSize(phone);
      found.push(...(await widerThanPhone(page)).map((v) => `${where}: ${v}`));
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  }
  expect(found).toEqual([]);
  await page.context().close();
});
