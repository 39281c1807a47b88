/** A file of one's own in a real browser: dropped, its layout corrected, its columns looked at, made a governed table with its faults listed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeGb18030 } from '#city/gb18030';
import { openBrowser } from './browser.ts';
import { sharedCity } from './shared-city.ts';

const city = sharedCity();
let browser: Browser;
let page: Page;
const noise: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'chengshu-upload-'));
const file = join(folder, '药店名录.csv');

beforeAll(async () => {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${i + 1},云川${i + 1}号药店,0349-62345${String(10 + i)},云岭区幸福路${Math.min(i + 1, 29)}号,${i === 3 ? '火星族' : '汉族'}`,
  );
  rows.push('31,坏号药店,没有电话,云岭区平安路1号,汉族', '合计,31,,,', '注：数据截至2026年10月,,,,');
  writeFileSync(file, encodeGb18030(['云川市药店名录,,,,', '序号,药店名称,联系电话,地址,民族', ...rows, ''].join('\n')));
  browser = await openBrowser();
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (e) => noise.push(e.message));
  await page.goto(city.address);
  await page.getByLabel('账号').fill('market');
  await page.getByLabel('口令').fill(city.password('market'));
  await page.getByRole('button', { name: '登录' }).click();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a dropped file is read, and says how it was read', async () => {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '上传', exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('tab', { name: '1 版式' }).click({ timeout: 60_000 });
  await page.getByText('前 1 行是标题或说明').waitFor();
  await page.getByText('文本文件，编码 gb18030').waitFor();
  await page.getByRole('button', { name: '2 表头', exact: true }).waitFor();
});

test('the layout is corrected by clicking, and put back', async () => {
  await page.getByRole('button', { name: '1 标题', exact: true }).click();
  await page.getByText('表头从这一行开始').click();
  await page.getByRole('button', { name: '1 表头', exact: true }).waitFor();
  await page.getByRole('button', { name: '撤销改动' }).click();
  await page.getByRole('button', { name: '1 标题', exact: true }).waitFor();
});

test('columns, key and rules are proposed with their evidence', async () => {
  await page.getByRole('tab', { name: '2 列与数据元' }).click();
  await page.getByText('列名就是“联系电话”的叫法；抽查 31 个值，30 个符合').waitFor();
  // A column left out takes its rules with it, and a field called otherwise stays the key.
  await page.getByRole('checkbox', { name: '采用 序号' }).uncheck();
  await page.getByLabel('药店名称 的字段名').fill('pharmacy');
  await page.getByRole('tab', { name: '3 主键' }).click();
  await page.getByRole('row', { name: /药店名称 0 0/ }).waitFor();
  await page.getByText('按这个主键和规则，不隔离任何一行').waitFor();
  await page.getByRole('row', { name: /没有主键：不隔离任何一行/ }).waitFor();
  await page.getByRole('tab', { name: '4 规则' }).click();
  await page.getByText('31 行 = 31 可入表 + 0 隔离').waitFor();
});

test('the rows that another key would withhold are shown before it is agreed to', async () => {
  const key = async (...columns: string[]) => {
    await page.getByRole('combobox', { name: '自选主键' }).click();
    for (const column of columns)
      await page.locator('.ant-select-dropdown:visible').locator('.ant-select-item-option', { hasText: column }).click();
    await page.keyboard.press('Escape');
  };
  await page.getByRole('tab', { name: '3 主键' }).click();
  await key('药店名称', '地址');
  await page.getByText('按这个主键会隔离').waitFor();
  await page
    .getByRole('row', { name: /云岭区幸福路29号/ })
    .first()
    .waitFor();
  await key('地址', '药店名称');
  await page.getByText('按这个主键和规则，不隔离任何一行').waitFor();
});

test('a value that no list knows only warns, until it is ticked that its row is withheld', async () => {
  await page.getByRole('tab', { name: '2 列与数据元' }).click();
  const row = page.locator('tr.ant-table-row', { has: page.getByLabel('采用 民族') });
  await row.locator('button.ant-table-row-expand-icon').click();
  await page.getByText('勾选的改为隔离不符的行').waitFor();
  const tick = page.locator('tr.ant-table-expanded-row').getByRole('checkbox').first();
  for (const [sum, turn] of [
    ['31 行 = 30 可入表 + 1 隔离', () => tick.check()],
    ['31 行 = 31 可入表 + 0 隔离', () => tick.uncheck()],
  ] as const) {
    await page.getByRole('tab', { name: '2 列与数据元' }).click();
    await turn();
    await page.getByRole('tab', { name: '4 规则' }).click();
    await page.getByText(sum).waitFor();
  }
});

test('it becomes a governed table whose fault is listed', async () => {
  await page.getByRole('tab', { name: '5 目录与建立' }).click();
  await page.getByLabel('信息资源名称').fill('药店名录');
  await page.getByLabel('项', { exact: true }).fill('市场监管');
  await page.getByText('已核对：内容不含国家秘密').click();
  await page.getByRole('button', { name: /^建\s*立$/ }).click();
  await page.getByText('已建立；治理随即进行').waitFor();
  await page.reload();
  await page.getByText('已交付；治理随即进行').waitFor();
  await page.getByRole('link', { name: '看治理结果和隔离的行' }).click();
  await page.getByRole('heading', { name: '药店名录' }).waitFor();
  await page.getByText('联系电话：格式').first().waitFor({ timeout: 60_000 });
});

test('blanks that may mean the value above stay blanks until a person has them filled down; of tables below each other one is chosen', async () => {
  const towns = ['云岭区', '青石区'].flatMap((district) =>
    ['东', '西', '南', '北'].map((t, i) => `${i === 0 ? district : ''},${t}街,${i + 4}`),
  );
  const below = ['', '学校,类型,电话', '一小,公办,6234501', '二小,民办,6234502', ''];
  const two = join(folder, '街道.csv');
  writeFileSync(two, ['区县,街道,人数', ...towns, ...below].join('\n'));
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '上传', exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(two);
  await page.getByRole('tab', { name: '1 版式' }).click();
  await page.getByText('区县 的空单元格像是沿用上一行的值，但文件没有声明合并：现在当作空').waitFor();
  expect(await page.getByTitle('取上面的值').count()).toBe(0);
  await page.getByRole('button', { name: '向下填充' }).click();
  await page.getByText('↑ 云岭区').first().waitFor();
  await page.getByRole('combobox', { name: '取哪一段' }).click();
  await page.getByTitle('学校、类型、电话').click();
  await page.getByRole('button', { name: '按改正的版式重新读取' }).click();
  await page.getByRole('columnheader', { name: '电话' }).waitFor();
  await page.getByText('按人工改正的版式').waitFor();
});

test('a session that ends is taken up again where one was, and what was typed is still there', async () => {
  await page.goto(`${city.address}/catalog`);
  const search = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
  await search.fill('写了一半');
  await page.context().request.delete(`${city.address}/api/session`);
  await search.press('Enter');
  const dialog = page.getByRole('dialog', { name: '登录已失效，请重新登录' });
  await dialog.getByLabel('口令').fill(city.password('market'));
  await dialog.getByRole('button', { name: '登录' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await search.inputValue()).toBe('写了一半');
});

test('an address that is no page says so, with a way on', async () => {
  await page.goto(`${city.address}/nope`);
  await page.getByText('没有这个页面').waitFor();
  await page.getByRole('link', { name: '回到工作台' }).click();
  await page.waitForURL(/\/desk/);
});

test('no page threw an error on the way', () => expect(noise).toEqual([]));
