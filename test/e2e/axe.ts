/** What axe finds on a page that keeps somebody from using it. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { arrived } from './visit.ts';

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The serious and the critical findings, each with the first place where it stands. Colours do not depend on the language: `colours` false leaves out the costliest rule. */
export async function seriousOn(page: Page, colours = true): Promise<readonly string[]> {
  // What is still on its way is not what somebody is left with; what overflows is looked at with the drawing after it.
  await arrived(page);
  await page.waitForTimeout(50);
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (enabled) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: readonly Violation[] }> } };
    // Style sheets are loaded again for rules that are off; places of what passes are not asked for.
    const { violations } = await axe.run({ preload: false, resultTypes: ['violations'], rules: { 'color-contrast': { enabled } } });
    return violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes[0]?.html.slice(0, 200)}`);
  }, colours);
}
