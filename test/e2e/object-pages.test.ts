/** One page of every kind of object, with each of its tabs, in both languages: nothing that axe calls serious, nothing in the other language, nothing wider than a phone whatever its data say. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousOn } from './axe.ts';
import { openBrowser } from './browser.ts';
import { phone, widerThanPhone } from './phone.ts';
import { sharedCity } from './shared-city.ts';
import { arrived, desk, speak, visit } from './visit.ts';

const city = sharedCity();
let browser: Browser;
const pages = new Map<string, Page>();

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** The page of an account: one for all kinds of object that it looks at. */
async function as(account: string): Promise<Page> {
  const page = pages.get(account) ?? (await visit(browser, city, account));
  pages.set(account, page);
  return page;
}

/** Calls an address of the platform as whoever is signed in on the page. */
const ask = (page: Page, method: string, address: string, body?: unknown, type = 'application/json') =>
  page.evaluate(
    async ([m, a, b, t]) => {
      const reply = await fetch(a, { method: m, ...(b !== undefined && { body: b, headers: { 'content-type': t } }) });
      return (await reply.json()) as { id: string; grant: string; rows: Record<string, unknown>[] };
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
      // A bar of progress stands on the page while it is judged, and its share is no word that could be longer.
      await page.getByRole('progressbar').first().waitFor({ state: 'detached', timeout: 120_000 });
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
      const civil = await as('civil');
      const asked = {
        service: 'population-basic',
        purpose: '页面测试',
        legalBasis: '页面测试的依据',
        scene: '页面测试',
        fields: ['name'],
        until: '2027-06-30',
        contact: '何敏',
        rowFilter: null,
      };
      const { id } = await ask(civil, 'POST', '/api/share/requests', asked);
      await ask(await as('operator'), 'POST', `/api/share/requests/${id}/steps`, { step: 'admit', opinion: '材料齐全' });
      await ask(page, 'POST', `/api/share/requests/${id}/steps`, { step: 'approve', opinion: '符合共享条件' });
      return `/grants/${(await ask(page, 'GET', `/api/share/requests/${id}`)).grant}`;
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

/** Tabs that are the same part on every object: in English axe looks at each once. */
const common = new Set(['Timeline', 'Versions', 'Who may']);
const walked = new Set<string>();

test.each(kinds)('$kind', async ({ account, address }) => {
  const page = await as(account);
  const path = await address(page);
  const found: string[] = [];
  await page.goto(`${city.address}${path}`);
  for (const language of ['zh', 'en'] as const) {
    await speak(page, language);
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    const tabs = await page.getByRole('tab').count();
    for (let tab = 0; tab < Math.max(1, tabs); tab++) {
      if (tabs > 0) await page.getByRole('tab').nth(tab).click();
      const title = tabs > 0 ? await page.getByRole('tab').nth(tab).innerText() : path;
      const where = `${language} ${title}`;
      if (!walked.has(title)) found.push(...(await seriousOn(page, language === 'zh')).map((v) => `${where}: ${v}`));
      else await arrived(page);
      if (common.has(title)) walked.add(title);
      const words = (await page.locator(chrome).allInnerTexts()).map((w) => w.trim()).filter((w) => !same.test(w));
      if (language === 'zh')
        found.push(...words.filter((w) => !/[\u4e00-\u9fff]/.test(w) && /[a-z]{3}/i.test(w)).map((w) => `${where}: English word ${w}`));
      else found.push(...words.filter((w) => /[\u4e00-\u9fff]/.test(w)).map((w) => `${where}: Chinese word ${w}`));
      await page.setViewportSize(phone);
      found.push(...(await widerThanPhone(page)).map((v) => `${where}: ${v}`));
      await page.setViewportSize(desk);
    }
  }
  await speak(page, 'zh');
  expect(found).toEqual([]);
});
