/** What axe finds on a page that keeps somebody from using it. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The serious and the critical findings, each with the first place where it stands. */
export async function seriousOn(page: Page): Promise<readonly string[]> {
  // What is still on its way is not what somebody is left with; what overflows is looked at with the drawing after it.
  await expect.poll(() => page.locator('.ant-skeleton, .ant-spin-spinning').count(), { timeout: 20_000 }).toBe(0);
  await page.waitForTimeout(100);
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } }).axe.run();
    return violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200)}`);
  });
}
