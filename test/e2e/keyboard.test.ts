/** Each role does its typical work with the keyboard alone, from signing in to the end, and always sees where it is. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { hasFocus, type Keyboard, keyboardOf } from './keyboard.ts';
import { sharedCity } from './shared-city.ts';

const city = sharedCity();
let browser: Browser;
const noise: string[] = [];
/** What the applicant's journey leaves for those that follow. */
const found = { request: '' };

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
});

/** Signs in without a mouse; the account field has the focus already. */
async function signIn(account: string): Promise<Keyboard> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (e) => noise.push(`${account}: ${e.message}`));
  await page.goto(city.address);
  const hand = keyboardOf(page);
  await hand.to(page.getByLabel('账号'));
  await page.keyboard.type(account);
  await hand.write(page.getByLabel('口令'), city.password(account));
  await hand.key('Enter');
  await page.getByRole('navigation', { name: '主导航' }).waitFor();
  return hand;
}

const menu = (page: Page, word: string) => page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: word, exact: true });
const row = (page: Page, text: string | RegExp) => page.locator('tr.ant-table-row', { hasText: text }).first();
const done = (hand: Keyboard) => hand.page.context().close();

/** Writes an opinion into the dialog that has just opened, and confirms: the dialog takes the focus and keeps it. */
async function confirm(hand: Keyboard, opinion: string): Promise<void> {
  const dialog = hand.page.getByRole('dialog');
  await dialog.getByRole('textbox').waitFor();
  await hand.to(dialog.getByRole('textbox'));
  await hand.page.keyboard.type(opinion);
  const outside = hand.page.locator(':focus').and(hand.page.locator(':not([role=dialog] *, [role=dialog])'));
  for (let step = 0; step < 8; step++) {
    await hand.key('Tab');
    expect(await outside.allInnerTexts(), 'the focus left the dialog').toEqual([]);
  }
  await hand.press(dialog.getByRole('button', { name: '确定' }));
  await dialog.waitFor({ state: 'hidden' });
}

test('the provider’s steward: past the menu, to a source, collects it, and back to the same row', async () => {
  const hand = await signIn('police');
  const { page } = hand;
  await hand.press(menu(page, '归集'));
  await page.getByRole('heading', { name: '数据源' }).waitFor();
  // The page that was opened has the focus: the next Tab is in it and not at the top of the frame.
  await expect.poll(() => hasFocus(page.getByRole('main'))).toBe(true);
  await page.reload();
  await page.getByRole('heading', { name: '数据源' }).waitFor();
  await hand.press(page.getByRole('button', { name: '跳到正文' }));
  expect(await hasFocus(page.getByRole('main'))).toBe(true);
  await hand.press(row(page, '户籍人口信息'));
  await page.getByRole('heading', { name: '户籍人口信息' }).waitFor();
  await hand.press(page.getByRole('button', { name: '立即归集' }));
  await page.getByLabel('任务').getByText('完成').waitFor({ timeout: 60_000 });
  await hand.tab('经过');
  await page.locator('.ant-timeline-item').first().waitFor();
  // What Alt and the left arrow do in a browser with a window.
  await page.goBack();
  await page.getByRole('heading', { name: '数据源' }).waitFor();
  await expect.poll(() => hasFocus(row(page, '户籍人口信息'))).toBe(true);
  await done(hand);
});

test('the applicant: finds a service, asks for it, and hears what is missing', async () => {
  const hand = await signIn('civil');
  const { page } = hand;
  await hand.press(menu(page, '服务'));
  await hand.press(row(page, '人口'));
  await page.getByRole('tab', { name: '申请' }).waitFor();
  await hand.tab('申请');
  await hand.write(page.getByLabel('使用目的'), '困难群众救助资格核验');
  await hand.write(page.getByLabel('使用依据'), '《社会救助暂行办法》第五十七条');
  // One field less: Space lets go of a box.
  const sex = page.getByRole('checkbox', { name: '性别' });
  await hand.to(sex);
  await hand.key('Space');
  expect(await sex.isChecked()).toBe(false);
  await hand.write(page.getByLabel('联系人'), '何敏');
  await hand.press(page.getByRole('button', { name: '提交申请' }));
  await page.getByText('请写明，至少 2 个字').waitFor();
  await hand.write(page.getByLabel('使用场景'), '窗口受理救助申请');
  await hand.press(page.getByRole('button', { name: '提交申请' }));
  await page.waitForURL(/\/requests\/request-/);
  found.request = page.url().split('/').at(-1)?.split('?')[0] ?? '';
  // A step that is not theirs stays in reach and says why.
  const approve = page.getByRole('button', { name: '受理', exact: true });
  await hand.to(approve);
  expect(await approve.getAttribute('aria-disabled')).toBe('true');
  await page.getByRole('tooltip').waitFor();
  await hand.key('Enter');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await done(hand);
});

test('the bureau: from what waits to the step that is due; a list is exported; the language is switched', async () => {
  const hand = await signIn('operator');
  const { page } = hand;
  await hand.press(page.getByRole('link', { name: /困难群众救助资格核验/ }));
  await page.waitForURL(new RegExp(found.request));
  await hand.press(page.getByRole('button', { name: '受理', exact: true }));
  await confirm(hand, '材料齐全');
  await hand.press(menu(page, '运维'));
  await row(page, '归集').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), hand.choose(page.getByRole('button', { name: '导出' }), 'CSV')]);
  expect(readFileSync((await download.path()) as string, 'utf8')).toContain('"任务"');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await hand.to(page.getByRole('radio', { name: '中文' }));
  await hand.key('ArrowRight');
  await page.getByRole('heading', { name: 'Operations' }).waitFor();
  await hand.key('ArrowLeft');
  await page.getByRole('heading', { name: '运维' }).waitFor();
  await done(hand);
});

test('the reviewer: opens the request, leaves the dialog with Escape and is where they were, then approves', async () => {
  const hand = await signIn('police');
  const { page } = hand;
  await hand.press(page.getByRole('link', { name: /困难群众救助资格核验/ }));
  const approve = page.getByRole('button', { name: '同意', exact: true });
  await hand.press(approve);
  await page.getByRole('dialog').waitFor();
  await hand.key('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect.poll(() => hasFocus(approve)).toBe(true);
  await hand.key('Enter');
  await confirm(hand, '符合共享条件');
  await hand.press(page.getByRole('link', { name: /^grant-/ }));
  await page.waitForURL(/\/grants\/grant-/);
  await page.getByText('有效').first().waitFor();
  await done(hand);
});

test('the developer: makes a key, calls the service with it, and gets a record', async () => {
  const hand = await signIn('civil-dev');
  const { page } = hand;
  await hand.press(menu(page, '授权'));
  await hand.press(row(page, '人口'));
  await page.getByRole('tab', { name: '密钥' }).waitFor();
  await hand.tab('密钥');
  await hand.press(page.getByRole('button', { name: '生成密钥' }));
  await page.getByText('密钥只显示这一次').waitFor();
  const secret = (await page.getByRole('alert').locator('code').innerText()).trim();
  await hand.to(page.getByRole('alert').getByRole('button', { name: /复制/ }).first());
  await hand.press(menu(page, '服务'));
  await hand.press(row(page, '人口'));
  await page.getByRole('tab', { name: '试用' }).waitFor();
  await hand.tab('试用');
  await hand.write(page.getByLabel('密钥'), secret);
  await hand.write(page.getByLabel('等于'), '349901199001010017');
  await hand.press(page.getByRole('button', { name: '调用' }));
  await page.getByText('访问记录').waitFor();
  // Deleting asks first; the line is gone with its button, and the focus is still on the page.
  await hand.press(menu(page, '授权'));
  await hand.press(row(page, '人口'));
  await page.getByRole('tab', { name: '密钥' }).waitFor();
  await hand.tab('密钥');
  await hand.press(page.getByRole('button', { name: '删除' }).last());
  await hand.press(page.getByRole('dialog').getByRole('button', { name: '删除' }));
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect.poll(() => hasFocus(page.getByRole('main'))).toBe(true);
  await done(hand);
});

test('the operator: asks of a value where it comes from', async () => {
  const hand = await signIn('operator');
  const { page } = hand;
  await hand.press(menu(page, '库'));
  await hand.press(row(page, '人口基础库'));
  await page.getByRole('heading', { name: '人口基础库' }).waitFor();
  await hand.press(page.locator('tbody tr.ant-table-row').first());
  await page.getByRole('heading', { name: '记录', exact: true }).waitFor();
  await hand.press(page.locator('tbody tr', { hasText: '公民身份号码' }).getByRole('button'));
  await page.getByRole('tooltip').getByText('这个值从哪里来').waitFor();
  await done(hand);
});

test('the system administrator: sees how the platform runs, and makes an account', async () => {
  const hand = await signIn('sysadmin');
  const { page } = hand;
  await hand.press(menu(page, '运维'));
  await page.getByRole('list', { name: '各部件' }).getByText('数据仓库').waitFor();
  await hand.tab('进程');
  await row(page, '数据仓库进程').getByText('在运行').waitFor();
  expect(await row(page, '数据仓库进程').innerText()).toMatch(/\d+\.\d MB/);
  await hand.tab('存储');
  await row(page, '对象库').waitFor();
  await hand.tab('版本');
  await row(page, 'PostgreSQL')
    .getByText(/^\d+\.\d+/)
    .waitFor();
  await hand.press(menu(page, '账号'));
  const make = page.getByRole('button', { name: '建立账号' });
  await hand.press(make);
  const dialog = page.getByRole('dialog');
  await hand.write(dialog.getByLabel('账号'), 'newcomer');
  await hand.write(dialog.getByLabel('姓名'), '新人 郑新');
  await hand.to(dialog.getByLabel('部门'));
  await hand.key('ArrowDown', 'Enter');
  await hand.write(dialog.getByLabel('初始口令'), 'invented-first-pass');
  await hand.press(dialog.getByRole('button', { name: /确\s*定/ }));
  await dialog.waitFor({ state: 'hidden' });
  await row(page, 'newcomer').waitFor();
  await expect.poll(() => hasFocus(make)).toBe(true);
  await done(hand);
});

test('the security administrator: gives a role', async () => {
  const hand = await signIn('secadmin');
  const { page } = hand;
  await hand.press(menu(page, '账号'));
  await hand.to(page.getByRole('combobox', { name: '新人 郑新的角色' }));
  await page.keyboard.type('应用开发者');
  await hand.key('Enter');
  await row(page, 'newcomer').getByTitle('应用开发者').waitFor();
  // By mistake, say: taken back at once.
  await hand.press(page.getByRole('button', { name: '撤销这次改动' }));
  await row(page, 'newcomer').getByTitle('应用开发者').waitFor({ state: 'detached' });
  await expect.poll(() => hasFocus(page.getByRole('main'))).toBe(true);
  await done(hand);
});

test('the auditor: filters the log, opens a record, and signs out by the menu', async () => {
  const hand = await signIn('auditor');
  const { page } = hand;
  await hand.press(menu(page, '审计'));
  await row(page, '运营 林枢').waitFor();
  await hand.to(page.getByRole('combobox', { name: '结果' }));
  await hand.key('Enter', 'Enter');
  await page.waitForURL(/outcome=answered/);
  await hand.key('Escape');
  await hand.write(page.getByRole('textbox', { name: '谁' }), '林枢');
  await page.waitForURL(/actor=%E6%9E%97/);
  await hand.press(row(page, '运营 林枢'));
  await page.getByText('原文与摘要相符').waitFor();
  await hand.choose(page.getByRole('button', { name: /秦正/ }), '退出登录');
  await page.getByLabel('口令').waitFor();
  await done(hand);
});

test('on a narrow screen the menu opens as a dialog, and gives way to the page', async () => {
  const hand = await signIn('police');
  const { page } = hand;
  await page.setViewportSize({ width: 390, height: 844 });
  const open = page.getByRole('button', { name: '菜单' });
  await hand.press(open);
  await hand.press(page.getByRole('dialog').getByRole('link', { name: '治理', exact: true }));
  await page.getByRole('heading', { name: '治理表' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(await page.locator('html').evaluate((e) => e.scrollWidth)).toBeLessThanOrEqual(390);
  await done(hand);
});

test('no page threw an error on the way', () => expect(noise).toEqual([]));
