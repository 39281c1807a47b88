/** One golden record: every value can be asked where it comes from, and what happened to the record. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Table } from 'antd';
import { call, type Reply } from '../../parts/api.ts';
import { Loaded, ObjectPage } from '../../parts/object-page.tsx';
import { ValueWithOrigin } from '../../parts/origin.tsx';
import { useSay } from '../../parts/words.ts';

type Field = Reply<'GET /api/library/libraries/:id/records/:entity'>['fields'][number];

export default function RecordPage() {
  const say = useSay();
  const { id, entity } = useParams({ strict: false }) as { id: string; entity: string };
  const record = useQuery({
    queryKey: ['record', id, entity],
    // Looking at a record is written down each time: not again for coming back to the window.
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => call('GET /api/library/libraries/:id/records/:entity', { params: { id, entity } }, signal),
  });
  const library = useQuery({
    queryKey: ['library', id],
    queryFn: ({ signal }) => call('GET /api/library/libraries/:id', { params: { id } }, signal),
  });
  return (
    <Loaded query={record}>
      {(r) => {
        const rows = new Set(
          r.fields.flatMap((f) => [f.origin, ...f.others.map((o) => o.origin)]).map((o) => o && `${o.table} ${o.ordinal} ${o.row}`),
        );
        rows.delete(null);
        const contested = r.fields.filter((f) => f.others.some((o) => !o.aside && o.value !== f.value)).length;
        return (
          <ObjectPage
            title={say({ zh: '记录', en: 'Record' })}
            id={entity}
            about={`golden:${id}/${entity}`}
            facts={[
              {
                label: { zh: '库', en: 'Library' },
                value: <Link to={`/library/${id}` as never}>{library.data ? say(library.data.title) : id}</Link>,
              },
              { label: { zh: '来源行', en: 'Source rows' }, value: rows.size },
              { label: { zh: '说法不一的字段', en: 'Fields disagreed about' }, value: `${contested} / ${r.fields.length}` },
            ]}
            tabs={[{ key: 'values', title: { zh: '值与来历', en: 'Values and origins' }, body: <Values fields={r.fields} /> }]}
          />
        );
      }}
    </Loaded>
  );
}

/** Every field with its value. */
function Values({ fields }: { fields: readonly Field[] }) {
  const say = useSay();
  return (
    <Table
      size="small"
      rowKey={(f) => f.name}
      pagination={false}
      dataSource={[...fields]}
      columns={[
        { title: say({ zh: '字段', en: 'Field' }), width: '30%', render: (_, f) => say(f.title) },
        {
          title: say({ zh: '值（点开看来历）', en: 'Value (press for its origin)' }),
          render: (_, f) => <ValueWithOrigin value={f.value} codeList={f.codeList} origin={f.origin} rule={f.rule} others={f.others} />,
        },
        { title: say({ zh: '敏感级', en: 'Sensitivity' }), width: 100, align: 'right', dataIndex: 'sensitivity' },
      ]}
    />
  );
}
