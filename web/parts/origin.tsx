/** A value with its origin: any value can be asked where it comes from and what the other sources said. */
import { Button, Descriptions, Popover, Table } from 'antd';
import { CodeValue } from './code-list.tsx';
import { useDepartments } from './me.ts';
import { Count, Instant } from './state.tsx';
import { useSay, type Words } from './words.ts';

export interface Origin {
  readonly table: string;
  readonly tableTitle: Words;
  readonly department: string | null;
  readonly ordinal: number;
  readonly row: number;
  readonly landedAt: string | null;
}

export interface OriginProps {
  readonly value: string | null;
  /** The code list the values are of. */
  readonly codeList: string | null;
  readonly origin: Origin | null;
  readonly rule: Words;
  /** What other sources say; `aside`: an older row of a source whose newest row speaks. */
  readonly others: readonly { readonly value: string | null; readonly origin: Origin; readonly aside: boolean }[];
}

/** Shows the value as a button; pressing it (or Enter on it) opens where it comes from. */
export function ValueWithOrigin({ value, codeList, origin, rule, others }: OriginProps) {
  const say = useSay();
  const { titleOf } = useDepartments();
  const from = (o: Origin) => `${say(titleOf(o.department))} · ${say(o.tableTitle)}`;
  const disagree = others.filter((o) => !o.aside && o.value !== value).length;
  const shown = (v: string | null) => (v === null ? '—' : <CodeValue list={codeList} value={v} />);
  if (!origin && others.length === 0) return <>{shown(value)}</>;
  const body = (
    <div style={{ maxWidth: 560 }}>
      {origin && (
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: 'source', label: say({ zh: '来自', en: 'From' }), children: from(origin) },
            {
              key: 'batch',
              label: say({ zh: '批次与行', en: 'Batch and row' }),
              children: (
                <>
                  {say({ zh: `第 ${origin.ordinal} 批，第`, en: `batch ${origin.ordinal}, row` })} <Count n={origin.row} />{' '}
                  {say({ zh: '行', en: '' })}
                </>
              ),
            },
            { key: 'at', label: say({ zh: '归集于', en: 'Collected' }), children: <Instant at={origin.landedAt} /> },
            { key: 'rule', label: say({ zh: '为何取它', en: 'Why this one' }), children: say(rule) },
          ]}
        />
      )}
      {others.length > 0 && (
        <Table
          size="small"
          pagination={false}
          rowKey={(o) => `${o.origin.table} ${o.origin.ordinal} ${o.origin.row}`}
          dataSource={[...others]}
          columns={[
            { title: say({ zh: '其他来源', en: 'Other sources' }), render: (_, o) => from(o.origin) },
            { title: say({ zh: '给出的值', en: 'Said' }), render: (_, o) => shown(o.value) },
            { title: say({ zh: '行', en: 'Row' }), align: 'right', render: (_, o) => <Count n={o.origin.row} /> },
            {
              title: '',
              render: (_, o) => o.aside && say({ zh: '同一来源较旧的行，不取', en: 'older row of the same source, not taken' }),
            },
          ]}
        />
      )}
    </div>
  );
  return (
    <Popover content={body} title={say({ zh: '这个值从哪里来', en: 'Where this value comes from' })} trigger="click">
      <Button
        type="text"
        size="small"
        style={{
          paddingInline: 4,
          borderBottom: '1px dotted #5b6675',
          borderRadius: 0,
          height: 'auto',
          whiteSpace: 'normal',
          textAlign: 'start',
        }}
      >
        {shown(value)}
        {disagree > 0 && (
          <span style={{ color: '#96610a', marginInlineStart: 6 }}>
            ▲ {say({ zh: `另有 ${disagree} 个不同说法`, en: `${disagree} disagree` })}
          </span>
        )}
      </Button>
    </Popover>
  );
}
