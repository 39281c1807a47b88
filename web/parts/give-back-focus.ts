/** A form in a drawer is taken away as it closes; the focus goes back to what opened it, so that the next Tab begins there and not at the top of the page. */
import { useEffect, useState } from 'react';

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
