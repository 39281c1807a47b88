/** Somebody who has only a keyboard: moves with Tab, arrows, Enter and Space, and fails where a thing cannot be reached or the focus cannot be seen. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface Keyboard {
  readonly page: Page;
  /** Tabs until the thing has the focus. @throws when it is not reached, or when nothing shows that it has the focus */
  to(target: Locator): Promise<void>;
  /** Reaches it and presses Enter. */
  press(target: Locator): Promise<void>;
  /** Reaches a field and writes over what it holds. */
  write(target: Locator, text: string): Promise<void>;
  key(...keys: string[]): Promise<void>;
  /** Moves along a row of tabs and opens one. */
  tab(name: string): Promise<void>;
  /** Opens a menu and chooses an item. */
  choose(menu: Locator, item: string): Promise<void>;
}

/** As many steps as nobody would take; a page has fewer. */
const mostSteps = 150;
/** An arrow moves the focus with the next drawing of the page, not at once. */
const drawnMs = 60;

/** Whether a thing has the focus. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((e) => e.matches(':focus'), undefined, { timeout: 1000 }).catch(() => false);

/** The keyboard of a page. The mouse is never touched. */
export function keyboardOf(page: Page): Keyboard {
  const key = async (...keys: string[]) => {
    for (const k of keys) await page.keyboard.press(k);
  };
  const to = async (target: Locator) => {
    // A box of choice is drawn by what stands beside it and is itself not visible.
    await target.waitFor({ state: 'attached' });
    for (let step = 0; step < mostSteps; step++) {
      if (await hasFocus(target)) {
        expect(await showsFocus(target), `nothing shows the focus on ${target}`).toBe(true);
        return;
      }
      await page.keyboard.press('Tab');
    }
    throw new Error(
      `${target} was not reached with ${mostSteps} presses of Tab; the focus is on ${await page.locator(':focus').allInnerTexts()}`,
    );
  };
  const along = async (arrow: string, wanted: Locator) => {
    await wanted.waitFor();
    for (let step = 0; step < 20; step++) {
      await page.waitForTimeout(drawnMs);
      if (await hasFocus(wanted)) return;
      await key(arrow);
    }
    throw new Error(`${wanted} was not reached with ${arrow}`);
  };
  return {
    page,
    key,
    to,
    async press(target) {
      await to(target);
      await key('Enter');
    },
    async write(target, text) {
      await to(target);
      await key('ControlOrMeta+a');
      await page.keyboard.type(text);
    },
    async tab(name) {
      const wanted = page.getByRole('tab', { name, exact: true });
      await wanted.waitFor();
      await to(page.getByRole('tab', { selected: true }));
      await along('ArrowRight', wanted);
      await key('Enter');
      await expect.poll(() => wanted.getAttribute('aria-selected')).toBe('true');
    },
    async choose(menu, item) {
      await to(menu);
      await key('Enter');
      await along('ArrowDown', page.getByRole('menuitem', { name: item }));
      await key('Enter');
    },
  };
}

/** Whether something is drawn around or beside the thing that has the focus: an outline, a shadow, a ground or a border that others of its kind lack. */
const showsFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((focused) => {
    const view = focused.ownerDocument.defaultView;
    if (!view) return false;
    const drawn = (e: typeof focused, part?: string): boolean => {
      const s = view.getComputedStyle(e, part);
      const isOutlined = s.outlineStyle !== 'none' && Number.parseFloat(s.outlineWidth) > 0;
      return isOutlined || s.boxShadow !== 'none';
    };
    // What a field or a box of choice shows is drawn on what stands around or beside it.
    let around: typeof focused | null = focused;
    for (let up = 0; around && up < 4; up++, around = around.parentElement) if (drawn(around)) return true;
    if ([...(focused.parentElement?.children ?? [])].some((e) => drawn(e) || drawn(e, '::after'))) return true;
    // An item of a menu is the one with a ground.
    return focused.getAttribute('role') === 'menuitem' && view.getComputedStyle(focused).backgroundColor !== 'rgba(0, 0, 0, 0)';
  });
