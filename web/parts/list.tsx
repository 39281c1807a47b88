/** The list: filters that are the address, a count, pages made on the server, loading, empty and error states. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Empty, Flex, Input, Select, Table, type TableColumnsType, Typography } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { cameBack } from './came-back.ts';
import { Export } from './export.tsx';
import { Refusal } from './refusal.tsx';
import { SavedFilters } from './saved-filters.tsx';
import { Count } from './state.tsx';
import { useSay, type Words } from './words.ts';

/** A filter of a list: free text, or one of some choices. */
export interface FilterSpec {
  readonly name: string;
  readonly title: Words;
  readonly choices?: readonly { readonly value: string; readonly title: Words }[];
}

export interface ListProps<T> {
  /** Names the list in the cache, with whatever else decides its rows. */
  readonly name: readonly string[];
  readonly filters?: readonly FilterSpec[];
  readonly load: (query: Record<string, string | number>, signal: AbortSignal) => Promise<{ rows: readonly T[]; count: number }>;
  readonly columns: TableColumnsType<T>;
  readonly rowKey: (row: T) => string;
  readonly open?: (row: T) => void;
  readonly empty: Words;
  readonly refreshMs?: number;
  readonly actions?: React.ReactNode;
}

/** The row by which each list was left. */
const leftBy = new Map<string, string>();

type Search = Record<string, string | number | undefined>;

/** Filters and page of the list as they stand in the address, and how to change them. */
export function useAddress(): [Search, (change: Search) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  return [
    search,
    (change) =>
      void navigate({
        to: '.',
        search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, v]) => v !== undefined && v !== '')) as never,
        replace: true,
      }),
  ];
}

/** One list. */
export function List<T extends object>({ name, filters = [], load, columns, rowKey, open, empty, refreshMs, actions }: ListProps<T>) {
  const say = useSay();
  const [search, change] = useAddress();
  const page = Number(search['page'] ?? 1);
  const size = Number(search['size'] ?? 20);
  const values = Object.fromEntries(filters.flatMap((f) => (search[f.name] ? [[f.name, String(search[f.name])]] : [])));
  const rows = useQuery({
    queryKey: [...name, values, page, size],
    queryFn: ({ signal }) => load({ ...values, limit: size, offset: (page - 1) * size }, signal),
    placeholderData: (before) => before,
    ...(refreshMs && { refetchInterval: refreshMs }),
  });
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
  return (
    <Flex vertical gap={12} ref={table}>
      {
        <Flex gap={8} wrap align="center" role="search">
          {filters.map((f) =>
            f.choices ? (
              <Select
                key={f.name}
                aria-label={say(f.title)}
                placeholder={say(f.title)}
                allowClear
                style={{ minWidth: 140 }}
                value={(search[f.name] as string) ?? null}
                options={f.choices.map((c) => ({ value: c.value, label: say(c.title) }))}
                onChange={(v) => change({ [f.name]: v ?? undefined, page: undefined })}
              />
            ) : (
              <TextFilter
                key={f.name}
                title={say(f.title)}
                value={String(search[f.name] ?? '')}
                set={(v) => change({ [f.name]: v || undefined, page: undefined })}
              />
            ),
          )}
          <Typography.Text type="secondary">
            {rows.data ? (
              <>
                {say({ zh: '共', en: 'Total' })} <Count n={rows.data.count} />
              </>
            ) : null}
          </Typography.Text>
          <Flex style={{ marginInlineStart: 'auto' }} gap={8}>
            {filters.length > 0 && (
              <SavedFilters
                list={name[0] ?? ''}
                values={values}
                open={(kept) => change({ ...Object.fromEntries(filters.map((f) => [f.name, undefined])), ...kept, page: undefined })}
              />
            )}
            <Export<T> name={name[0] ?? 'list'} columns={columns} load={(page, signal) => load({ ...values, ...page }, signal)} />
            {actions}
          </Flex>
        </Flex>
      }
      {rows.error && <Refusal error={rows.error} retry={() => void rows.refetch()} />}
      <Table<T>
        size="small"
        rowKey={rowKey}
        columns={columns}
        dataSource={[...(rows.data?.rows ?? [])]}
        loading={rows.isPending}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={say(empty)} /> }}
        pagination={{
          current: page,
          pageSize: size,
          total: rows.data?.count ?? 0,
          hideOnSinglePage: (rows.data?.count ?? 0) <= 20,
          showSizeChanger: true,
          pageSizeOptions: [20, 50, 100],
          onChange: (p, s) => change({ page: p > 1 ? p : undefined, size: s === 20 ? undefined : s }),
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

/** A text filter that asks the server when the typing pauses. */
function TextFilter({ title, value, set }: { title: string; value: string; set(value: string): void }) {
  const [typed, type] = useState(value);
  useEffect(() => type(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const wait = setTimeout(() => set(typed), 250);
    return () => clearTimeout(wait);
  });
  return (
    <Input
      aria-label={title}
      placeholder={title}
      allowClear
      style={{ flex: '1 1 150px', maxWidth: 220 }}
      value={typed}
      onChange={(e) => type(e.target.value)}
      onPressEnter={() => set(typed)}
    />
  );
}
