/** A list exported as a person does it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Exports the list as it stands: its lines, and how many rows it says it holds. */
export async function exported(page: Page): Promise<{ shown: number; lines: readonly string[] }> {
  await page.locator('tr.ant-table-row').last().waitFor();
  const shown = Number((await page.getByRole('search').getByText(/^共/).textContent())?.replace(/\D/g, ''));
  await page.getByRole('button', { name: '导出' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV' }).click()]);
  const text = readFileSync((await download.path()) as string, 'utf8').replace(/^\ufeff/, '');
  return { shown, lines: text.trimEnd().split('\r\n') };
}
