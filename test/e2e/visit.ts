/** Being on a page as somebody: signed in without the form, moving by the menu, and there when the page has all it asked for. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CityAddress } from './city.ts';

/** What is on its way. */
const busy = '.ant-skeleton, .ant-spin-spinning';
/** What is asked of the platform and not answered yet, by page. */
const asked = new WeakMap<Page, Set<unknown>>();

/** A page of a browser session of its own on which somebody is signed in. The form is tried where journeys begin with it. */
export async function visit(browser: Browser, city: CityAddress, account: string): Promise<Page> {
  const context = await browser.newContext({ viewport: desk, locale: 'zh-CN', acceptDownloads: true, reducedMotion: 'reduce' });
  const answer = await context.request.post(`${city.address}/api/session`, {
    data: { user: account, password: city.password(account), door: 'console' },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const open = new Set<unknown>();
  asked.set(page, open);
  page.on('request', (r) => open.add(r));
  page.on('requestfinished', (r) => open.delete(r));
  page.on('requestfailed', (r) => open.delete(r));
  await page.goto(city.address);
  await page.getByRole('navigation').waitFor();
  return page;
}

/** A desk's screen. */
export const desk = { width: 1440, height: 900 } as const;

/** Resolves when the page has a heading and everything it asked for, and goes on having it. */
export async function arrived(page: Page): Promise<void> {
  await page.locator('main').getByRole('heading').first().waitFor();
  let quiet = 0;
  await expect
    .poll(
      async () => {
        quiet = asked.get(page)?.size === 0 && (await page.locator(busy).count()) === 0 ? quiet + 1 : 0;
        return quiet;
      },
      { timeout: 20_000, interval: 40 },
    )
    .toBeGreaterThanOrEqual(2);
}

/** Switches the language where it stands in the frame; the page stays. */
export async function speak(page: Page, language: 'zh' | 'en'): Promise<void> {
  await page.getByText(language === 'en' ? 'English' : '中文', { exact: true }).click();
  // A page with much on it takes a moment on a machine that does other things.
  await expect.poll(() => page.locator('html').getAttribute('lang'), { timeout: 10_000 }).toBe(language === 'en' ? 'en' : 'zh-CN');
}
