/** Tab leaves an open list of choices: the component would take the next choice and stay, and where several can be chosen nobody without a mouse would get away. */
export function leaveByTab(): void {
  document.addEventListener(
    'keydown',
    (e) => {
      // The browser moves the focus, and the list closes as it loses it.
      if (e.key === 'Tab' && e.target instanceof Element && e.target.matches('[role=combobox][aria-expanded=true]')) e.stopPropagation();
    },
    true,
  );
}
