/** Export of a list: every page of what is shown, under the same filters, columns, masks and permissions; each reading is recorded like any other. */
import { useQueryClient } from '@tanstack/react-query';
import { Button, Flex, Modal, Progress } from 'antd';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { everyPage } from './every-page.ts';
import { type Cell, csvOf, demandFitsXlsx, xlsxOf } from './export-file.ts';
import { fetchedCode } from './fetched-code.ts';
import type { Column } from './list-address.ts';
import { MenuButton } from './menu-button.tsx';
import { persist } from './persist.ts';
import { Refusal } from './refusal.tsx';
import { Count } from './state.tsx';
import { named } from './who.tsx';
import { useSay } from './words.ts';

interface ExportProps<T> {
  readonly name: string;
  /** Those that are shown, in their order. */
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly load: (page: { limit: number; offset: number }, signal: AbortSignal) => Promise<{ rows: readonly T[]; count: number }>;
}

/** The button with its progress. A cell's text is what the cell shows: the rows are drawn out of sight and read off. */
export function Export<T extends object>({ name, columns, rowKey, load }: ExportProps<T>) {
  const say = useSay();
  const cache = useQueryClient();
  const [busy, work] = useState(false);
  const [shown, show] = useState<readonly T[]>([]);
  const [far, advance] = useState({ done: 0, total: 0 });
  const [error, fail] = useState<unknown>(null);
  const [held, hold] = useState<unknown>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const stop = useRef<AbortController | null>(null);

  const finish = () => {
    stop.current?.abort();
    work(false);
    show([]);
  };
  const begin = async (format: 'csv' | 'xlsx'): Promise<void> => {
    const control = new AbortController();
    stop.current = control;
    const cells: Cell[][] = [];
    work(true);
    fail(null);
    hold(null);
    advance({ done: 0, total: 0 });
    try {
      for await (const page of everyPage((p) => persist(() => load(p, control.signal), hold, control.signal), rowKey)) {
        if (control.signal.aborted) return;
        // Drawn at once, so that the cells can be read off.
        flushSync(() => show(page.rows));
        await named(cache);
        const read = [...(body.current?.rows ?? [])].map((row) => [...row.cells].map(cellOf));
        if (format === 'xlsx') demandFitsXlsx(page.count, read);
        cells.push(...read);
        advance({ done: cells.length, total: page.count });
      }
      // The writer of workbooks comes when it is first needed.
      if (format === 'xlsx') await fetchedCode(() => import('xlsx'));
      const titles = columns.map((c) => say(c.title));
      const file = format === 'xlsx' ? await xlsxOf(titles, cells) : csvOf(titles, cells);
      if (control.signal.aborted) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(file);
      link.download = `${name}-${new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })}.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      finish();
    } catch (refused) {
      if (control.signal.aborted) return;
      hold(null);
      fail(refused);
    }
  };

  return (
    <>
      <MenuButton
        menu={{
          items: [
            { key: 'csv', label: 'CSV' },
            { key: 'xlsx', label: 'XLSX' },
          ],
          onClick: ({ key }) => void begin(key as 'csv' | 'xlsx'),
        }}
      >
        {say({ zh: '导出', en: 'Export' })}
      </MenuButton>
      <Modal
        open={busy}
        title={say(error === null ? { zh: '正在导出', en: 'Exporting' } : { zh: '没有导出', en: 'Not exported' })}
        onCancel={finish}
        maskClosable={false}
        footer={<Button onClick={finish}>{say(error === null ? { zh: '取消', en: 'Cancel' } : { zh: '关闭', en: 'Close' })}</Button>}
      >
        <Flex vertical gap={8} aria-live="polite">
          <Progress
            percent={far.total === 0 ? 0 : Math.floor((100 * far.done) / far.total)}
            aria-label={say({ zh: '导出进度', en: 'Progress' })}
          />
          <span>
            <Count n={far.done} /> / <Count n={far.total} /> {say({ zh: '行', en: 'rows' })}
          </span>
          {error !== null && <Refusal error={error} />}
          {held !== null && (
            <>
              <Refusal error={held} />
              <span>{say({ zh: '正在等待，恢复后自动接着导出。', en: 'Waiting; it goes on by itself from here.' })}</span>
            </>
          )}
        </Flex>
      </Modal>
      {busy && (
        <table hidden>
          <tbody ref={body}>
            {shown.map((row, i) => (
              // The rows of a chunk are drawn once and thrown away.
              <tr key={`${far.done}-${String(i)}`}>
                {columns.map((column) => (
                  <td key={column.key}>{column.text ? column.text(row) : column.draw(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** What a cell says: a count is a number; a shape beside the word of a state is for the eye. */
function cellOf(cell: HTMLTableCellElement): Cell {
  const said = cell.cloneNode(true) as HTMLElement;
  for (const mark of said.querySelectorAll('[aria-hidden="true"]')) mark.remove();
  const text = (said.textContent ?? '').trim();
  const count = said.querySelector<HTMLElement>('[data-count]');
  return count?.textContent === text ? Number(count.dataset['count']) : text;
}
