/** The columns: what each is proposed to be, the evidence behind it, and the steward's own word. */
import { Checkbox, Flex, Input, Select, Table, Typography } from 'antd';
import type { AdoptedColumn } from '../../../../declare/adoption.ts';
import { Count } from '../../../parts/state.tsx';
import { useListed, useRemarked, useSay } from '../../../parts/words.ts';
import { type Decision, fieldName, type Proposal, type ProposedColumn } from './decision.ts';

/** Elements as the select offers them. */
export interface ElementChoice {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en?: string | undefined };
}

/** All columns; each opens to its evidence and profile. */
export function ColumnStep({
  proposal,
  decision,
  elements,
  set,
}: {
  proposal: Proposal;
  decision: Decision;
  elements: readonly ElementChoice[];
  set(columns: AdoptedColumn[]): void;
}) {
  const say = useSay();
  const titleOf = (id: string) => say(elements.find((e) => e.id === id)?.title ?? { zh: id });
  const change = (i: number, part: Partial<AdoptedColumn>) => set(decision.columns.map((c, j) => (j === i ? { ...c, ...part } : c)));
  const rows = decision.columns.map((column, i) => ({
    column,
    i,
    found: proposal.columns.find((c) => c.column === column.column) as ProposedColumn,
  }));
  return (
    <Table
      size="small"
      rowKey={(r) => r.column.column}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 'max-content' }}
      expandable={{
        expandedRowRender: (r) => (
          <Flex vertical gap={8}>
            <Withholding found={r.found} column={r.column} set={(withholds) => change(r.i, { withholds })} />
            <Evidence found={r.found} titleOf={titleOf} chosen={r.column.element} />
          </Flex>
        ),
      }}
      columns={[
        {
          title: say({ zh: '采用', en: 'Take' }),
          render: (_, r) => (
            <Checkbox
              aria-label={say({ zh: `采用 ${r.column.column}`, en: `take ${r.column.column}` })}
              checked={r.column.taken}
              onChange={(e) => change(r.i, { taken: e.target.checked })}
            />
          ),
        },
        { title: say({ zh: '列', en: 'Column' }), render: (_, r) => r.column.column },
        {
          title: say({ zh: '数据元', en: 'Element' }),
          render: (_, r) => (
            <Select
              aria-label={say({ zh: `${r.column.column} 的数据元`, en: `element of ${r.column.column}` })}
              showSearch={{ optionFilterProp: 'label' }}
              style={{ minWidth: 170 }}
              value={r.column.element}
              options={elements.map((e) => ({ value: e.id, label: titleOf(e.id) }))}
              // What another element warns of is another matter.
              onChange={(element) => change(r.i, { element, withholds: undefined })}
            />
          ),
        },
        {
          title: say({ zh: '依据', en: 'Because' }),
          // As wide as lets the last column stand on a screen of 1440.
          render: (_, r) => (
            <div style={{ width: 230, whiteSpace: 'normal' }}>
              <Fit found={r.found} chosen={r.column.element} />
            </div>
          ),
        },
        {
          title: say({ zh: '中文名', en: 'Chinese name' }),
          render: (_, r) => (
            <Input
              aria-label={say({ zh: `${r.column.column} 的中文名`, en: `name of ${r.column.column}` })}
              style={{ width: 150 }}
              value={r.column.title.zh}
              onChange={(e) => change(r.i, { title: { ...r.column.title, zh: e.target.value } })}
            />
          ),
        },
        {
          title: say({ zh: '字段', en: 'Field' }),
          render: (_, r) => (
            <Input
              aria-label={say({ zh: `${r.column.column} 的字段名`, en: `field of ${r.column.column}` })}
              style={{ width: 130, fontFamily: 'var(--chengshu-font-family-code)' }}
              status={fieldName.test(r.column.name) ? '' : 'error'}
              value={r.column.name}
              onChange={(e) => change(r.i, { name: e.target.value })}
            />
          ),
        },
        {
          title: say({ zh: '级别', en: 'Grade' }),
          render: (_, r) => (
            <Select
              aria-label={say({ zh: `${r.column.column} 的级别`, en: `grade of ${r.column.column}` })}
              style={{ width: 72 }}
              value={r.column.sensitivity}
              options={([1, 2, 3, 4] as const).map((value) => ({ value, label: value }))}
              onChange={(sensitivity) => change(r.i, { sensitivity, show: sensitivity >= 3 ? 'masked' : r.column.show })}
            />
          ),
        },
        {
          title: say({ zh: '对外', en: 'Shown' }),
          render: (_, r) => (
            <Flex gap={4}>
              <Select
                aria-label={say({ zh: `${r.column.column} 对外怎样显示`, en: `how ${r.column.column} is shown` })}
                style={{ width: 96 }}
                value={r.column.show}
                options={[
                  { value: 'masked', label: say({ zh: '脱敏', en: 'masked' }) },
                  { value: 'plain', label: say({ zh: '原样', en: 'as it is' }) },
                ]}
                onChange={(show) => change(r.i, { show })}
              />
              {r.column.show === 'plain' && r.column.sensitivity >= 3 && (
                <Input
                  aria-label={say({ zh: '不脱敏的理由', en: 'why it is not masked' })}
                  placeholder={say({ zh: '不脱敏的理由（必填）', en: 'why it is not masked' })}
                  status={r.column.reason.trim().length < 4 ? 'error' : ''}
                  style={{ width: 180 }}
                  value={r.column.reason}
                  onChange={(e) => change(r.i, { reason: e.target.value })}
                />
              )}
            </Flex>
          ),
        },
      ]}
    />
  );
}

/** How well the chosen element fits: values that pass of those that were looked at. */
function Fit({ found, chosen }: { found: ProposedColumn; chosen: string }) {
  const say = useSay();
  const e = found.evidence.find((x) => x.element === chosen);
  if (chosen === found.element) return <Typography.Text type="secondary">{say(found.why)}</Typography.Text>;
  return (
    <Typography.Text type="secondary">
      {e ? (
        <>
          <Count n={e.passed} /> / <Count n={e.checked} /> {say({ zh: '个抽查值符合', en: 'sampled values fit' })}
        </>
      ) : (
        '—'
      )}
    </Typography.Text>
  );
}

/** The warnings of the chosen element that some values fail, each with whether it withholds their rows. */
function Withholding({
  found,
  column,
  set,
}: {
  found: ProposedColumn;
  column: AdoptedColumn;
  set(withholds: AdoptedColumn['withholds']): void;
}) {
  const say = useSay();
  const remarked = useRemarked();
  const { withholds = [] } = column;
  const warned = (found.evidence.find((e) => e.element === column.element)?.verdicts ?? []).filter(
    (v) => v.severity === 'warn' && v.id !== 'too-long' && v.failed > 0,
  );
  if (warned.length === 0) return null;
  return (
    <Flex gap={16} wrap align="center">
      <span>
        {say({
          zh: '下列规定不符时只提醒；勾选的改为隔离不符的行：',
          en: 'Rows that break these are only warned of; tick those that withhold:',
        })}
      </span>
      {warned.map((v) => (
        <Checkbox
          key={v.id}
          checked={withholds.includes(v.id)}
          onChange={(e) => {
            const others = withholds.filter((id) => id !== v.id);
            const now = e.target.checked ? [...others, v.id] : others;
            set(now.length > 0 ? now : undefined);
          }}
        >
          {remarked(say(v.title), v.failed)}
        </Checkbox>
      ))}
    </Flex>
  );
}

/** What is in the column, and how its values fare as the likeliest elements. */
function Evidence({ found, titleOf, chosen }: { found: ProposedColumn; titleOf(id: string): string; chosen: string }) {
  const say = useSay();
  const listed = useListed();
  const remarked = useRemarked();
  const p = found.profile;
  const shown = [...found.evidence.filter((e) => e.element === chosen), ...found.evidence.filter((e) => e.element !== chosen)].slice(0, 4);
  return (
    <Flex vertical gap={8}>
      <span>
        {say({ zh: '查看的行', en: 'rows looked at' })} <Count n={p.rows} /> · {say({ zh: '空', en: 'absent' })} <Count n={p.absent} /> ·{' '}
        {say({ zh: '不同值', en: 'distinct' })} <Count n={p.distinct} /> · {say({ zh: '最小', en: 'least' })} {p.least ?? '—'} ·{' '}
        {say({ zh: '最大', en: 'greatest' })} {p.greatest ?? '—'} · {say({ zh: '最长', en: 'longest' })} {p.longest}
      </span>
      <span>
        {say({ zh: '最常见：', en: 'commonest: ' })}
        {listed(p.commonest.map((c) => remarked(c.value.slice(0, 30), c.count))) || '—'}
      </span>
      <Table
        size="small"
        pagination={false}
        rowKey="element"
        dataSource={shown}
        columns={[
          { title: say({ zh: '若是', en: 'As' }), render: (_, e) => titleOf(e.element) },
          {
            title: say({ zh: '列名', en: 'Name' }),
            render: (_, e) =>
              say(
                { same: { zh: '相符', en: 'the same' }, part: { zh: '部分相符', en: 'partly' }, none: { zh: '无线索', en: 'nothing' } }[
                  e.name
                ],
              ),
          },
          ...(['shape', 'checksum', 'meaning'] as const).map((kind) => ({
            title: say(
              {
                shape: { zh: '格式', en: 'Shape' },
                checksum: { zh: '校验码', en: 'Check character' },
                meaning: { zh: '含义', en: 'Meaning' },
              }[kind],
            ),
            render: (_: unknown, e: ProposedColumn['evidence'][number]) => {
              const own = e.verdicts.filter((v) => (kind === 'meaning' ? !['shape', 'checksum'].includes(v.id) : v.id === kind));
              const checked = Math.max(0, ...own.map((v) => v.checked));
              const failed = own.reduce((n, v) => n + v.failed, 0);
              return own.length === 0 ? '—' : `${checked - failed} / ${checked}`;
            },
          })),
          { title: say({ zh: '不符的例子', en: 'Values that fail' }), render: (_, e) => listed(e.fails) || '—' },
        ]}
      />
    </Flex>
  );
}
