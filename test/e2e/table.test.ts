/** A table of a department's own PostgreSQL in a real browser: connected to, picked, sampled, and made a governed table. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { sharedCity } from './shared-city.ts';

const city = sharedCity();
let browser: Browser;
let page: Page;
let settings: Record<string, string | number>;
const noise: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (e) => noise.push(e.message));
  await page.goto(city.address);
  await page.getByLabel('账号').fill('police');
  await page.getByLabel('口令').fill(city.password('police'));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation', { name: '主导航' }).waitFor();
  // The database that public security has, and the user that may read it; its password is kept under a name already.
  settings = (await asked<{ body: { settings: typeof settings } }>('/api/collect/sources/police-register')).body.settings;
});
const asked = async <T>(path: string): Promise<T> => {
  const reply = await page.request.get(`${city.address}${path}`);
  expect(reply.status(), path).toBe(200);
  return (await reply.json()) as T;
};
afterAll(async () => browser?.close());

test('the database is connected to, and its tables are told', async () => {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '上传', exact: true }).click();
  await page.getByRole('button', { name: '登记数据库里的一张表' }).click();
  await page.getByLabel('主机').fill(String(settings['host']));
  await page.getByLabel('端口').fill(String(settings['port']));
  await page.getByLabel('数据库', { exact: true }).fill(String(settings['database']));
  await page.getByLabel('用户').fill(String(settings['user']));
  await page.getByLabel('密钥名称').fill(String(settings['password']).replace('secret:', ''));
  await page.getByRole('button', { name: '连接，列出各表' }).click();
  await page.getByRole('button', { name: `选取 ${settings['schema']}.${settings['table']}` }).click();
});

test('columns, key and how it is read are proposed with reasons', async () => {
  await page.getByText('每次整表读取，改动和删除也能看到').waitFor();
  await page.getByLabel('怎样读取').click();
  await page
    .getByText(/不能作游标|可以为空/)
    .first()
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '读取样本' }).click();
});

test('the sample is shown, and decided about like a file', async () => {
  await page.getByRole('tab', { name: '1 样本' }).click({ timeout: 60_000 });
  await page.getByText('全量：每次整表读取').waitFor();
  await page.getByRole('row').nth(3).waitFor();
  // What the database says of its columns speaks for their elements, and is what they are called.
  await page.getByRole('tab', { name: '2 列与数据元' }).click();
  await page.getByText('数据库里注明“公民身份号码”；列名就是“公民身份号码”的叫法').waitFor();
  expect(await page.getByLabel('gmsfhm 的中文名').inputValue()).toBe('公民身份号码');
  await page.getByRole('tab', { name: '5 目录与建立' }).click();
  await page.getByLabel('信息资源名称').fill('登记的库表');
  await page.getByLabel('编号').fill('registered-table');
  await page.getByLabel('项', { exact: true }).fill('公安');
  await page.getByText('已核对：内容不含国家秘密').click();
  await page.getByRole('button', { name: /^建\s*立$/ }).click();
  await page.getByText('已建立；治理随即进行').waitFor({ timeout: 60_000 });
  const source = await asked('/api/collect/sources/registered-table');
  expect(source).toMatchObject({
    takes: 'database',
    mode: 'full',
    body: { layout: null, settings: { password: settings['password'], table: settings['table'] } },
  });
  await page.goto(`${city.address}/govern/registered-table`);
  await page.getByRole('heading', { name: '登记的库表' }).waitFor({ timeout: 60_000 });
});

test('its page counts it when asked, and says when it is counted next', async () => {
  await page.goto(`${city.address}/collect/registered-table`);
  await page.getByRole('tab', { name: '对账' }).click();
  await page.getByRole('button', { name: '清点行数' }).click();
  await page.getByText('行数相同').waitFor({ timeout: 60_000 });
  await page.getByText('每 1 天').waitFor();
});

test('no page threw an error on the way', () => expect(noise).toEqual([]));
