/** The steps of a review: when, which, by whom, with what opinion. */
import { Table } from 'antd';
import { Instant } from './state.tsx';
import { Who } from './who.tsx';
import { useSay, type Words } from './words.ts';

export interface Step {
  readonly seq: number;
  readonly at: string;
  readonly title: Words;
  readonly actor: string;
  readonly opinion: string;
}

/** The table of steps taken, first one first. */
export function ReviewHistory({ steps }: { steps: readonly Step[] }) {
  const say = useSay();
  return (
    <Table<Step>
      size="small"
      rowKey={(s) => s.seq}
      pagination={false}
      dataSource={[...steps]}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: say({ zh: '时间', en: 'Time' }), render: (_, s) => <Instant at={s.at} /> },
        { title: say({ zh: '步骤', en: 'Step' }), render: (_, s) => say(s.title) },
        { title: say({ zh: '办理人', en: 'By' }), render: (_, s) => <Who actor={s.actor} /> },
        { title: say({ zh: '意见', en: 'Opinion' }), render: (_, s) => s.opinion || '—' },
      ]}
    />
  );
}
