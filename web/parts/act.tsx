/** Buttons that do something: they say that they work, show a refusal where they stand, and refresh what they changed. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, type ButtonProps, Flex, Form, Input, Modal, Tooltip } from 'antd';
import { useState } from 'react';
import { keepFocus } from './give-back-focus.ts';
import { Refusal } from './refusal.tsx';
import { useSay, type Words } from './words.ts';

/** What follows: a word about it, leaving a page whose object is gone (before it is asked for again), and anything else. */
interface Done<R> {
  readonly say?: Words;
  readonly leave?: () => Promise<unknown>;
  readonly after?: (result: R) => void;
}

/** Does something and refreshes every list and page that may show it. */
export function useAct<T, R>(work: (order: T) => Promise<R>, done?: Done<R>) {
  const cache = useQueryClient();
  const { message } = App.useApp();
  const say = useSay();
  return useMutation({
    mutationFn: work,
    onSuccess: async (result) => {
      if (done?.say) void message.success(say(done.say));
      await done?.leave?.();
      // What is shown is asked for again first, so that nobody sees the old state behind a closed dialog; a question that hangs keeps no dialog open.
      await Promise.race([cache.invalidateQueries(), new Promise((over) => setTimeout(over, 3000))]);
      done?.after?.(result);
      keepFocus();
    },
  });
}

/** A button that acts at once, or first asks where what it does cannot be undone; a refusal opens in a dialog of its own. */
export function Act<R>({
  words,
  asks,
  work,
  done,
  ...button
}: {
  words: Words;
  /** What would be lost. */
  asks?: Words;
  work: () => Promise<R>;
  done?: Done<R>;
} & Omit<ButtonProps, 'onClick'>) {
  const say = useSay();
  const { modal } = App.useApp();
  const act = useAct(work, done);
  const go = () => act.mutate(undefined as never);
  const ask = (loss: Words) =>
    modal.confirm({
      title: say(words),
      content: say(loss),
      okText: say(words),
      okButtonProps: { danger: true },
      cancelText: say({ zh: '取消', en: 'Cancel' }),
      autoFocusButton: 'cancel',
      onOk: go,
    });
  return (
    <>
      <Button {...button} loading={act.isPending} onClick={() => (asks ? ask(asks) : go())}>
        {say(words)}
      </Button>
      <Modal
        open={act.isError}
        onCancel={act.reset}
        footer={<Button onClick={act.reset}>{say({ zh: '知道了', en: 'Close' })}</Button>}
        title={say({ zh: '没有办成', en: 'Refused' })}
      >
        <Refusal error={act.error} />
      </Modal>
    </>
  );
}

/** A button that may be refused: it stays within reach of the keyboard then, and says why when it is pointed at or has the focus. */
export function Offer({
  offer,
  onClick,
  ...button
}: { offer: { readonly allowed: boolean; readonly reason: Words } | undefined } & ButtonProps) {
  const say = useSay();
  if (offer?.allowed) return <Button {...button} onClick={onClick} />;
  return (
    <Tooltip title={offer && say(offer.reason)} trigger={['hover', 'focus']}>
      <Button {...button} type="default" danger={false} className="refused" aria-disabled onClick={undefined} />
    </Tooltip>
  );
}

/** A step of a process as the server offers it. */
export interface Offered {
  readonly id: string;
  readonly title: Words;
  readonly opinion: 'required' | 'optional';
  readonly allowed: boolean;
  readonly reason: Words;
}

/** The steps that can be taken now, the likely one first; a refused one says why. `ends`: what is over by a step, said before it is taken. */
export function Steps({
  steps,
  ends = {},
  take,
}: {
  steps: readonly Offered[];
  ends?: Readonly<Record<string, Words>>;
  take: (step: string, opinion: string) => Promise<unknown>;
}) {
  const say = useSay();
  const [chosen, choose] = useState<Offered | null>(null);
  const [opinion, write] = useState('');
  const act = useAct(({ step, text }: { step: string; text: string }) => take(step, text), {
    say: { zh: '已办理', en: 'Done' },
    after: () => choose(null),
  });
  // What has to be justified, or ends the matter, is offered and not urged.
  const likely = steps.find((s) => s.allowed && s.opinion === 'optional' && !ends[s.id])?.id;
  const ending = chosen ? ends[chosen.id] : undefined;
  const close = () => {
    choose(null);
    act.reset();
  };
  return (
    <>
      {[...steps]
        .sort((a, b) => Number(b.id === likely) - Number(a.id === likely) || Number(b.allowed) - Number(a.allowed))
        .map((s) => (
          <Offer
            key={s.id}
            offer={s}
            type={s.id === likely ? 'primary' : 'default'}
            onClick={() => {
              write('');
              choose(s);
            }}
          >
            {say(s.title)}
          </Offer>
        ))}
      <Modal
        open={chosen !== null}
        title={chosen ? say(chosen.title) : ''}
        onCancel={close}
        okText={say({ zh: '确定', en: 'Confirm' })}
        cancelText={say({ zh: '返回', en: 'Back' })}
        okButtonProps={{ disabled: chosen?.opinion === 'required' && opinion.trim().length < 2, loading: act.isPending }}
        onOk={() => chosen && act.mutate({ step: chosen.id, text: opinion })}
        destroyOnHidden
      >
        <Flex vertical gap={12}>
          {ending && <Alert type="warning" showIcon title={say(ending)} />}
          <Form layout="vertical">
            <Form.Item
              label={say({ zh: '意见', en: 'Opinion' })}
              required={chosen?.opinion === 'required'}
              help={
                chosen?.opinion === 'required'
                  ? say({ zh: '必须写明理由，对方会看到', en: 'A reason is needed; the other side will see it' })
                  : undefined
              }
            >
              <Input.TextArea
                rows={3}
                value={opinion}
                onChange={(e) => write(e.target.value)}
                autoFocus
                aria-label={say({ zh: '意见', en: 'Opinion' })}
              />
            </Form.Item>
          </Form>
          {act.error && <Refusal error={act.error} />}
        </Flex>
      </Modal>
    </>
  );
}
