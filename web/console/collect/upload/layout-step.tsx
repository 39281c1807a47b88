/** The layout on a picture of the grid: what every row is, corrected by clicking. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Flex, Select, Skeleton, Table, Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useAct } from '../../../parts/act.tsx';
import { call, type Reply } from '../../../parts/api.ts';
import { MenuButton } from '../../../parts/menu-button.tsx';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';
import { asideWords } from '../collect-words.ts';
import type { Upload } from './send-file.ts';
import { delimiterWords, encodingWords, rowKindWords } from './upload-words.ts';

type Kept = NonNullable<Upload['reading']>;
export type Reading = Pick<Kept, 'connector' | 'settings'> & { readonly layout: NonNullable<Kept['layout']> };
type Encoding = Reading['layout']['encoding'];
type Picture = Reply<'GET /api/collect/uploads/:id/picture'>;

/** Tag's green is too pale to read on its ground. */
const colours = {
  data: 'default',
  title: 'default',
  header: 'blue',
  blank: 'default',
  footer: 'default',
  aside: 'default',
  refused: 'red',
} as const;

interface Correcting {
  readonly upload: Upload;
  readonly changed: Reading | null;
  change(reading: Reading | null): void;
}

/** How what was brought is read: the layout of a file, or the sample of a table. */
export function LayoutStep(props: Correcting) {
  const { reading } = props.upload;
  if (!reading) return null;
  return reading.layout ? <FileLayout {...props} kept={{ ...reading, layout: reading.layout }} /> : <SampleStep upload={props.upload} />;
}

/** Shows the sample that was read of a table of a database. The choices about it are changed by picking again. */
function SampleStep({ upload }: { upload: Upload }) {
  const say = useSay();
  const picture = useQuery({
    queryKey: ['upload-picture', upload.id, null, upload.run],
    queryFn: ({ signal }) => call('GET /api/collect/uploads/:id/picture', { params: { id: upload.id } }, signal),
  });
  return (
    <Flex vertical gap={12}>
      <Flex gap={8} wrap align="center">
        {upload.reading?.said.map((s) => (
          <Tag key={s.zh}>{say(s)}</Tag>
        ))}
      </Flex>
      {picture.error && <Refusal error={picture.error} />}
      {picture.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {picture.data && <GridPicture picture={picture.data} correcting={null} />}
    </Flex>
  );
}

/** Shows how the file is read; a correction is seen at once and kept when the file is read again. */
function FileLayout({ upload, kept, changed, change }: Correcting & { readonly kept: Kept & Reading }) {
  const say = useSay();
  const reading = changed ?? kept;
  const picture = useQuery({
    queryKey: ['upload-picture', upload.id, changed, upload.run],
    queryFn: ({ signal }) =>
      changed
        ? call('POST /api/collect/uploads/:id/picture', { params: { id: upload.id }, body: changed }, signal)
        : call('GET /api/collect/uploads/:id/picture', { params: { id: upload.id } }, signal),
    placeholderData: (before) => before,
  });
  const again = useAct((body: Reading | { encoding: Encoding; sheet: string }) =>
    call('PUT /api/collect/uploads/:id/reading', { params: { id: upload.id }, body }),
  );
  const { layout } = reading;
  const set = (part: Partial<Reading['layout']>) => change({ ...reading, layout: { ...layout, ...part } });
  const columns = picture.data?.columns ?? [];
  const mayFill = (kept.mayFill ?? []).filter((c) => columns.includes(c) && !layout.fillDown.includes(c));
  return (
    <Flex vertical gap={12}>
      <Flex gap={8} wrap align="center">
        {kept.said.map((s) => (
          <Tag key={s.zh}>{say(s)}</Tag>
        ))}
      </Flex>
      <Flex gap={8} wrap align="end">
        {layout.encoding !== null && (
          <Labelled label={say({ zh: '编码', en: 'Encoding' })}>
            <Select
              aria-label={say({ zh: '编码', en: 'Encoding' })}
              value={layout.encoding}
              options={Object.entries(encodingWords).map(([value, words]) => ({ value, label: say(words) }))}
              onChange={(encoding) => set({ encoding })}
            />
          </Labelled>
        )}
        {typeof reading.settings['delimiter'] === 'string' && (
          <Labelled label={say({ zh: '分隔符', en: 'Delimiter' })}>
            <Select
              aria-label={say({ zh: '分隔符', en: 'Delimiter' })}
              value={reading.settings['delimiter']}
              options={Object.entries(delimiterWords).map(([value, words]) => ({ value, label: say(words) }))}
              onChange={(delimiter) => change({ ...reading, settings: { ...reading.settings, delimiter } })}
            />
          </Labelled>
        )}
        {kept.sheets.length > 1 && (
          <Labelled label={say({ zh: '取哪张表', en: 'Which table' })}>
            <Select
              aria-label={say({ zh: '取哪张表', en: 'Which table' })}
              value={layout.sheet}
              options={kept.sheets.map((s) => ({
                value: s.name,
                label: s.hidden ? say({ zh: `${s.name}（隐藏）`, en: `${s.name} (hidden)` }) : s.name,
              }))}
              // Another table is laid out in a way of its own, which is proposed like that of the first.
              loading={again.isPending}
              onChange={(sheet) => {
                change(null);
                again.mutate({ encoding: layout.encoding, sheet: sheet as string });
              }}
            />
          </Labelled>
        )}
        {kept.tables && kept.layout.sheet === layout.sheet && (
          <Labelled label={say({ zh: '取哪一段', en: 'Which part' })}>
            <Select
              aria-label={say({ zh: '取哪一段', en: 'Which part' })}
              value={kept.tables.findIndex((t) => t.titleRows === layout.titleRows)}
              options={kept.tables.map((t, value) => ({ value, label: t.name }))}
              onChange={(at) => {
                const { ends: _, ...rest } = layout;
                const { name: _name, ...part } = kept.tables?.[at] ?? { name: '' };
                change({ ...reading, layout: { ...rest, footer: [], ...part } });
              }}
            />
          </Labelled>
        )}
        <Labelled label={say({ zh: '向下填充', en: 'Filled down' })}>
          <Select
            aria-label={say({ zh: '向下填充的列', en: 'Columns filled down' })}
            placeholder={say({ zh: '向下填充的列', en: 'Columns filled down' })}
            mode="multiple"
            value={layout.fillDown.filter((c) => columns.includes(c))}
            options={columns.map((value) => ({ value, label: value }))}
            onChange={(fillDown) => set({ fillDown })}
          />
        </Labelled>
        <Labelled label={say({ zh: '表尾', en: 'Footer' })}>
          <Select
            aria-label={say({ zh: '表尾的开头文字', en: 'How a footer begins' })}
            placeholder={say({ zh: '表尾的开头文字，如 合计', en: 'How a footer begins' })}
            mode="tags"
            open={false}
            value={[...layout.footer]}
            onChange={(footer) => set({ footer: footer.filter((f) => f.trim() !== '') })}
          />
        </Labelled>
        <Labelled label={say({ zh: '非数据行', en: 'No data' })}>
          <Select
            aria-label={say({ zh: '夹在数据中的非数据行', en: 'Rows among the data that are none' })}
            placeholder={say({ zh: '夹在数据中的非数据行', en: 'Rows among the data that are none' })}
            mode="multiple"
            value={layout.asides ?? []}
            options={Object.entries(asideWords).map(([value, words]) => ({ value, label: say(words) }))}
            onChange={(asides) => set({ asides })}
          />
        </Labelled>
        {layout.asides?.includes('heading') && (
          <Checkbox
            checked={layout.groupColumn !== undefined}
            onChange={(e) => {
              const { groupColumn: _, ...rest } = layout;
              change({ ...reading, layout: e.target.checked ? { ...rest, groupColumn: groupName(kept) } : rest });
            }}
          >
            {say({ zh: '分组标题写入新的一列', en: 'A new column holds the heading above each row' })}
          </Checkbox>
        )}
      </Flex>
      {mayFill.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: `${mayFill.join('、')} 的空单元格像是沿用上一行的值，但文件没有声明合并：现在当作空`,
            en: `Blanks of ${mayFill.join(', ')} may mean the value above, which the file does not declare: now they are blanks`,
          })}
          action={
            <Button size="small" onClick={() => set({ fillDown: [...layout.fillDown, ...mayFill] })}>
              {say({ zh: '向下填充', en: 'Fill down' })}
            </Button>
          }
        />
      )}
      {picture.error && <Refusal error={picture.error} />}
      {picture.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      {picture.data && <GridPicture picture={picture.data} correcting={{ layout, set }} />}
      {again.error && <Refusal error={again.error} />}
      <Flex gap={8} align="center">
        <Button type="primary" disabled={changed === null} loading={again.isPending} onClick={() => changed && again.mutate(changed)}>
          {say({ zh: '按改正的版式重新读取', en: 'Read again under the corrected layout' })}
        </Button>
        {changed !== null && <Button onClick={() => change(null)}>{say({ zh: '撤销改动', en: 'Undo' })}</Button>}
        {upload.rows && changed === null && (
          <Typography.Text>
            <Count n={upload.rows.rowsIn} /> = <Count n={upload.rows.rowsData} /> {say({ zh: '数据', en: 'data' })} +{' '}
            <Count n={upload.rows.rowsRefused} /> {say({ zh: '读不出', en: 'unreadable' })} + <Count n={upload.rows.rowsOther} />{' '}
            {say({ zh: '非数据（行）', en: 'not data (rows)' })}
          </Typography.Text>
        )}
      </Flex>
    </Flex>
  );
}

/** What the column of headings is called: as it was proposed, or so that no column of the file is called the same. */
function groupName({ layout, columns }: Kept & Reading): string {
  if (layout.groupColumn !== undefined) return layout.groupColumn;
  let free = '分组';
  for (let n = 2; columns.includes(free); n++) free = `分组·${n}`;
  return free;
}

/** What blank cells of columns that are filled down take from above, by row and place. Behind rows that are not shown nobody knows it here. */
function filledFrom(picture: Picture, fillDown: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [i, column] of picture.columns.entries()) {
    if (!fillDown.includes(column)) continue;
    let last: string | null = null;
    let before = 0;
    for (const r of picture.rows) {
      if (r.row !== before + 1) last = null;
      before = r.row;
      if (r.kind !== 'data') continue;
      const own = r.cells[i]?.trim() ?? '';
      if (own !== '') last = own;
      else if (last !== null) found.set(`${r.row} ${i}`, last);
    }
  }
  return found;
}

/** The grid; the menu of a row says what it is. */
function GridPicture({
  picture,
  correcting,
}: {
  picture: Picture;
  /** Null where nothing is to be corrected. */
  correcting: { layout: Reading['layout']; set(part: Partial<Reading['layout']>): void } | null;
}) {
  const say = useSay();
  const layout = correcting?.layout ?? { titleRows: 0, headerRows: 0, fillDown: [] };
  const set = correcting?.set ?? (() => undefined);
  const head = layout.titleRows + layout.headerRows;
  const above = filledFrom(picture, layout.fillDown);
  const choose = (key: string, row: number): void => {
    if (key === 'first') set({ titleRows: row - 1, headerRows: Math.max(1, Math.min(10, head - row + 1)) });
    if (key === 'last') set({ headerRows: Math.max(1, row - layout.titleRows) });
    if (key === 'only') set({ titleRows: row - 1, headerRows: 1 });
    if (key === 'data') set({ titleRows: row - 1, headerRows: 0 });
  };
  return (
    <Table
      size="small"
      bordered
      rowKey={(r) => r.row}
      dataSource={[...picture.rows]}
      pagination={false}
      scroll={{ x: 'max-content', y: 380 }}
      columns={[
        {
          title: say({ zh: '行', en: 'Row' }),
          fixed: 'left' as const,
          render: (_: unknown, r: Picture['rows'][number]) =>
            correcting === null ? (
              r.row
            ) : (
              <MenuButton
                size="small"
                type="text"
                menu={{
                  onClick: ({ key }) => choose(key, r.row),
                  items: [
                    { key: 'only', label: say({ zh: '只有这一行是表头', en: 'This row alone is the header' }) },
                    { key: 'first', label: say({ zh: '表头从这一行开始', en: 'The header begins here' }) },
                    {
                      key: 'last',
                      label: say({ zh: '表头到这一行结束', en: 'The header ends here' }),
                      disabled: r.row <= layout.titleRows,
                    },
                    { key: 'data', label: say({ zh: '没有表头，数据从这一行开始', en: 'No header: data begins here' }) },
                  ],
                }}
              >
                {r.row} <Tag color={colours[r.kind]}>{say(rowKindWords[r.kind])}</Tag>
              </MenuButton>
            ),
        },
        ...picture.columns.map((title, i) => ({
          title,
          key: title,
          className: 'as-delivered',
          render: (_: unknown, r: Picture['rows'][number]) => (
            <Typography.Text {...(r.kind !== 'data' && { type: 'secondary' as const })} strong={r.kind === 'header'}>
              {(r.cells[i] ?? '').slice(0, 80)}
              {above.has(`${r.row} ${i}`) && (
                <em title={say({ zh: '取上面的值', en: 'The value above' })}>↑ {above.get(`${r.row} ${i}`)?.slice(0, 80)}</em>
              )}
            </Typography.Text>
          ),
        })),
      ]}
    />
  );
}

/** A field under what it is called: a filled one no longer shows its placeholder. */
function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Flex vertical gap={2} style={{ minWidth: 160, maxWidth: '100%' }}>
      <Typography.Text type="secondary">{label}</Typography.Text>
      {children}
    </Flex>
  );
}
