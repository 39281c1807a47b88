/** Uploads: bring a file nobody has declared; find what was begun. */
import { useNavigate } from '@tanstack/react-router';
import { Upload as Dropzone, Flex, Typography } from 'antd';
import { useState } from 'react';
import { call, type Reply } from '../../../parts/api.ts';
import { List } from '../../../parts/list.tsx';
import { useMay } from '../../../parts/me.ts';
import { Refusal } from '../../../parts/refusal.tsx';
import { Count, Instant, State } from '../../../parts/state.tsx';
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
      {error !== null && <Refusal error={error} />}
      <List<Upload>
        name={['uploads']}
        refreshMs={5000}
        rowKey={(u) => u.id}
        load={(query, signal) => call('GET /api/collect/uploads', { query }, signal)}
        open={(u) => open(u.id)}
        empty={{ zh: '还没有上传过文件', en: 'Nothing was uploaded yet' }}
        columns={[
          { title: say({ zh: '文件', en: 'File' }), render: (_, u) => u.name },
          {
            title: say({ zh: '状态', en: 'State' }),
            render: (_, u) => <State tone={uploadStates[u.state].tone} words={uploadStates[u.state]} />,
          },
          { title: say({ zh: '大小（字节）', en: 'Bytes' }), align: 'right', render: (_, u) => <Count n={u.bytes} /> },
          {
            title: say({ zh: '数据（行）', en: 'Rows of data' }),
            align: 'right',
            render: (_, u) => (u.rows ? <Count n={u.rows.rowsData} /> : '—'),
          },
          { title: say({ zh: '数据源', en: 'Source' }), render: (_, u) => u.source ?? '—' },
          { title: say({ zh: '上传于', en: 'Uploaded' }), render: (_, u) => <Instant at={u.madeAt} /> },
        ]}
      />
    </Flex>
  );
}
