/** Columns of a source: the declared ones beside those seen, the decisions about those a table has gained, and the layout of a file. */
import { Flex, Table, Typography } from 'antd';
import { Act } from '../../parts/act.tsx';
import { call, type Reply } from '../../parts/api.ts';
import { State } from '../../parts/state.tsx';
import { useSay, type Words } from '../../parts/words.ts';
import type { SourceForm } from './edit-source.tsx';

type Detail = Reply<'GET /api/collect/sources/:id'>;

/** Declared columns beside those that were seen, and the layout. */
export function Columns({ detail }: { detail: Detail }) {
  const say = useSay();
  const body = detail.body as SourceForm;
  const seen = detail.columnsSeen;
  const isNew = (name: string): boolean => detail.takes === 'database' && !detail.columnsLeft.includes(name);
  return (
    <Flex vertical gap={12}>
      <Table
        size="small"
        rowKey={(c) => c.name}
        pagination={false}
        dataSource={[
          ...body.columns.map((name) => ({ name, declared: true })),
          ...(seen ?? []).filter((c) => !body.columns.includes(c)).map((name) => ({ name, declared: false })),
        ]}
        columns={[
          { title: say({ zh: '列', en: 'Column' }), dataIndex: 'name' },
          {
            title: say({ zh: '标识一行', en: 'Identifies a row' }),
            render: (_, c) => (body.key.includes(c.name) ? say({ zh: '是', en: 'yes' }) : ''),
          },
          {
            title: say({ zh: '源端实有', en: 'Seen at the source' }),
            render: (_, c) =>
              seen === null ? (
                '—'
              ) : !c.declared ? (
                isNew(c.name) || detail.takes === 'file' ? (
                  <State tone="attention" words={{ zh: '多出的列', en: 'not declared' }} />
                ) : (
                  say({ zh: '留在源端，不归集', en: 'left at the source' })
                )
              ) : seen.includes(c.name) ? (
                <State tone="good" words={{ zh: '有', en: 'there' }} />
              ) : (
                <State tone="broken" words={{ zh: '缺失', en: 'missing' }} />
              ),
          },
          ...(detail.edit.allowed && detail.takes === 'database'
            ? [
                {
                  title: say({ zh: '决定', en: 'Decide' }),
                  render: (_: unknown, c: { name: string; declared: boolean }) =>
                    c.declared ? null : <Decide detail={detail} column={c.name} isNew={isNew(c.name)} />,
                },
              ]
            : []),
        ]}
      />
      {body.layout && (
        <Typography.Text type="secondary">
          {layoutWords(body.layout)
            .map(say)
            .join(say({ zh: '；', en: '; ' }))}
        </Typography.Text>
      )}
    </Flex>
  );
}

/** What becomes of a column that a table has and the source does not collect. */
function Decide({ detail, column, isNew }: { detail: Detail; column: string; isNew: boolean }) {
  const body = detail.body as SourceForm;
  const put = (part: Partial<SourceForm>) =>
    call('PUT /api/collect/sources/:id', { params: { id: detail.id }, body: { ...body, ...part } as never });
  return (
    <Flex gap={8}>
      <Act
        size="small"
        words={{ zh: '归集', en: 'Collect it' }}
        work={() => put({ columns: [...body.columns, column], ...(body.leaves && { leaves: body.leaves.filter((c) => c !== column) }) })}
        done={{ say: { zh: '已加入，请再归集一次', en: 'It is declared: collect again' } }}
      />
      {isNew && (
        <Act
          size="small"
          words={{ zh: '留在源端', en: 'Leave it there' }}
          work={() => put({ leaves: [...new Set([...(body.leaves ?? detail.columnsLeft), column])] })}
          done={{ say: { zh: '已留在源端，请再归集一次', en: 'It is left there: collect again' } }}
        />
      )}
    </Flex>
  );
}

/** How a file is laid out, in words; what it does not have is not said. */
function layoutWords(layout: NonNullable<SourceForm['layout']>): readonly Words[] {
  const { encoding, sheet, titleRows, headerRows, fillDown, footer, groupColumn, ends } = layout;
  return [
    ...(encoding ? [{ zh: `编码 ${encoding}`, en: `encoding ${encoding}` }] : []),
    ...(sheet ? [{ zh: `工作表“${sheet}”`, en: `sheet “${sheet}”` }] : []),
    ...(titleRows > 0 ? [{ zh: `标题 ${titleRows} 行`, en: `title rows: ${titleRows}` }] : []),
    { zh: `表头 ${headerRows} 行`, en: `header rows: ${headerRows}` },
    ...(fillDown.length > 0 ? [{ zh: `向下填充：${fillDown.join('、')}`, en: `filled down: ${fillDown.join(', ')}` }] : []),
    ...(footer.length > 0 ? [{ zh: `表尾以 ${footer.join('、')} 开头`, en: `the footer begins with ${footer.join(', ')}` }] : []),
    ...(groupColumn ? [{ zh: `分组标题写入“${groupColumn}”`, en: `headings stand in '${groupColumn}'` }] : []),
    ...(ends ? [{ zh: '到第一处空行为止', en: 'to the first gap' }] : []),
  ];
}
