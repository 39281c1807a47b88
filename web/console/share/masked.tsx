/** How a masked field looks, with the exact rule one press away. */
import { Typography } from 'antd';
import { useSay, type Words } from '../../parts/words.ts';

/** `looks` by an example; `exact` the mask read out. */
export function Masked({ looks, exact }: { looks: Words; exact: Words | null }) {
  const say = useSay();
  return (
    <div style={{ maxWidth: 760, whiteSpace: 'normal' }}>
      {say(looks)}
      {exact && (
        <details>
          <summary>{say({ zh: '准确的规则', en: 'The exact rule' })}</summary>
          <Typography.Text type="secondary">{say(exact)}</Typography.Text>
        </details>
      )}
    </div>
  );
}
