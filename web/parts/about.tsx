/** A thing by its name, with the way to its page; its id beside it. */
import { Link } from '@tanstack/react-router';
import { Typography, theme } from 'antd';
import { useDepartments } from './me.ts';
import { Who } from './who.tsx';
import { useSay, type Words } from './words.ts';

/** Kinds of things, with the page where one is found; null where it has none of its own. */
const kinds: Readonly<Record<string, { readonly words: Words; readonly path: string | null }>> = {
  source: { words: { zh: '数据源', en: 'Source' }, path: '/collect' },
  upload: { words: { zh: '上传', en: 'Upload' }, path: '/upload' },
  table: { words: { zh: '治理表', en: 'Table' }, path: '/govern' },
  library: { words: { zh: '库', en: 'Library' }, path: '/library' },
  entry: { words: { zh: '目录', en: 'Entry' }, path: '/catalog' },
  service: { words: { zh: '服务', en: 'Service' }, path: '/services' },
  request: { words: { zh: '申请', en: 'Request' }, path: '/requests' },
  grant: { words: { zh: '授权', en: 'Grant' }, path: '/grants' },
  run: { words: { zh: '任务', en: 'Run' }, path: '/engine/runs' },
  record: { words: { zh: '访问记录', en: 'Record' }, path: '/log' },
  batch: { words: { zh: '批次', en: 'Batch' }, path: null },
  golden: { words: { zh: '库的记录', en: 'Record of a library' }, path: null },
  department: { words: { zh: '部门', en: 'Department' }, path: null },
  secret: { words: { zh: '口令', en: 'Secret' }, path: null },
  mount: { words: { zh: '挂接', en: 'Mount' }, path: null },
  address: { words: { zh: '地址', en: 'Address' }, path: null },
  log: { words: { zh: '访问日志', en: 'The log' }, path: null },
  session: { words: { zh: '会话', en: 'Session' }, path: null },
  account: { words: { zh: '账号', en: 'Account' }, path: null },
};

/** Splits `<kind>:<id>`. */
const parts = (about: string): readonly [kind: string, id: string] => {
  const at = about.indexOf(':');
  return at < 0 ? [about, ''] : [about.slice(0, at), about.slice(at + 1)];
};

/** The page of a thing; undefined where it has none. */
export function pathOf(about: string): string | undefined {
  const [kind, id] = parts(about);
  const path = kinds[kind]?.path;
  return path && id ? `${path}/${encodeURIComponent(id)}` : undefined;
}

/** What a thing is called; without a title, what kind it is of. A title is given only to whoever may open the thing. */
export function About({ about, title }: { about: string; title: Words | null }) {
  const say = useSay();
  const { token } = theme.useToken();
  const [kind, id] = parts(about);
  const path = pathOf(about);
  const { titleOf } = useDepartments();
  // Departments and accounts are known to everybody by their names.
  const name = kind === 'department' && id ? titleOf(id) : title;
  const words = say(name ?? kinds[kind]?.words ?? { zh: kind });
  return (
    <span>
      {/* Underlined: text stands beside it, and colour alone would not tell them apart. */}
      {title && path ? (
        <Link to={path as never} style={{ textDecoration: 'underline' }} onClick={(e) => e.stopPropagation()}>
          {words}
        </Link>
      ) : (
        words
      )}
      {kind === 'account' && id && (
        <>
          {' '}
          <Who actor={id} brief />
        </>
      )}
      {id && (
        <>
          {' '}
          <Typography.Text type="secondary" style={{ fontFamily: token.fontFamilyCode }}>
            {id}
          </Typography.Text>
        </>
      )}
    </span>
  );
}

/** The id of a thing that a sentence before it calls by its title: secondary, and the way to its page. */
export function ThingLink({ about }: { about: string }) {
  const { token } = theme.useToken();
  const path = pathOf(about);
  const [, id] = parts(about);
  const shown = (
    <Typography.Text type="secondary" style={{ fontFamily: token.fontFamilyCode }}>
      {id}
    </Typography.Text>
  );
  return (
    <>
      {' '}
      {path ? (
        <Link to={path as never} style={{ textDecoration: 'underline' }}>
          {shown}
        </Link>
      ) : (
        shown
      )}
    </>
  );
}
