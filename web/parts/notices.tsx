/** What must be told with data: that an edition in use is not the newest that was delivered. */
import { Alert, Flex } from 'antd';
import { useSay, type Words } from './words.ts';

export function Notices({ of }: { of: readonly Words[] }) {
  const say = useSay();
  if (of.length === 0) return null;
  return (
    <Flex vertical gap={8} style={{ marginBlockEnd: 16 }}>
      {of.map((n) => (
        <Alert key={n.zh} type="warning" showIcon title={say(n)} />
      ))}
    </Flex>
  );
}
