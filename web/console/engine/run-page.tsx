/** One run, live. */
import { useParams } from '@tanstack/react-router';
import { Typography } from 'antd';
import { RunView } from '../../parts/run.tsx';
import { Code } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

export default function RunPage() {
  const say = useSay();
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <>
      <Typography.Title level={3}>{say({ zh: '任务', en: 'Run' })}</Typography.Title>
      <p>
        <Code text={id} />
      </p>
      <RunView id={id} />
    </>
  );
}
