/** Who is signed in: department, roles, and the way out. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../parts/api.ts';
import { type Me, useDepartments } from '../parts/me.ts';
import { MenuButton } from '../parts/menu-button.tsx';
import { roleWords } from '../parts/role-words.ts';
import { useSay } from '../parts/words.ts';
import { OwnPassword } from './own-password.tsx';

/** The name as a button that opens the rest. */
export function Account({ who }: { who: Me }) {
  const say = useSay();
  const cache = useQueryClient();
  const { titleOf } = useDepartments();
  const [isChanging, change] = useState(false);
  return (
    <>
      {isChanging && <OwnPassword close={() => change(false)} />}
      <MenuButton
        type="text"
        menu={{
          items: [
            {
              key: 'who',
              disabled: true,
              label: `${say(titleOf(who.department))} · ${who.roles.map((r) => say(roleWords[r] ?? { zh: r })).join(' / ')}`,
            },
            { key: 'password', label: say({ zh: '修改密码', en: 'Change your password' }), onClick: () => change(true) },
            {
              key: 'out',
              label: say({ zh: '退出登录', en: 'Sign out' }),
              onClick: () =>
                void call('DELETE /api/session', {}).finally(() => {
                  cache.clear();
                  window.location.assign('/');
                }),
            },
          ],
        }}
      >
        {who.name}
      </MenuButton>
    </>
  );
}
