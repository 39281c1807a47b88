/** Codes with their words: the word beside a code, and the whole list to look through. */
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Flex, Typography } from 'antd';
import { useState } from 'react';
import { call, type Reply } from './api.ts';
import { useGiveBackFocus } from './give-back-focus.ts';
import { List } from './list.tsx';
import { useSay } from './words.ts';

type Item = Reply<'GET /api/code-lists/:id'>['rows'][number];

/** Lists up to here are asked for once and whole; of a longer one each code is asked for. */
const whole = 200;

/** A value; where it is a code of a list, with the word for it. What the list does not know (a masked one) stands alone. */
export function CodeValue({ list, value }: { list: string | null; value: string }) {
  const say = useSay();
  const id = list ?? '';
  const all = useQuery({
    queryKey: ['code-list', id],
    enabled: list !== null,
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/code-lists/:id', { params: { id }, query: { limit: whole } }, signal),
  });
  const isLong = (all.data?.count ?? 0) > whole;
  const one = useQuery({
    queryKey: ['code-list', id, value],
    enabled: isLong,
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/code-lists/:id', { params: { id }, query: { code: value, limit: 1 } }, signal),
  });
  const item = (isLong ? one.data : all.data)?.rows.find((i) => i.code === value);
  return item ? (
    <>
      {value} <Typography.Text type="secondary">{say(item.title)}</Typography.Text>
    </>
  ) : (
    value
  );
}

/** The name of a list as a button that opens it. */
export function CodeListButton({ list }: { list: string }) {
  const say = useSay();
  const [open, show] = useState(false);
  const about = useQuery({
    queryKey: ['code-list', list],
    staleTime: 300_000,
    queryFn: ({ signal }) => call('GET /api/code-lists/:id', { params: { id: list }, query: { limit: whole } }, signal),
  });
  const title = about.data ? say(about.data.title) : list;
  return (
    <>
      <Button type="link" size="small" style={{ paddingInline: 0 }} onClick={() => show(true)}>
        {title}
        {about.data && say({ zh: `（${about.data.count} 个代码）`, en: ` (${about.data.count} codes)` })}
      </Button>
      {open && <CodeListDrawer list={list} title={title} basis={about.data?.basis ?? ''} close={() => show(false)} />}
    </>
  );
}

function CodeListDrawer({ list, title, basis, close }: { list: string; title: string; basis: string; close(): void }) {
  const say = useSay();
  useGiveBackFocus();
  return (
    <Drawer open size={560} onClose={close} title={title}>
      <Flex vertical gap={12}>
        <Typography.Text type="secondary">
          {say({ zh: '依据：', en: 'Basis: ' })}
          {basis}
        </Typography.Text>
        <List<Item>
          name={['code-list', list]}
          filters={[{ name: 'q', title: { zh: '代码或名称', en: 'Code or name' } }]}
          load={(query, signal) => call('GET /api/code-lists/:id', { params: { id: list }, query: query as never }, signal)}
          rowKey={(i) => i.code}
          empty={{ zh: '没有这样的代码', en: 'No such code' }}
          columns={[
            { key: 'code', title: { zh: '代码', en: 'Code' }, draw: (i) => <code>{i.code}</code> },
            { key: 'title', title: { zh: '含义', en: 'Meaning' }, draw: (i) => say(i.title) },
          ]}
        />
      </Flex>
    </Drawer>
  );
}
