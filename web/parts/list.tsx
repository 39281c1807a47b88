/** The list: filters that are the address, a count, columns and an order to choose, pages made on the server, loading, empty and error states. */
import { useQuery } from '@tanstack/react-query';
import { Button, Empty, Flex, Table, Typography } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { cameBack } from './came-back.ts';
import { Export } from './export.tsx';
import { type Column, type FilterSpec, type Search, shownColumns, useAddress, valuesOf } from './list-address.ts';
import { ColumnChoice } from './list-columns.tsx';
import { FilterBar } from './list-filters.tsx';
import { Refusal } from './refusal.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { Count } from './state.tsx';
import { useSay, type Words } from './words.ts';

export interface ListProps<T> {
  /** Names the list in the cache, with whatever else decides its rows. */
  readonly name: readonly string[];
  readonly filters?: readonly FilterSpec[];
  readonly load: (query: Record<string, string | number>, signal: AbortSignal) => Promise<{ rows: readonly T[]; count: number }>;
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly open?: (row: T) => void;
  readonly empty: Words;
  readonly refreshMs?: number;
  readonly actions?: React.ReactNode;
}

/** The row by which each list was left. */
const leftBy = new Map<string, string>();

/** One list. */
export function List<T extends object>({ name, filters = [], load, columns, rowKey, open, empty, refreshMs, actions }: ListProps<T>) {
  const say = useSay();
  const [address, changeAddress] = useAddress();
  const [secrets, keepSecrets] = useState<Search>({});
  const secret = filters.filter((f) => f.secret).map((f) => f.name);
  const search = { ...address, ...Object.fromEntries(secret.map((n) => [n, secrets[n]])) };
  const change = (to: Search) => {
    const [hidden, open] = [
      Object.entries(to).filter(([n]) => secret.includes(n)),
      Object.entries(to).filter(([n]) => !secret.includes(n)),
    ];
    if (hidden.length > 0) keepSecrets({ ...secrets, ...Object.fromEntries(hidden) });
    if (open.length > 0) changeAddress(Object.fromEntries(open));
  };
  const page = Number(search['page'] ?? 1);
  const size = Number(search['size'] ?? 20);
  const names = filters.map((f) => f.name);
  const shown = shownColumns(columns, search);
  // An order that this list does not have belongs to another one on the same page.
  const sort = columns.some((c) => c.sorts && c.key === String(search['sort'] ?? '').replace(/^-/, '')) ? String(search['sort']) : '';
  const values = { ...valuesOf(search, names), ...(sort && { sort }) };
  const rows = useQuery({
    queryKey: [...name, values, page, size],
    queryFn: ({ signal }) => load({ ...values, limit: size, offset: (page - 1) * size }, signal),
    placeholderData: (before) => before,
    ...(refreshMs && { refetchInterval: refreshMs }),
  });
  const isFiltered = Object.keys(valuesOf(search, names)).length > 0;
  const table = useRef<HTMLDivElement>(null);
  const place = name.join(' ');
  useEffect(() => {
    const key = leftBy.get(place);
    if (!rows.data || key === undefined) return;
    leftBy.delete(place);
    const row = cameBack() && [...(table.current?.querySelectorAll('tr') ?? [])].find((r) => r.dataset['rowKey'] === key);
    if (row) row.focus();
  }, [rows.data, place]);
  const leave = (row: T) => {
    leftBy.set(place, rowKey(row));
    open?.(row);
  };
  const kept = [...names.filter((n) => !secret.includes(n)), 'sort', 'columns'];
  return (
    <Flex vertical gap={12} ref={table}>
      <Flex gap={8} wrap align="center" role="search">
        <FilterBar filters={filters} search={search} change={change} />
        <Typography.Text type="secondary">
          {rows.data ? (
            <>
              {say({ zh: '共', en: 'Total' })} <Count n={rows.data.count} />
            </>
          ) : null}
        </Typography.Text>
        <Flex style={{ marginInlineStart: 'auto' }} gap={8} wrap align="center">
          <SavedFilters
            list={name[0] ?? ''}
            values={valuesOf(search, kept)}
            open={(saved) => change({ ...Object.fromEntries(kept.map((n) => [n, undefined])), ...saved, page: undefined })}
          />
          <ColumnChoice columns={columns} search={search} change={change} />
          <Export<T>
            name={name[0] ?? 'list'}
            columns={shown.filter((c) => !c.control)}
            rowKey={rowKey}
            load={(page, signal) => load({ ...values, ...page }, signal)}
          />
          {actions}
        </Flex>
      </Flex>
      {rows.error && <Refusal error={rows.error} retry={() => void rows.refetch()} />}
      <Table<T>
        size="small"
        rowKey={rowKey}
        columns={shown.map((c) => ({
          key: c.key,
          title: say(c.title),
          render: (_: unknown, row: T) => c.draw(row),
          ...(c.align && { align: c.align }),
          ...(c.className && { className: c.className }),
          ...(c.sorts && {
            sorter: true,
            showSorterTooltip: false,
            sortOrder: sort === c.key ? ('ascend' as const) : sort === `-${c.key}` ? ('descend' as const) : null,
          }),
        }))}
        dataSource={[...(rows.data?.rows ?? [])]}
        loading={rows.isPending}
        scroll={{ x: 'max-content' }}
        locale={{
          // Only an answer can say that there is nothing.
          emptyText: rows.error ? (
            <span aria-hidden="true">—</span>
          ) : rows.isPending ? (
            <div aria-hidden="true" style={{ height: 120 }} />
          ) : (
            <Empty
              image={Empty.PRESENTED_IMAGE_SIMPLE}
              description={isFiltered ? say({ zh: '没有符合筛选条件的', en: 'Nothing matches the filters' }) : say(empty)}
            >
              {isFiltered && (
                <Button onClick={() => change({ ...Object.fromEntries(names.map((n) => [n, undefined])), page: undefined })}>
                  {say({ zh: '清除筛选', en: 'Clear the filters' })}
                </Button>
              )}
            </Empty>
          ),
        }}
        pagination={{
          current: page,
          pageSize: size,
          total: rows.data?.count ?? 0,
          hideOnSinglePage: (rows.data?.count ?? 0) <= 20,
          showSizeChanger: true,
          pageSizeOptions: [20, 50, 100],
        }}
        onChange={({ current = 1, pageSize = 20 }, _filters, sorter, { action }) => {
          const order = [sorter].flat()[0];
          if (action === 'sort')
            change({
              page: undefined,
              sort: order?.order ? `${order.order === 'descend' ? '-' : ''}${String(order.columnKey)}` : undefined,
            });
          else change({ page: current > 1 ? current : undefined, size: pageSize === 20 ? undefined : pageSize });
        }}
        {...(open && {
          onRow: (row: T) => ({
            onClick: () => leave(row),
            onKeyDown: (e: React.KeyboardEvent) => {
              if (e.key === 'Enter' && e.target === e.currentTarget) leave(row);
            },
            tabIndex: 0,
            style: { cursor: 'pointer' },
          }),
        })}
      />
    </Flex>
  );
}
