/** What every list can do: it is exported as it is shown, and its filters are kept; what waits for somebody is on the first page. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousOn } from './axe.ts';
import { openBrowser } from './browser.ts';
import { type RunningCity, startCity } from './city.ts';
import { phone, widerThanPhone } from './phone.ts';

let city: RunningCity;
let browser: Browser;

beforeAll(async () => {
  city = await startCity({ scale: 0.02, seed: 5 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await city?.remove();
});

async function signedIn(account: string, language: 'zh' | 'en' = 'zh'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(city.address);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('口令').fill(city.password(account));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation', { name: '主导航' }).waitFor();
  if (language === 'en') {
    await page.evaluate(() => localStorage.setItem('language', 'en'));
    await page.reload();
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
  }
  return page;
}

test('the first page says what waits, and leads to where it is done', async () => {
  const page = await signedIn('police');
  await page.getByText('共享申请').first().waitFor();
  await page
    .getByRole('row', { name: /共享申请.*同意/ })
    .getByRole('link')
    .click();
  await page.getByRole('button', { name: '同意', exact: true }).waitFor();
  await page.context().close();
});

test('a list is exported as it is shown: all of its pages, under its filters', async () => {
  const page = await signedIn('operator');
  const exported = async (path: string): Promise<{ shown: number; lines: string[] }> => {
    await page.goto(`${city.address}${path}`);
    await page.locator('tr.ant-table-row').last().waitFor();
    const shown = Number((await page.getByRole('search').getByText(/^共/).textContent())?.replace(/\D/g, ''));
    await page.getByRole('button', { name: '导出' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()]);
    return {
      shown,
      lines: readFileSync((await download.path()) as string, 'utf8')
        .trimEnd()
        .split('\r\n'),
    };
  };
  const all = await exported('/engine');
  expect(all.lines[0]).toContain('"任务"');
  expect(all.shown).toBeGreaterThan(20);
  expect(all.lines.length - 1).toBe(all.shown);
  const some = await exported('/engine?about=source%3Apolice-register');
  expect(some.shown).toBeLessThan(all.shown);
  expect(some.lines.length - 1).toBe(some.shown);
  for (const line of some.lines.slice(1)) expect(line).toContain('source:police-register');
  await page.context().close();
});

test('filters are kept under a name and opened again', async () => {
  const page = await signedIn('auditor');
  await page.goto(`${city.address}/log?door=console`);
  await page.getByRole('button', { name: '筛选方案' }).click();
  await page.getByText('保存当前筛选…').click();
  await page.getByLabel('名称', { exact: true }).fill('只看控制台');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /确\s*定/ })
    .click();
  await page.goto(`${city.address}/log`);
  await page.getByRole('button', { name: '筛选方案' }).click();
  await page.getByRole('menuitem', { name: '只看控制台', exact: true }).click();
  await page.waitForURL(/door=console/);
  await page.context().close();
});

test('an object page tells its versions, what differs between them, and who may do what', async () => {
  const page = await signedIn('operator');
  await page.goto(`${city.address}/collect/police-register?tab=versions`);
  await page.getByRole('cell', { name: '控制台' }).first().waitFor();
  await page.getByRole('tab', { name: '权限' }).click();
  await page.getByRole('row', { name: /归集与交付.*数据资源局运营/ }).waitFor();
  await page.context().close();
});

const roles = ['operator', 'police', 'civil', 'civil-dev', 'sysadmin', 'secadmin', 'auditor'];

const languages = ['zh', 'en'] as const;
const everyone = languages.flatMap((language) => roles.map((account) => ({ account, language })));
/** In English each page is walked once, by the first role that has it: the words change, the parts are the same. It is looked at as wide as a phone too: English words are the longer ones. */
const walkedInEnglish = new Set<string>();

test.each(everyone)(
  'axe finds nothing serious and no phone is too narrow on any page of the menu as $account, $language',
  async ({ account, language }) => {
    const page = await signedIn(account, language);
    const links = await page.getByRole('navigation').getByRole('link').all();
    const paths = await Promise.all(links.map((l) => l.getAttribute('href')));
    expect(paths.length).toBeGreaterThan(0);
    const found: string[] = [];
    for (const path of paths) {
      if (language === 'en' && walkedInEnglish.has(String(path))) continue;
      if (language === 'en') walkedInEnglish.add(String(path));
      await page.goto(`${city.address}${path}`);
      await page.getByRole('heading').first().waitFor();
      await page.waitForLoadState('networkidle');
      found.push(...(await seriousOn(page)).map((v) => `${path} ${v}`));
      if (language === 'en') {
        await page.setViewportSize(phone);
        found.push(...(await widerThanPhone(page)).map((v) => `${path} ${v}`));
        await page.setViewportSize({ width: 1440, height: 900 });
      }
    }
    expect(found).toEqual([]);
    await page.context().close();
  },
);
