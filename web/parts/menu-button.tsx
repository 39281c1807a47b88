/** A button that opens a menu: the menu has the focus while it is open, and the button has it again afterwards. */
import { Button, type ButtonProps, Dropdown, type MenuProps } from 'antd';
import { useRef, useState } from 'react';

/** Arrows move in the menu, Enter chooses, Escape leaves. */
export function MenuButton({ menu, children, ...button }: { menu: MenuProps } & ButtonProps) {
  const [isOpen, show] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const change = (open: boolean) => {
    show(open);
    // The library leaves the focus in the closed menu or nowhere; a dialog that the choice has opened keeps it.
    if (!open)
      setTimeout(() => {
        const on = document.activeElement;
        if (on === null || on === document.body || on.closest('.ant-dropdown')) trigger.current?.focus();
      });
  };
  // Before the choice is acted on: a dialog that it opens gives the focus back to whatever had it, and the menu will be gone by then.
  const giveBack = () => trigger.current?.focus();
  const choosing = {
    onClickCapture: giveBack,
    onKeyDownCapture: (event: React.KeyboardEvent) => {
      if (event.key !== 'Enter') return;
      giveBack();
      // Or the same Enter would press what has the focus next: this button, or the dialog's first.
      event.preventDefault();
    },
  };
  return (
    <Dropdown autoFocus trigger={['click']} open={isOpen} onOpenChange={change} menu={{ ...menu, ...choosing }}>
      <Button {...button} ref={trigger} aria-haspopup="menu" aria-expanded={isOpen}>
        {children}
      </Button>
    </Dropdown>
  );
}
