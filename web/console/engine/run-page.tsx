/** One run, live: what it is about, how far it is, what it ended with, and what happened. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { About } from '../../parts/about.tsx';
import { useDepartments } from '../../parts/me.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { RunState, RunView, runQuery } from '../../parts/run.tsx';
import { Who } from '../../parts/who.tsx';
import { useSay } from '../../parts/words.ts';

export default function RunPage() {
  const say = useSay();
  const { titleOf } = useDepartments();
  const { id } = useParams({ strict: false }) as { id: string };
  const run = useQuery(runQuery(id));
  return (
    <Loaded query={run}>
      {(r) => (
        <ObjectPage
          title={say(r.title)}
          id={r.id}
          about={`run:${r.id}`}
          state={<RunState state={r.state} />}
          facts={[
            { label: { zh: '对象', en: 'About' }, value: <About about={r.about} title={r.aboutTitle} /> },
            { label: { zh: '发起', en: 'By' }, value: <Who actor={r.actor} /> },
            { label: { zh: '部门', en: 'Department' }, value: say(titleOf(r.department)) },
          ]}
          tabs={[{ key: 'course', title: { zh: '进展与结果', en: 'Progress and result' }, body: <RunView id={r.id} inPage /> }]}
        />
      )}
    </Loaded>
  );
}
