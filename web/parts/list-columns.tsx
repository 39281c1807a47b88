/** Choosing the columns of a list and their order. */
import { Button, Checkbox, Flex, Modal } from 'antd';
import { useState } from 'react';
import { type Column, columnsText, type Search, shownColumns } from './list-address.ts';
import { useSay } from './words.ts';

/** The button and its dialog. At least one column stays. */
export function ColumnChoice<T>({
  columns,
  search,
  change,
}: {
  columns: readonly Column<T>[];
  search: Search;
  change(change: Search): void;
}) {
  const say = useSay();
  const [chosen, choose] = useState<readonly string[] | null>(null);
  const keys = chosen ?? [];
  const ordered = [...keys.flatMap((k) => columns.find((c) => c.key === k) ?? []), ...columns.filter((c) => !keys.includes(c.key))];
  const forward = (key: string) => {
    const at = keys.indexOf(key);
    choose([...keys.slice(0, at - 1), key, ...keys.slice(at - 1, at), ...keys.slice(at + 1)]);
  };
  return (
    <>
      <Button onClick={() => choose(shownColumns(columns, search).map((c) => c.key))}>{say({ zh: '选择列', en: 'Columns' })}</Button>
      <Modal
        open={chosen !== null}
        title={say({ zh: '选择列及其顺序', en: 'Columns and their order' })}
        onCancel={() => choose(null)}
        onOk={() => {
          change({ columns: columnsText(columns, keys) });
          choose(null);
        }}
        okButtonProps={{ disabled: keys.length === 0 }}
      >
        <Flex vertical gap={8}>
          {ordered.map((c) => (
            <Flex key={c.key} justify="space-between" align="center">
              <Checkbox
                checked={keys.includes(c.key)}
                onChange={(e) => choose(e.target.checked ? [...keys, c.key] : keys.filter((k) => k !== c.key))}
              >
                {say(c.title)}
              </Checkbox>
              <Button
                size="small"
                type="text"
                disabled={keys.indexOf(c.key) < 1}
                aria-label={say({ zh: `“${c.title.zh}”前移`, en: `Move '${say(c.title)}' forward` })}
                onClick={() => forward(c.key)}
              >
                ↑
              </Button>
            </Flex>
          ))}
        </Flex>
      </Modal>
    </>
  );
}
