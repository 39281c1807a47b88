/** Operations: how the parts are and what to do about it, every run, and for the engineer the processes, stores and versions. */
import { Flex, Tabs, Typography } from 'antd';
import { Health } from '../../parts/health.tsx';
import { useAddress } from '../../parts/list-address.ts';
import { useMay } from '../../parts/me.ts';
import { useSay } from '../../parts/words.ts';
import { PartVersions } from './part-versions.tsx';
import { Processes } from './processes.tsx';
import { Runs } from './runs.tsx';
import { Stores } from './stores.tsx';

export default function Engine() {
  const say = useSay();
  const may = useMay();
  const [search, change] = useAddress();
  const sees = may('engine.read');
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={3} style={{ margin: 0 }}>
        {say({ zh: '运维', en: 'Operations' })}
      </Typography.Title>
      <Health detailed={sees} />
      <Tabs
        activeKey={String(search['tab'] ?? 'runs')}
        onChange={(tab) => change({ tab: tab === 'runs' ? undefined : tab, page: undefined })}
        destroyOnHidden
        items={[
          { key: 'runs', label: say({ zh: '任务', en: 'Runs' }), children: <Runs /> },
          ...(sees
            ? [
                { key: 'processes', label: say({ zh: '进程', en: 'Processes' }), children: <Processes /> },
                { key: 'stores', label: say({ zh: '存储', en: 'Stores' }), children: <Stores /> },
                { key: 'versions', label: say({ zh: '版本', en: 'Versions' }), children: <PartVersions /> },
              ]
            : []),
        ]}
      />
    </Flex>
  );
}
