/** A form in a drawer is taken away as it closes; the focus goes back to what opened it, so that the next Tab begins there and not at the top of the page. */
import { useEffect, useState } from 'react';

/** A dialog gives its focus back as it closes; this is longer than that takes. */
const closedMs = 500;

/** What was pressed may be gone with what it did (a deleted line, a step that was taken): then the page has the focus, and the next Tab begins in it. */
export function keepFocus(): void {
  setTimeout(() => {
    if (document.activeElement === document.body) document.getElementById('content')?.focus({ preventScroll: true });
  }, closedMs);
}

/** Gives the focus back when whoever calls this is taken away, unless something else has it by then. */
export function useGiveBackFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const lost = document.activeElement === null || document.activeElement === document.body;
        if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
}
