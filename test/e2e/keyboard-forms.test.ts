/** A form in a drawer with the keyboard alone: it keeps the focus, is filled, says what is wrong where it is, and gives the focus back to what opened it. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './browser.ts';
import { hasFocus, type Keyboard, keyboardOf } from './keyboard.ts';
import { phone, widerThanPhone } from './phone.ts';
import { sharedCity } from './shared-city.ts';
import { desk, visit } from './visit.ts';

const city = sharedCity();
let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

async function at(account: string, path: string): Promise<Keyboard> {
  const page = await visit(browser, city, account);
  await page.goto(`${city.address}${path}`);
  await page.locator('main').getByRole('heading').first().waitFor();
  return keyboardOf(page);
}

/** Opens a form from its button; Escape closes it and the button has the focus again; opened once more, the form has it and keeps it. */
async function opened(hand: Keyboard, button: Locator, name: string): Promise<Locator> {
  const form = hand.page.getByRole('dialog', { name });
  await hand.press(button);
  await form.getByRole('textbox').first().waitFor();
  await hand.key('Escape');
  await form.waitFor({ state: 'hidden' });
  await expect.poll(() => hasFocus(button)).toBe(true);
  await hand.key('Enter');
  await form.getByRole('textbox').first().waitFor();
  await hand.to(form.getByRole('textbox', { disabled: false }).first());
  const behind = hand.page.locator('main :focus, header :focus, nav :focus');
  for (let step = 0; step < 6; step++) {
    await hand.key('Shift+Tab');
    expect(await behind.allInnerTexts(), 'the focus left the form').toEqual([]);
  }
  return form;
}

test('the steward renames a source, and makes one whose id is wrong', async () => {
  const hand = await at('police', '/collect/police-residence');
  const { page } = hand;
  const edit = page.getByRole('button', { name: '修改', exact: true });
  const form = await opened(hand, edit, '修改数据源');
  await hand.write(form.getByLabel('名称', { exact: true }), '居住变更登记');
  await hand.press(form.getByRole('button', { name: '保存' }));
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: '居住变更登记' }).waitFor();
  await page.goto(`${city.address}/collect`);
  const made = await opened(hand, page.getByRole('button', { name: '建立数据源' }), '建立数据源');
  await hand.write(made.getByLabel('编号'), 'Not An Id');
  await hand.press(made.getByRole('button', { name: '保存' }));
  await made.getByText('小写字母、数字和连字符').waitFor();
  await hand.key('Escape');
  await made.waitFor({ state: 'hidden' });
  await page.context().close();
});

test('the steward writes an entry, changes it, and reads what differs', async () => {
  const hand = await at('police', '/catalog');
  const { page } = hand;
  const form = await opened(hand, page.getByRole('button', { name: '编写目录' }), '编写目录');
  await hand.write(form.getByLabel('编号', { exact: true }), 'keyboard-entry');
  await hand.press(form.getByRole('button', { name: '保存' }));
  await form.getByText('必填').first().waitFor();
  await form.getByText('有条件共享须写明条件').waitFor();
  await hand.write(form.getByLabel('信息资源名称'), '犬只登记信息');
  await hand.write(form.getByLabel('信息资源摘要'), '犬只登记的基本信息');
  await hand.write(form.getByLabel('项', { exact: true }), '犬只');
  await hand.write(form.getByLabel('信息项名称'), '犬证编号');
  await hand.write(form.getByLabel('信息项标识'), 'permit');
  await hand.to(form.getByLabel('数据元'));
  await page.keyboard.type('文本');
  await hand.key('Enter');
  await hand.write(form.getByLabel('共享条件或不予共享的法律依据'), '限核验养犬登记时使用');
  const checked = form.getByRole('checkbox', { name: /不含国家秘密/ });
  await hand.to(checked);
  await hand.key('Space');
  await hand.press(form.getByRole('button', { name: '保存' }));
  await page.waitForURL(/\/catalog\/keyboard-entry/);
  const again = await opened(hand, page.getByRole('button', { name: '修改', exact: true }), '修改目录');
  await hand.write(again.getByLabel('信息资源摘要'), '犬只登记与免疫信息');
  await hand.press(again.getByRole('button', { name: '保存' }));
  await again.waitFor({ state: 'hidden' });
  await hand.tab('版本与差异');
  const differs = page.locator('tr', { hasText: '信息资源摘要' });
  await differs.getByText('犬只登记的基本信息').waitFor();
  expect(await differs.innerText()).toContain('犬只登记与免疫信息');
  await page.context().close();
});

test('the applicant loses the network and nothing else, narrows the rows of a request, and takes it back to change it', async () => {
  const hand = await at('civil', '/services/insured-status?tab=ask');
  const { page } = hand;
  const purpose = page.getByLabel('使用目的');

  // A page that was never opened, and no network: this one stays and goes on taking what is written, until the other can be fetched.
  await page.context().setOffline(true);
  await hand.press(page.getByRole('navigation').getByRole('link', { name: '用量' }));
  await page.getByRole('status').getByText('恢复后自动打开').waitFor();
  await hand.write(purpose, '缴费补贴资格核验');
  await page.context().setOffline(false);
  await page.getByRole('heading', { name: '用量' }).waitFor();
  await page.goBack();
  await page.getByText('这是上次没有提交的内容').waitFor();
  expect(await purpose.inputValue()).toBe('缴费补贴资格核验');

  await hand.write(page.getByLabel('使用依据'), '《社会保险法》第七十四条');
  await hand.write(page.getByLabel('使用场景'), '窗口受理补贴申请');
  await hand.write(page.getByLabel('联系人'), '何敏');

  // Two conditions: each has the focus as it comes; the first goes, and the focus is on what stands where it stood.
  const add = page.getByRole('button', { name: '加一个条件' });
  const fields = page.getByRole('combobox', { name: '字段' });
  const removals = page.getByRole('button', { name: '去掉这个条件' });
  await hand.press(add);
  await expect.poll(() => hasFocus(fields.first())).toBe(true);
  await hand.press(page.getByRole('button', { name: '提交申请' }));
  await page.getByText('请选择第 1 个条件的字段').waitFor();
  await page.getByText('请写值').waitFor();
  await hand.press(add);
  await expect.poll(() => hasFocus(fields.nth(1))).toBe(true);
  await page.keyboard.type('参保日期');
  await hand.key('Enter');
  await hand.to(page.getByRole('combobox', { name: '比较' }).nth(1));
  await hand.key('ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
  await hand.write(page.getByLabel('值').nth(1), '2021-01-01');
  await hand.press(removals.first());
  await expect.poll(() => hasFocus(removals.first())).toBe(true);
  const sentence = '仅限符合以下条件的记录：参保日期不早于2021年1月1日。';
  await page.getByText(sentence).waitFor();
  await page.setViewportSize(phone);
  expect(await widerThanPhone(page)).toEqual([]);
  await page.setViewportSize(desk);

  await hand.press(page.getByRole('button', { name: '提交申请' }));
  await page.waitForURL(/\/requests\/request-/);
  const sent = page.url().split('/').at(-1) ?? '';

  // On second thought: one press, and what it says stands in the form; changed and submitted again under the same number.
  const change = page.getByRole('button', { name: '修改', exact: true });
  await hand.press(change);
  await hand.press(page.getByRole('dialog').getByRole('button', { name: '修改', exact: true }));
  const form = page.getByRole('dialog', { name: '修改申请' });
  await form.getByText(sentence).waitFor();
  const again = form.getByLabel('使用目的');
  expect(await again.inputValue()).toBe('缴费补贴资格核验');
  await hand.write(again, '缴费补贴资格复核');
  await hand.press(form.getByRole('button', { name: '保存并重新提交' }));
  await form.waitFor({ state: 'detached' });
  expect(page.url()).toMatch(new RegExp(`${sent}$`));
  await page.getByText('缴费补贴资格复核').waitFor();
  await page.getByText('已提交').first().waitFor();
  await page.context().close();
});
