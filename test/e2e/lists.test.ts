/** What every list can do: its order and columns are chosen in the address, it is exported as it is shown, and its filters are kept. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seriousOn } from './axe.ts';
import { openBrowser } from './browser.ts';
import { exported } from './exported.ts';
import { phone, widerThanPhone } from './phone.ts';
import { sharedCity } from './shared-city.ts';
import { arrived, desk, speak, visit } from './visit.ts';

const city = sharedCity();
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const signedIn = (account: string): Promise<Page> => visit(browser, city, account);

test('a list is exported as it is shown: all of its pages, under its filters, in its order, with its columns', async () => {
  const page = await signedIn('operator');
  await page.goto(`${city.address}/engine`);
  const all = await exported(page);
  expect(all.lines[0]).toContain('"任务"');
  expect(all.shown).toBeGreaterThan(20);
  // People by their names, in the file as on the page.
  expect(all.lines.some((line) => line.includes('"公安专员 高岳"'))).toBe(true);
  expect(all.lines.filter((line) => line.split(',')[3] === '"police"')).toEqual([]);
  // The platform works while it is exported.
  expect(all.lines.length - 1).toBeGreaterThanOrEqual(all.shown);

  // The order by the head of the column, the columns by the dialog: both stand in the address afterwards.
  await page.goto(`${city.address}/engine?q=insured-persons&state=done`);
  await page.getByRole('columnheader', { name: '排队' }).click();
  await page.waitForURL(/sort=queuedAt/);
  await page.getByRole('button', { name: '选择列' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: '状态' }).uncheck();
  await dialog.getByRole('checkbox', { name: '编号' }).check();
  await dialog.getByRole('button', { name: '“排队”前移' }).click();
  await dialog.getByRole('button', { name: /确\s*定/ }).click();
  await page.waitForURL(/columns=job%2Cabout%2CqueuedAt%2Cactor%2CendedAt%2Cid/);
  // The connection breaks while it is exported: that is waited for, and it goes on by itself.
  await page.route(/limit=1000/, (route) => route.abort('connectionreset'), { times: 1 });
  const some = await exported(page);
  expect(some.lines[0]).toBe('"任务","对象","排队","发起","结束","编号"');
  expect(some.lines.length - 1).toBe(some.shown);
  expect(some.shown).toBeLessThan(all.shown);
  const cells = await page
    .locator('tr.ant-table-row')
    .evaluateAll((rows) => rows.map((r) => [...r.querySelectorAll('td')].map((c) => `"${c.textContent?.trim()}"`).join(',')));
  expect(some.lines.slice(1, cells.length + 1)).toEqual(cells);
  const queued = some.lines.slice(1).map((line) => line.split(',')[2] ?? '');
  expect(queued).toEqual(queued.toSorted());
  for (const line of some.lines.slice(1)) expect(line).toContain('insured-persons');
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
  // Who sees only what is published of an entry is shown no door to its versions, and no refusal is written for them.
  const other = await signedIn('civil');
  const asked: string[] = [];
  other.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await other.goto(`${city.address}/catalog/police-register?tab=versions`);
  await arrived(other);
  expect(await other.getByRole('tab').allInnerTexts()).toEqual(['信息项', '挂接', '经过', '权限']);
  expect(asked.filter((path) => path.startsWith('/api/versions'))).toEqual([]);
  await other.context().close();
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
    found.push(...(await seriousOn(page, false)).map((v) => `en ${path} ${v}`));
    await page.setViewportSize(phone);
    found.push(...(await widerThanPhone(page)).map((v) => `en ${path} ${v}`));
    await page.setViewportSize(desk);
    await speak(page, 'zh');
  }
  expect(found).toEqual([]);
  await page.context().close();
});
