/** What every list can do: it is exported as it is shown, and its filters are kept; what waits for somebody is on the first page. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousOn } from './axe.ts';
import { openBrowser } from './browser.ts';
import { phone, widerThanPhone } from './phone.ts';
import { sharedCity } from './shared-city.ts';
import { desk, speak, visit } from './visit.ts';

const city = sharedCity();
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const signedIn = (account: string): Promise<Page> => visit(browser, city, account);

test('the first page says what waits, and leads to where it is done', async () => {
  const page = await signedIn('police');
  await page.getByText('共享申请').first().waitFor();
  await page
    .getByRole('row', { name: /共享申请.*同意/ })
    .first()
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
  // The platform works while it is exported.
  expect(all.lines.length - 1).toBeGreaterThanOrEqual(all.shown);
  const some = await exported('/engine?about=source%3Ainsured-persons');
  expect(some.shown).toBeLessThan(all.shown);
  expect(some.lines.length - 1).toBe(some.shown);
  for (const line of some.lines.slice(1)) expect(line).toContain('source:insured-persons');
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

/** In English each page is walked once, by the first role that has it: the words change, the parts are the same. It is looked at as wide as a phone too: English words are the longer ones. */
const walkedInEnglish = new Set<string>();

test.each(roles)('axe finds nothing serious on any page of the menu as %s, and no phone is too narrow for it', async (account) => {
  const page = await signedIn(account);
  const paths = await Promise.all((await page.getByRole('navigation').getByRole('link').all()).map((l) => l.getAttribute('href')));
  expect(paths.length).toBeGreaterThan(0);
  const found: string[] = [];
  for (const path of paths) {
    await page.getByRole('navigation').locator(`a[href="${path}"]`).click();
    await page.waitForURL(`**${path}`);
    found.push(...(await seriousOn(page)).map((v) => `${path} ${v}`));
    if (walkedInEnglish.has(String(path))) continue;
    walkedInEnglish.add(String(path));
    await speak(page, 'en');
    found.push(...(await seriousOn(page)).map((v) => `en ${path} ${v}`));
    await page.setViewportSize(phone);
    found.push(...(await widerThanPhone(page)).map((v) => `en ${path} ${v}`));
    await page.setViewportSize(desk);
    await speak(page, 'zh');
  }
  expect(found).toEqual([]);
  await page.context().close();
});
