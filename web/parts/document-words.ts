/** The fields of documents by the labels of their forms, and their code values in words. */
import type { Step } from './difference.ts';
import type { Words } from './words.ts';

/** What a value names, so that it is shown by its title. */
type Names = 'department' | 'element';

/** A field: its label, what its values say, and the fields within it. */
interface Field extends Words {
  readonly values?: Readonly<Record<string, Words>>;
  readonly names?: Names;
  readonly within?: Fields;
  /** Of one thing of a list, or of a record with names of its own: what the thing is, and its fields. */
  readonly each?: Field;
}
type Fields = Readonly<Record<string, Field>>;

// The catalog's code values (目录编制指南 2017).
export const shareTypes = {
  '1': { zh: '无条件共享', en: 'Unconditional' },
  '2': { zh: '有条件共享', en: 'Conditional' },
  '3': { zh: '不予共享', en: 'Not shared' },
} as const;
export const openTypes = { '0': { zh: '不向社会开放', en: 'Not open' }, '1': { zh: '向社会开放', en: 'Open to society' } } as const;
export const updateCycles = {
  '1': { zh: '实时', en: 'Real time' },
  '2': { zh: '每日', en: 'Daily' },
  '3': { zh: '每周', en: 'Weekly' },
  '4': { zh: '每月', en: 'Monthly' },
  '5': { zh: '每季度', en: 'Quarterly' },
  '7': { zh: '每半年', en: 'Half-yearly' },
  '6': { zh: '每年', en: 'Yearly' },
  '8': { zh: '不定期', en: 'Irregular' },
  '9': { zh: '一次性', en: 'One-off' },
} as const;
export const resourceClasses = {
  '1': { zh: '基础信息资源', en: 'Basic' },
  '2': { zh: '主题信息资源', en: 'Thematic' },
  '3': { zh: '部门信息资源', en: 'Departmental' },
} as const;
export const formats = {
  '1': { zh: '电子文件', en: 'Document' },
  '2': { zh: '电子表格', en: 'Spreadsheet' },
  '3': { zh: '数据库', en: 'Database' },
  '4': { zh: '图形图像', en: 'Image' },
  '5': { zh: '流媒体', en: 'Stream' },
  '6': { zh: '自描述格式', en: 'Self-describing' },
  '7': { zh: '服务接口', en: 'Service interface' },
} as const;

/** A title has two languages. */
const title = (zh: string, en: string): Field => ({
  zh,
  en,
  within: { zh: { zh: '中文', en: 'Chinese' }, en: { zh: '英文', en: 'English' } },
});
const id: Field = { zh: '编号', en: 'Id' };
const name: Field = { zh: '标识', en: 'Identifier' };
const element: Field = { zh: '数据元', en: 'Data element', names: 'element' };
const department = (zh: string, en: string): Field => ({ zh, en, names: 'department' });
const sensitivity: Field = { zh: '敏感级', en: 'Sensitivity' };
const source: Field = { zh: '数据源', en: 'Source' };
const service: Field = { zh: '服务', en: 'Service' };
const serviceVersion: Field = { zh: '服务版本', en: 'Version of the service' };
const purpose: Field = { zh: '使用目的', en: 'Purpose' };
const legalBasis: Field = { zh: '使用依据', en: 'Legal basis' };
const rowFilter: Field = { zh: '范围', en: 'Rows' };

const entry: Fields = {
  id,
  title: title('信息资源名称', 'Name'),
  abstract: { zh: '信息资源摘要', en: 'Abstract' },
  department: department('提供部门', 'Provider'),
  resourceClass: { zh: '类', en: 'Class', values: resourceClasses },
  category: { zh: '项', en: 'Category' },
  format: { zh: '格式', en: 'Format', values: formats },
  items: {
    zh: '信息项',
    en: 'Information items',
    each: {
      zh: '信息项',
      en: 'Item',
      within: {
        name,
        title: title('名称', 'Name'),
        element,
        isKey: { zh: '主键', en: 'Key' },
        isNullable: { zh: '可空', en: 'May be absent' },
        sensitivity,
      },
    },
  },
  shareType: { zh: '共享属性', en: 'Sharing', values: shareTypes },
  shareCondition: { zh: '共享条件或不予共享的法律依据', en: 'Conditions, or the legal basis for not sharing' },
  openType: { zh: '开放属性', en: 'Opening', values: openTypes },
  openCondition: { zh: '开放条件', en: 'Conditions of opening' },
  updateCycle: { zh: '更新周期', en: 'Cycle', values: updateCycles },
  secrecyChecked: { zh: '已核对不含国家秘密和工作秘密', en: 'Checked: no state secret and no work secret' },
};

const sourceFields: Fields = {
  id,
  title: title('名称', 'Name'),
  department: department('提供部门', 'Provider'),
  connector: { zh: '连接器', en: 'Connector' },
  settings: { zh: '连接设置', en: 'Settings', each: { zh: '设置', en: 'Setting' } },
  columns: { zh: '列', en: 'Columns' },
  key: { zh: '主键列', en: 'Key columns' },
  mode: { zh: '方式', en: 'Mode', values: { full: { zh: '全量', en: 'Full' }, incremental: { zh: '增量', en: 'Incremental' } } },
  cursor: { zh: '游标列', en: 'Cursor column' },
  leaves: { zh: '留在源端的列', en: 'Columns left at the source' },
  schedule: {
    zh: '自动归集的安排',
    en: 'Schedule',
    within: {
      window: {
        zh: '归集时段',
        en: 'Window',
        within: { from: { zh: '从', en: 'From' }, to: { zh: '到', en: 'To' } },
      },
      together: { zh: '同一服务器同时进行的归集（至多）', en: 'Collections at once of one server (at most)' },
    },
  },
  removal: {
    zh: '减少到何种程度须确认（或同意移除）',
    en: 'What may be taken away without asking',
    values: { 'replaces-itself': { zh: '每期整体更换，不待确认', en: 'Every edition replaces itself, none waits' } },
    within: { percent: { zh: '现有行的百分比', en: 'Per cent of the rows' }, rows: { zh: '行数', en: 'Rows' } },
  },
  reconciliation: {
    zh: '对账间隔（天）',
    en: 'Days between reconciliations',
    within: { count: { zh: '清点行数', en: 'Count rows' }, receipt: { zh: '核对摘要', en: 'Compare digests' } },
  },
  layout: {
    zh: '版式',
    en: 'Layout',
    within: {
      encoding: { zh: '编码', en: 'Encoding' },
      sheet: { zh: '工作表', en: 'Sheet' },
      titleRows: { zh: '标题行数', en: 'Title rows' },
      headerRows: { zh: '表头行数', en: 'Header rows' },
      fillDown: { zh: '向下填充的列', en: 'Columns filled down' },
      footer: { zh: '表尾的开头', en: 'Beginnings of the footer' },
      asides: { zh: '夹在数据中的非数据行', en: 'Asides among the data' },
      groupColumn: { zh: '分组标题写入的列', en: 'Column of the headings' },
      ends: { zh: '表到哪里为止', en: 'Where the table ends', values: { gap: { zh: '第一处空行', en: 'The first gap' } } },
    },
  },
};

const table: Fields = {
  id,
  title: title('名称', 'Name'),
  source,
  fields: {
    zh: '字段',
    en: 'Fields',
    each: {
      zh: '字段',
      en: 'Field',
      within: {
        name,
        column: { zh: '来源列', en: 'Column' },
        title: title('名称', 'Name'),
        element,
        sensitivity,
        withholds: { zh: '隔离的提醒', en: 'Warnings that hold back', each: { zh: '提醒', en: 'Warning' } },
      },
    },
  },
  key: { zh: '主键', en: 'Key' },
  mayBeAbsent: { zh: '可以缺失的主键', en: 'Key fields that may be absent', each: { zh: '字段', en: 'Field' } },
  newest: { zh: '以哪个字段大的为新', en: 'Field whose greatest value is the latest' },
  rules: {
    zh: '规则',
    en: 'Rules',
    each: {
      zh: '规则',
      en: 'Rule',
      within: {
        id,
        kind: { zh: '规则类型', en: 'Kind of rule' },
        slots: { zh: '所查字段', en: 'Fields checked', each: { zh: '位置', en: 'Slot' } },
        params: { zh: '参数', en: 'Parameters', each: { zh: '参数', en: 'Parameter' } },
        severity: { zh: '处置', en: 'Severity', values: { block: { zh: '隔离', en: 'Hold back' }, warn: { zh: '提醒', en: 'Warn' } } },
      },
    },
  },
};

const library: Fields = {
  id,
  title: title('名称', 'Name'),
  basis: { zh: '依据', en: 'Basis' },
  entity: title('一条记录是', 'A record is'),
  strongKey: { zh: '强主键', en: 'Strong key' },
  fields: { zh: '字段', en: 'Fields', each: { zh: '字段', en: 'Field', within: { name, title: title('名称', 'Name'), element } } },
  feeds: {
    zh: '来源',
    en: 'Feeds',
    each: {
      zh: '来源',
      en: 'Feed',
      within: { table: { zh: '治理表', en: 'Table' }, map: { zh: '字段对应', en: 'Fields', each: { zh: '字段', en: 'Field' } } },
    },
  },
  trust: { zh: '来源顺序', en: 'Order of trust', each: { zh: '字段', en: 'Field' } },
};

const serviceFields: Fields = {
  id,
  title: title('名称', 'Name'),
  on: { zh: '建立在', en: 'Stands on', within: { library: { zh: '库', en: 'Library' }, table: { zh: '治理表', en: 'Table' } } },
  department: department('提供部门', 'Provider'),
  kind: { zh: '方式', en: 'Kind', values: { query: { zh: '查询', en: 'Query' } } },
  keys: { zh: '查询字段', en: 'Asked by' },
  returns: {
    zh: '返回字段',
    en: 'Fields shown',
    each: {
      zh: '返回字段',
      en: 'Field shown',
      within: {
        field: name,
        show: {
          zh: '怎样显示',
          en: 'How it is shown',
          values: { element: { zh: '按数据元的脱敏', en: 'by the mask of its element' } },
          within: { mask: { zh: '脱敏', en: 'Mask' }, shown: { zh: '显示原值的理由', en: 'Why it is shown as it is' } },
        },
      },
    },
  },
  limit: { zh: '每次最多（行）', en: 'Rows an answer' },
};

const request: Fields = {
  id,
  service,
  serviceVersion,
  department: department('使用部门', 'Consumer'),
  provider: department('提供部门', 'Provider'),
  purpose,
  legalBasis,
  scene: { zh: '使用场景', en: 'Scene of use' },
  fields: { zh: '所需字段', en: 'Fields needed' },
  rowFilter,
  until: { zh: '使用期限', en: 'Until' },
  contact: { zh: '联系人', en: 'Contact' },
};

const grant: Fields = {
  id,
  request: { zh: '申请', en: 'Request' },
  service,
  serviceVersion,
  consumer: department('使用部门', 'Consumer'),
  provider: department('提供部门', 'Provider'),
  purpose,
  legalBasis,
  fields: { zh: '字段', en: 'Fields', each: { zh: '字段', en: 'Field', within: { field: name, mask: { zh: '脱敏', en: 'Mask' } } } },
  rowFilter,
  validFrom: { zh: '起', en: 'From' },
  validTo: { zh: '止', en: 'To' },
};

/** By kind of object. What has no entry has no versions. */
const documents: Readonly<Record<string, Fields>> = {
  entry,
  source: sourceFields,
  table,
  library,
  service: serviceFields,
  request,
  grant,
};

/** Whether an object is a document, which has versions. */
export const hasVersions = (about: string): boolean => Object.hasOwn(documents, about.split(':')[0] ?? '');

/** Where a value stands, by the labels of the form, and how its values are told. */
export interface Labelled {
  /** Outermost first; one of a list with what it is called. */
  readonly labels: readonly (Words & { readonly of?: Words })[];
  readonly values: Readonly<Record<string, Words>>;
  readonly names: Names | undefined;
}

/** The labels on the way to a value. What no form has a label for stands as it is. */
export function labelled(kind: string, way: readonly Step[]): Labelled {
  const labels: (Words & { of?: Words })[] = [];
  let field: Field | undefined = { zh: kind, within: documents[kind] ?? {} };
  for (const step of way) {
    const inner: Field | undefined = field?.within?.[step.name];
    if (inner) labels.push({ zh: inner.zh, en: inner.en });
    else if (field?.each) {
      // "Information items: item 姓名" says the same twice.
      labels.pop();
      labels.push({ zh: field.each.zh, en: field.each.en, of: typeof step.item === 'object' ? step.item : { zh: step.name } });
    } else labels.push({ zh: step.name });
    field = inner ?? field?.each;
  }
  return { labels, values: field?.values ?? {}, names: field?.names };
}
