/** Tables wider than their place are scrolled sideways; whoever has no mouse must be able to stand in them. */
import { type RefObject, useEffect } from 'react';

/** What scrolls sideways in a table of the library. */
const scrolling = '.ant-table-content';

/** Makes every table that is wider than its place a stop of the Tab key, and no stop where it fits or where its rows are stops themselves. */
export function useReachableScroll(within: RefObject<HTMLElement | null>, when: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `when` is whatever brings the element into being
  useEffect(() => {
    const root = within.current;
    if (!root) return;
    let asked = 0;
    const look = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        for (const box of root.querySelectorAll<HTMLElement>(scrolling)) {
          const isWide = box.scrollWidth > box.clientWidth + 1;
          if (isWide && !box.querySelector('tbody [tabindex="0"]')) box.tabIndex = 0;
          else box.removeAttribute('tabindex');
        }
      });
    };
    const changes = new MutationObserver(look);
    // Other words, such as those of another language, are other widths.
    changes.observe(root, { childList: true, characterData: true, subtree: true });
    window.addEventListener('resize', look);
    look();
    return () => {
      changes.disconnect();
      window.removeEventListener('resize', look);
      cancelAnimationFrame(asked);
    };
  }, [within, when]);
}
