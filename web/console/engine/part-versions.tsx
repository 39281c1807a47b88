/** What runs here, by version. */
import { useQuery } from '@tanstack/react-query';
import { Table } from 'antd';
import { call } from '../../parts/api.ts';
import { Loaded } from '../../parts/object-page.tsx';
import { Code } from '../../parts/state.tsx';
import { useSay } from '../../parts/words.ts';

const parts = {
  product: { zh: '城枢', en: 'Chengshu' },
  node: { zh: 'Node.js（运行环境）', en: 'Node.js (runtime)' },
  duckdb: { zh: 'DuckDB（数据仓库）', en: 'DuckDB (warehouse)' },
  postgresql: { zh: 'PostgreSQL（数据库）', en: 'PostgreSQL (database)' },
  system: { zh: '操作系统', en: 'Operating system' },
};

/** The versions, as each part says them itself. */
export function PartVersions() {
  const say = useSay();
  const versions = useQuery({ queryKey: ['engine', 'versions'], queryFn: ({ signal }) => call('GET /api/engine/versions', {}, signal) });
  return (
    <Loaded query={versions}>
      {(rows) => (
        <Table
          size="small"
          rowKey={(v) => v.part}
          pagination={false}
          dataSource={[...rows]}
          columns={[
            { title: say({ zh: '部件', en: 'Part' }), render: (_, v) => say(parts[v.part]) },
            {
              title: say({ zh: '版本', en: 'Version' }),
              render: (_, v) => (v.version ? <Code text={v.version} /> : say({ zh: '未知（没有应答）', en: 'not known (no answer)' })),
            },
          ]}
        />
      )}
    </Loaded>
  );
}
