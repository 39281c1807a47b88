/** How wide a page is on a phone: as it is, and whatever its data might say. */
import type { Page } from 'playwright-core';

/** As wide as a phone. */
export const phone = { width: 390, height: 844 } as const;

/** Longer than a line of a phone, without a place to break it. */
const longWord = 'w'.repeat(120);

/** What makes the page wider than a phone, once it has settled in its new size, which takes it a moment. Empty when nothing does. */
export async function widerThanPhone(page: Page): Promise<readonly string[]> {
  let found: readonly string[] = [];
  for (let tries = 0; tries < 15; tries++) {
    found = await widerNow(page);
    if (found.length === 0) return found;
    await page.waitForTimeout(100);
  }
  return found;
}

/** As it stands, and with every text on it made one word that is longer than a line. */
const widerNow = (page: Page): Promise<readonly string[]> =>
  page.locator('html').evaluate(
    (html, [word, most]) => {
      if (html.scrollWidth > most) return [`${html.scrollWidth} px wide on a phone`];
      const { body } = html.ownerDocument;
      const walk = html.ownerDocument.createTreeWalker(body, 4 /* texts only */);
      const texts: { nodeValue: string | null; parentElement: typeof html | null }[] = [];
      for (let text = walk.nextNode(); text; text = walk.nextNode()) {
        // A share of a hundred is never a long word; it stands there while a run goes on.
        const isFixed = text.parentElement?.closest('[aria-hidden=true], script, style, .ant-progress-indicator');
        if (text.nodeValue?.trim() && !isFixed) texts.push(text);
      }
      const widthWith = (long: typeof texts): number => {
        const before = long.map((t) => t.nodeValue);
        for (const t of long) t.nodeValue = word;
        const width = html.scrollWidth;
        for (const [i, t] of long.entries()) t.nodeValue = before[i] ?? '';
        return width;
      };
      // All at once first; one by one only where that was too much, to say which.
      const width = widthWith(texts);
      if (width <= most) return [];
      const culprits = texts
        .filter((t) => widthWith([t]) > most)
        .map((t) => `“${t.nodeValue}” in ${t.parentElement?.outerHTML.slice(0, 120)}`);
      return [`a long word could make it ${width} px wide on a phone: ${culprits.slice(0, 5).join('; ') || 'all of them together'}`];
    },
    [longWord, phone.width] as const,
  );
