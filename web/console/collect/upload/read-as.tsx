/** A text that could not be read in the encoding it was taken for: a person says which one it is. */
import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../../../parts/act.tsx';
import { call } from '../../../parts/api.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { runQuery } from '../../../parts/run.tsx';
import { useSay } from '../../../parts/words.ts';
import type { Upload } from './send-file.ts';
import { encodingWords } from './upload-words.ts';

type Encoding = NonNullable<NonNullable<NonNullable<Upload['reading']>['layout']>['encoding']>;

/** Shown where the encoding was what stood in the way. */
export function ReadAs({ upload, run }: { upload: Upload; run: string }) {
  const say = useSay();
  const ended = useQuery(runQuery(run));
  const [encoding, choose] = useState<Encoding>('gb18030');
  const again = useAct(() => call('PUT /api/collect/uploads/:id/reading', { params: { id: upload.id }, body: { encoding } }));
  if (ended.data?.problem?.code !== 'COLLECT_WRONG_ENCODING') return null;
  return (
    <Flex gap={8} align="center" wrap>
      <Select
        aria-label={say({ zh: '编码', en: 'Encoding' })}
        value={encoding}
        style={{ minWidth: 180 }}
        options={Object.entries(encodingWords).map(([value, words]) => ({ value: value as Encoding, label: say(words) }))}
        onChange={choose}
      />
      <Button type="primary" loading={again.isPending} onClick={() => again.mutate(undefined as never)}>
        {say({ zh: '按这个编码重新读取', en: 'Read again in this encoding' })}
      </Button>
      {again.error && <Refusal error={again.error} />}
    </Flex>
  );
}
