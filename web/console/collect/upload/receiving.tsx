/** A file on its way: how much has arrived, how fast, how long still; stopped, and taken up again. */
import { useQueryClient } from '@tanstack/react-query';
import { Button, Upload as Chooser, Flex, Progress, Typography } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Refused } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count } from '../../../parts/state.tsx';
import { useSay } from '../../../parts/words.ts';
import { sendFile, type Upload } from './send-file.ts';

/** Files chosen on another page of the console, by the upload they belong to. */
export const waiting = new Map<string, File>();

/** Sends the file of an upload. */
export function Receiving({ upload }: { upload: Upload }) {
  const say = useSay();
  const cache = useQueryClient();
  const stop = useRef<AbortController | null>(null);
  const [received, told] = useState(upload.received);
  const [began, begin] = useState<{ at: number; from: number } | null>(null);
  const [error, fail] = useState<unknown>(null);
  const [heldBy, held] = useState<Refused | null>(null);

  const start = async (file: File) => {
    fail(null);
    if (file.size !== upload.bytes || file.name !== upload.name) {
      fail(
        new Refused({
          code: 'UPLOAD_OTHER_FILE',
          status: 409,
          title: `这不是原来的文件“${upload.name}”`,
          titleEn: `This is not the file '${upload.name}'`,
          hint: `请选择同名、大小为 ${upload.bytes} 字节的那一个；要上传另一个文件，请删除这次上传后重新开始。`,
          hintEn: `Choose the one of that name with ${upload.bytes} bytes; to send another, remove this upload and begin again.`,
          faults: [],
        }),
      );
      return;
    }
    waiting.set(upload.id, file);
    stop.current = new AbortController();
    begin({ at: Date.now(), from: upload.received });
    try {
      await sendFile(file, upload, { received: told, held }, stop.current.signal);
      waiting.delete(upload.id);
    } catch (refused) {
      if (!stop.current.signal.aborted) fail(refused);
    } finally {
      begin(null);
      held(null);
      await cache.invalidateQueries({ queryKey: ['upload', upload.id] });
    }
  };
  const begun = useRef(false);
  useEffect(() => {
    const file = waiting.get(upload.id);
    // Once: what changes while it is sent must not begin it again.
    if (file && !begun.current) {
      begun.current = true;
      void start(file);
    }
  });
  useEffect(() => () => stop.current?.abort(), []);

  const seconds = began ? (Date.now() - began.at) / 1000 : 0;
  const speed = began && seconds > 0.5 ? (received - began.from) / seconds : 0;
  const known = waiting.get(upload.id);
  return (
    <Flex vertical gap={12}>
      <Progress
        percent={upload.bytes === 0 ? 100 : Math.floor((100 * received) / upload.bytes)}
        status={began ? 'active' : 'normal'}
        aria-label={say({ zh: '上传进度', en: 'Upload progress' })}
      />
      <Typography.Text type="secondary" aria-live="polite">
        <Count n={received} /> / <Count n={upload.bytes} /> {say({ zh: '字节', en: 'bytes' })}
        {speed > 0 && (
          <>
            {' '}
            · {(speed / 1_048_576).toFixed(1)} MB/s · {say({ zh: '约剩', en: 'about' })} {Math.ceil((upload.bytes - received) / speed)} s
          </>
        )}
      </Typography.Text>
      {error !== null && <Refusal error={error} />}
      {heldBy && (
        <>
          <Refusal error={heldBy} />
          <Typography.Text aria-live="polite">
            {say({
              zh: '正在等待，恢复后自动从断点继续；不必重新选择文件。要停下请点“暂停”。',
              en: 'Waiting: it goes on by itself from where it stopped as soon as it can; the file need not be chosen again. Press Pause to stop.',
            })}
          </Typography.Text>
        </>
      )}
      <Flex gap={8}>
        {began ? (
          <Button onClick={() => stop.current?.abort()}>{say({ zh: '暂停', en: 'Pause' })}</Button>
        ) : known ? (
          <Button type="primary" onClick={() => void start(known)}>
            {say({ zh: '继续', en: 'Go on' })}
          </Button>
        ) : (
          <Chooser
            maxCount={1}
            showUploadList={false}
            beforeUpload={(file) => {
              void start(file);
              return false;
            }}
          >
            <Button type="primary">{say({ zh: '选择同一个文件，从断点继续', en: 'Choose the same file and go on' })}</Button>
          </Chooser>
        )}
      </Flex>
    </Flex>
  );
}
