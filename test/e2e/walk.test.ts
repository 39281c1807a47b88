/** The walk of the README, in a real browser, with the accounts that the start prints: from an entry to the masked, recorded answer and its end. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGb18030 } from '#city/gb18030';
import { generateCity } from '#city/index';
import { openBrowser } from './browser.ts';
import { type RunningCity, startCity } from './city.ts';

const scale = 0.05;
const seed = 1;
let city: RunningCity;
let browser: Browser;
const contexts = new Map<string, { context: BrowserContext; page: Page }>();
const noise: string[] = [];
/** What one step of the walk leaves for the next. */
const found = { request: '', grant: '', secret: '', record: '' };

beforeAll(async () => {
  city = await startCity({ scale, seed });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await city?.remove();
});

/** A page on which somebody is signed in; each account has a browser session of its own. */
async function as(account: string): Promise<Page> {
  const known = contexts.get(account);
  if (known) return known.page;
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (e) => noise.push(`${account}: ${e.message}`));
  await page.goto(city.address);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('口令').fill(city.password(account));
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('navigation', { name: '主导航' }).waitFor();
  contexts.set(account, { context, page });
  return page;
}

/** Goes through the menu, as a person does. */
async function menu(page: Page, word: string): Promise<void> {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: word, exact: true }).click();
}

const row = (page: Page, text: string) => page.locator('tr.ant-table-row', { hasText: text }).first();

describe('the walk', () => {
  test('the start printed its address, its own time and every account', () => {
    expect(city.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(city.printed()).toMatch(/first start finished in \d+\.\d s/);
    for (const account of ['operator', 'police', 'civil', 'civil-dev', 'sysadmin', 'secadmin', 'auditor'])
      expect(city.password(account)).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}$/);
  });

  test('a wrong password is refused in words, and the right one lets in', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(city.address);
    await page.getByLabel('账号').fill('police');
    await page.getByLabel('口令').fill('certainly-wrong');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('账号或密码不对').waitFor();
    await page.close();
    await as('police');
  });

  test('the steward finds an entry by two characters and sees that its mount is alive', async () => {
    const page = await as('police');
    await menu(page, '目录');
    await page.getByPlaceholder('名称、摘要、信息项').fill('户籍');
    await row(page, '户籍人口信息').waitFor();
    await expect.poll(() => page.locator('tbody tr.ant-table-row').count()).toBe(1);
    await row(page, '户籍人口信息').click();
    await page.getByRole('heading', { name: '户籍人口信息' }).waitFor();
    await page.getByRole('tab', { name: '挂接' }).click();
    await page.getByText('挂接正常').waitFor();
    await page.getByRole('tab', { name: '经过' }).click();
    await page.locator('.ant-timeline-item').first().waitFor();
  });

  test('a source is collected with a live run, and the batch is a sum with a receipt', async () => {
    const page = await as('police');
    await menu(page, '归集');
    await page.getByRole('heading', { name: '数据源' }).waitFor();
    await row(page, '户籍人口信息').click();
    await page.getByRole('button', { name: '立即归集' }).click();
    await page.getByLabel('任务').getByText('完成').waitFor({ timeout: 60_000 });
    await row(page, '全量').click();
    await page.getByRole('heading', { name: '第 1 批' }).waitFor();
    const sum = await page.getByTitle('读入 = 数据 + 拒收 + 非数据（行）').first().innerText();
    const [all = 0, data = 0, refused = 0, other = 0] = sum.replaceAll(',', '').match(/\d+/g)?.map(Number) ?? [];
    expect(all).toBeGreaterThan(1000);
    expect(all).toBe(data + refused + other);
    await page.getByRole('tab', { name: '回执' }).click();
    await page.getByText('源端管理员用来核对的 SQL').waitFor();
  });

  test('a steward writes an entry, mounts it on a source and submits it, and the operator publishes it', async () => {
    const page = await as('police');
    await menu(page, '目录');
    await page.getByRole('button', { name: '编写目录' }).click();
    const form = page.getByRole('dialog', { name: '编写目录' });
    await form.getByLabel('编号').fill('residence-short');
    await form.getByLabel('信息资源名称').fill('居住地址简表');
    await form.getByLabel('信息资源摘要').fill('浏览器测试建立的目录');
    await form.getByLabel('项', { exact: true }).fill('人口');
    await form.getByLabel('信息项名称').fill('公民身份号码');
    await form.getByLabel('信息项标识').fill('gmsfhm');
    await form.getByLabel('共享条件或不予共享的法律依据').fill('依法履行职责需要');
    await form.getByRole('button', { name: '保存' }).click();
    await form.getByText('须先核对').waitFor();
    await form.getByLabel('已核对').check();
    await form.getByRole('button', { name: '保存' }).click();
    await page.getByRole('heading', { name: '居住地址简表' }).waitFor();

    await page.getByRole('tab', { name: '挂接' }).click();
    await page.getByRole('button', { name: '挂接数据源' }).click();
    const mount = page.getByRole('dialog', { name: '挂接数据源' });
    await mount.getByLabel('数据源').click();
    await page.getByTitle('居住变更信息').click();
    await mount.getByText('公民身份号码').waitFor();
    await mount.getByRole('button', { name: /确\s*定|OK/ }).click();
    await mount.waitFor({ state: 'hidden' });
    await page.getByText('挂接正常').waitFor({ timeout: 30_000 });

    await page.getByRole('button', { name: '提交审核', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const operator = await as('operator');
    await operator.goto(`${city.address}/catalog/residence-short`);
    await operator.getByRole('button', { name: '同意发布', exact: true }).click();
    await operator.getByRole('dialog').getByRole('textbox').fill('信息完整');
    await operator.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await operator.getByText('已发布').first().waitFor();
    expect(await operator.locator('.ant-descriptions').innerText()).toMatch(/\/00000\d/);
  });

  test('a file with a missing column is refused by name, and what was there stays', async () => {
    const page = await as('health');
    await menu(page, '归集');
    await row(page, '居民健康档案').click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: '交付文件' }).click();
    const lines = [
      '云川市居民健康档案名册,,,,,,',
      '姓名,身份证号,性别,出生日期,联系电话,居住地址,建档日期',
      '张三,349901199001010017,男,1990-01-01,,,2020-01-01',
    ];
    await (await chooser).setFiles({ name: '少一列.csv', mimeType: 'text/csv', buffer: encodeGb18030(lines.join('\r\n')) });
    await page.getByLabel('任务').getByText('被拒绝').waitFor({ timeout: 30_000 });
    expect(await page.getByLabel('任务').innerText()).toContain('建档机构');
    await expect.poll(() => page.locator('tr.ant-table-row').count()).toBe(1);
  });

  test('the quarantine names rule, value and reason, and the filter is the address', async () => {
    const page = await as('police');
    await menu(page, '治理');
    await row(page, '户籍人口信息').click();
    await page.getByText('末位校验码与前17位不符').first().waitFor();
    await page.goto(`${page.url()}?severity=warn`);
    await expect.poll(() => page.locator('tbody').getByText('隔离').count()).toBe(0);
    await page.getByRole('tab', { name: '规则' }).click();
    await page.getByRole('columnheader', { name: '不符 / 检查（行）' }).first().waitFor();
  });

  test('any value of a record says where it comes from', async () => {
    const page = await as('operator');
    await menu(page, '库');
    await row(page, '人口基础库').click();
    await page.locator('tbody tr.ant-table-row').first().click();
    await page.getByRole('heading', { name: '记录', exact: true }).waitFor();
    await page.locator('tbody tr', { hasText: '公民身份号码' }).getByRole('button').click();
    const origin = page.getByRole('tooltip');
    await origin.getByText('这个值从哪里来').waitFor();
    expect(await origin.innerText()).toMatch(/第 \d+ 批/);
  });

  test('a consumer asks for a service, the operator admits, the provider approves', async () => {
    const civil = await as('civil');
    await menu(civil, '服务');
    await row(civil, '人口').click();
    await civil.getByRole('tab', { name: '申请' }).click();
    await civil.getByLabel('使用目的').fill('困难群众救助资格核验');
    await civil.getByLabel('使用依据').fill('《社会救助暂行办法》第五十七条');
    await civil.getByLabel('使用场景').fill('窗口受理救助申请');
    await civil.getByLabel('联系人').fill('何敏');
    await civil.getByRole('button', { name: '提交申请' }).click();
    await civil.waitForURL(/\/requests\/request-/);
    found.request = civil.url().split('/').at(-1)?.split('?')[0] ?? '';

    const operator = await as('operator');
    await operator.goto(`${city.address}/requests/${found.request}`);
    await operator.getByRole('button', { name: '受理', exact: true }).click();
    await operator.getByRole('dialog').getByRole('textbox').fill('材料齐全');
    await operator.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await operator.getByRole('dialog').waitFor({ state: 'hidden' });

    const police = await as('police');
    await menu(police, '共享');
    await police.goto(`${city.address}/requests/${found.request}`);
    await police.getByRole('button', { name: '同意', exact: true }).click();
    await police.getByRole('dialog').getByRole('textbox').fill('符合共享条件');
    await police.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await police.getByRole('link', { name: /^grant-/ }).click();
    await police.waitForURL(/\/grants\/grant-/);
    found.grant = police.url().split('/').at(-1)?.split('?')[0] ?? '';
    await police.getByText('有效').first().waitFor();
  });

  test('the developer makes a key, tries the service, and gets a masked answer with its record', async () => {
    const person = [...generateCity({ seed, scale }).truth.people.values()].find(
      (p) => p.rows.some((r) => r.source === 'police-register') && p.key.length === 18,
    );
    const page = await as('civil-dev');
    await page.goto(`${city.address}/grants/${found.grant}?tab=keys`);
    await page.getByRole('button', { name: '生成密钥' }).click();
    await page.getByText('密钥只显示这一次').waitFor();
    found.secret = (await page.getByRole('alert').locator('code').innerText()).trim();
    expect(found.secret).toMatch(/^cs_/);

    await page.goto(`${city.address}/services/population-basic?tab=try`);
    await page.getByLabel('密钥').fill(found.secret);
    await page.getByLabel('等于').fill(person?.key ?? '');
    await page.getByRole('button', { name: '调用' }).click();
    await page.getByText('访问记录').waitFor();
    const answer = await page.locator('tbody tr.ant-table-row').first().innerText();
    expect(answer).toContain('*');
    expect(answer).not.toContain(person?.key ?? 'no person');
    found.record = (
      await page
        .locator('code')
        .filter({ hasText: /^record-/ })
        .first()
        .innerText()
    ).trim();
  });

  test('the provider sees the use, revokes, and the next call is refused with the clause', async () => {
    const police = await as('police');
    await menu(police, '用量');
    await row(police, found.grant).waitFor();
    await police.goto(`${city.address}/grants/${found.grant}`);
    await police.getByRole('button', { name: '撤销授权' }).click();
    await police.getByRole('dialog').getByLabel('理由').fill('演示结束');
    await police.getByRole('dialog').getByRole('button', { name: '撤销', exact: true }).click();
    await police.getByText('已撤销').first().waitFor();

    const developer = await as('civil-dev');
    await developer.getByRole('button', { name: '调用' }).click();
    await developer.getByText('GATEWAY_GRANT_REVOKED').waitFor();
    expect(await developer.getByRole('alert').last().innerText()).toContain(found.grant);
  });

  test('the auditor finds the record with its bytes, and nobody else has that door', async () => {
    const auditor = await as('auditor');
    await auditor.goto(`${city.address}/log/${found.record}`);
    await auditor.getByText('原文与摘要相符').waitFor();
    expect(await auditor.locator('pre').innerText()).toContain(found.grant);
    expect(await auditor.getByRole('navigation', { name: '主导航' }).innerText()).not.toContain('治理');
    expect(await (await as('operator')).getByRole('navigation', { name: '主导航' }).innerText()).not.toContain('审计');
    const status = await (await as('sysadmin')).evaluate(async () => (await fetch('/api/govern/tables/police-register/rows')).status);
    expect(status).toBe(403);
  });

  test('in English no Chinese word is left in the frame and the lists', async () => {
    const page = await as('operator');
    await page.getByText('English').click();
    for (const path of ['/catalog', '/collect', '/govern', '/services', '/requests', '/grants', '/usage', '/engine']) {
      await page.goto(`${city.address}${path}`);
      await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
      await page.waitForTimeout(400);
      const frame = (await page.locator('nav, h3, th, button, [role=tab]').allInnerTexts()).join(' ');
      expect(frame.replace('中文', ''), path).not.toMatch(/(?!运营|林枢)[\u4e00-\u9fff]{2}/);
    }
    await page.getByText('中文').click();
  });

  test('no page threw an error on the way', () => expect(noise).toEqual([]));

  test('Ctrl-C stops cleanly, and a later start is quick and finds everything', async () => {
    expect(await city.stop()).toBe(0);
    const began = Date.now();
    const again = await startCity({ scale, seed, folder: city.folder });
    // Quick, or at least quicker than the first where the machine has other work.
    const first = Number(/first start finished in (\d+\.\d) s/.exec(city.printed())?.[1]) * 1000;
    expect(Date.now() - began).toBeLessThan(Math.max(20_000, first));
    expect(again.password('police')).toBe(city.password('police'));
    const health = (await (await fetch(`${again.address}/api/health`)).json()) as { ok: boolean };
    expect(health.ok).toBe(true);
    expect(await again.stop()).toBe(0);
  });
});
