/** Filters kept under a name, per account, in this browser. */
import { Input, Modal } from 'antd';
import { useState } from 'react';
import { useMe } from './me.ts';
import { MenuButton } from './menu-button.tsx';
import { useSay } from './words.ts';

interface Saved {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

const read = (key: string): readonly Saved[] => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]') as readonly Saved[];
  } catch {
    return [];
  }
};

/** Opens, keeps and removes the filters of one list. `open` is told the values of all its filters, absent ones too. */
export function SavedFilters({
  list,
  values,
  open,
}: {
  list: string;
  values: Readonly<Record<string, string>>;
  open(values: Readonly<Record<string, string>>): void;
}) {
  const say = useSay();
  const me = useMe();
  const key = `filters ${me.data?.user ?? ''} ${list}`;
  const [saved, keep] = useState(() => read(key));
  const [naming, name] = useState<string | null>(null);
  const store = (next: readonly Saved[]) => {
    localStorage.setItem(key, JSON.stringify(next));
    keep(next);
  };
  const isEmpty = Object.keys(values).length === 0;
  return (
    <>
      <MenuButton
        menu={{
          items: [
            ...saved.map((s) => ({ key: `open ${s.name}`, label: s.name, onClick: () => open(s.values) })),
            ...(saved.length > 0 ? [{ type: 'divider' as const }] : []),
            {
              key: 'keep',
              label: say({ zh: '保存当前筛选…', en: 'Keep the present filters…' }),
              disabled: isEmpty,
              onClick: () => name(''),
            },
            ...saved.map((s) => ({
              key: `remove ${s.name}`,
              danger: true,
              label: say({ zh: `删除“${s.name}”`, en: `Remove '${s.name}'` }),
              onClick: () => store(saved.filter((x) => x.name !== s.name)),
            })),
          ],
        }}
      >
        {say({ zh: '筛选方案', en: 'Saved filters' })}
      </MenuButton>
      <Modal
        open={naming !== null}
        title={say({ zh: '给筛选起个名字', en: 'Name the filters' })}
        okButtonProps={{ disabled: (naming ?? '').trim() === '' }}
        onOk={() => {
          store([...saved.filter((s) => s.name !== naming?.trim()), { name: naming?.trim() ?? '', values }]);
          name(null);
        }}
        onCancel={() => name(null)}
      >
        <Input aria-label={say({ zh: '名称', en: 'Name' })} value={naming ?? ''} maxLength={40} onChange={(e) => name(e.target.value)} />
      </Modal>
    </>
  );
}
