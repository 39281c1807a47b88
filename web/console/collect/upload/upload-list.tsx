/** Uploads: bring a file nobody has declared; find what was begun. */
import { useNavigate } from '@tanstack/react-router';
import { Button, Upload as Dropzone, Flex, Typography } from 'antd';
import { useState } from 'react';
import { About } from '../../../parts/about.tsx';
import { call, type Reply } from '../../../parts/api.ts';
import { List } from '../../../parts/list.tsx';
import { choicesOf, dayFilters } from '../../../parts/list-address.ts';
import { useMay } from '../../../parts/me.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count, Instant, State } from '../../../parts/state.tsx';
import { Who } from '../../../parts/who.tsx';
import { useSay } from '../../../parts/words.ts';
import { waiting } from './receiving.tsx';
import { uploadStates } from './upload-words.ts';

type Upload = Reply<'GET /api/collect/uploads'>['rows'][number];

export default function UploadList() {
  const say = useSay();
  const may = useMay();
  const navigate = useNavigate();
  const [error, fail] = useState<unknown>(null);
  const open = (id: string) => void navigate({ to: '/upload/$id' as never, params: { id } as never });
  const begin = async (file: File) => {
    fail(null);
    try {
      const upload = await call('POST /api/collect/uploads', { body: { name: file.name, bytes: file.size } });
      waiting.set(upload.id, file);
      open(upload.id);
    } catch (refused) {
      fail(refused);
    }
  };
  return (
    <Flex vertical gap={16}>
      <Typography.Title level={3}>{say({ zh: '上传文件', en: 'Upload a file' })}</Typography.Title>
      {may('upload.make') && (
        <Dropzone.Dragger
          accept=".csv,.txt,.tsv,.xlsx,.xls,.json"
          maxCount={1}
          showUploadList={false}
          beforeUpload={(file) => {
            void begin(file);
            return false;
          }}
        >
          <p>{say({ zh: '把文件拖到这里，或按回车选择', en: 'Drop a file here, or press Enter to choose one' })}</p>
          <Typography.Text type="secondary">
            {say({
              zh: 'CSV、XLSX、XLS、JSON，最大 2 GB。版式、数据元、主键和规则由平台推荐，您确认后才会建立。',
              en: 'CSV, XLSX, XLS or JSON, up to 2 GB. Layout, elements, key and rules are proposed; nothing is made before you confirm.',
            })}
          </Typography.Text>
        </Dropzone.Dragger>
      )}
      {may('upload.make') && (
        <Button style={{ alignSelf: 'start' }} onClick={() => void navigate({ to: '/upload/table' as never })}>
          {say({ zh: '登记数据库里的一张表', en: 'Register a table of a database' })}
        </Button>
      )}
      {error !== null && <Refusal error={error} />}
      <List<Upload>
        name={['uploads']}
        refreshMs={5000}
        rowKey={(u) => u.id}
        filters={[
          { name: 'q', title: { zh: '文件名', en: 'File name' } },
          { name: 'state', title: { zh: '状态', en: 'State' }, choices: choicesOf(uploadStates) },
          ...dayFilters({ zh: '上传', en: 'Uploaded' }),
        ]}
        load={(query, signal) => call('GET /api/collect/uploads', { query: query as never }, signal)}
        open={(u) => open(u.id)}
        empty={{ zh: '还没有上传过文件：把一个文件拖到上面', en: 'Nothing was uploaded yet: drop a file above' }}
        columns={[
          { key: 'name', title: { zh: '文件', en: 'File' }, sorts: true, draw: (u) => u.name },
          {
            key: 'state',
            title: { zh: '状态', en: 'State' },
            sorts: true,
            draw: (u) => <State tone={uploadStates[u.state].tone} words={uploadStates[u.state]} />,
          },
          { key: 'bytes', title: { zh: '大小（字节）', en: 'Bytes' }, sorts: true, align: 'right', draw: (u) => <Count n={u.bytes} /> },
          {
            key: 'rows',
            title: { zh: '数据（行）', en: 'Rows of data' },
            align: 'right',
            draw: (u) => (u.rows ? <Count n={u.rows.rowsData} /> : '—'),
          },
          {
            key: 'source',
            title: { zh: '数据源', en: 'Source' },
            draw: (u) => (u.source ? <About about={`source:${u.source}`} title={u.sourceTitle} /> : '—'),
          },
          { key: 'madeAt', title: { zh: '上传于', en: 'Uploaded' }, sorts: true, draw: (u) => <Instant at={u.madeAt} /> },
          { key: 'madeBy', title: { zh: '上传人', en: 'By' }, extra: true, draw: (u) => <Who actor={u.madeBy} brief /> },
        ]}
      />
    </Flex>
  );
}
