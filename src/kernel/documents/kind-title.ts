/** What each kind of document is called. */
import type { DocumentKind, Title } from '#declare';

const titles: Readonly<Record<DocumentKind, Title>> = {
  'code-list': { zh: '代码集', en: 'code list' },
  element: { zh: '数据元', en: 'data element' },
  'rule-kind': { zh: '规则类型', en: 'rule kind' },
  calendar: { zh: '工作日历', en: 'working calendar' },
  'update-cycle': { zh: '更新周期', en: 'update cycle' },
  process: { zh: '流程', en: 'process' },
  library: { zh: '库', en: 'library' },
  service: { zh: '服务', en: 'service' },
  entry: { zh: '目录', en: 'entry' },
  source: { zh: '数据源', en: 'source' },
  mount: { zh: '挂接', en: 'mount' },
  binding: { zh: '绑定', en: 'binding' },
  request: { zh: '申请', en: 'request' },
  grant: { zh: '授权', en: 'grant' },
};

/** Title of a kind of document. */
export const kindTitle = (kind: DocumentKind): Title => titles[kind];

/** What a refusal says of a document: its kind in both languages, and its id. */
export const documentNamed = (kind: DocumentKind, id: string): { readonly kind: string; readonly kindEn: string; readonly id: string } => ({
  kind: titles[kind].zh,
  kindEn: titles[kind].en ?? titles[kind].zh,
  id,
});
