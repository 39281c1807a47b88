/** The sources of the city, described so that whoever connects them can say what each delivers, where its rows begin and what its columns mean. */
import type { Layout } from '#declare';
import { healthColumns } from './health.ts';
import { insuranceColumns } from './insurance.ts';
import { marketColumns } from './market.ts';
import { marketFooter, marketSheet } from './market-workbook.ts';
import { registerColumns } from './police-register.ts';
import { residenceColumns } from './police-residence.ts';

export interface SourceColumn {
  /** Name at the source. */
  readonly name: string;
  /** Suggested name of the governed field. */
  readonly field: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Id of the data element. */
  readonly element: string;
  /** Never absent in a right row. */
  readonly required: boolean;
  /** Identifies the thing a row speaks of: the key of the governed table. */
  readonly key: boolean;
}

export interface SourceDescription {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly abstract: string;
  /** Id of the providing department. */
  readonly department: string;
  readonly connector: 'postgres' | 'csv' | 'xlsx';
  /** Table in the database of public security; null for files. */
  readonly table: string | null;
  /** Name of the delivered file; null for tables. */
  readonly fileName: string | null;
  readonly layout: Layout | null;
  /** In the order delivered. */
  readonly columns: readonly SourceColumn[];
  /** Columns that identify a row at the source. */
  readonly rowKey: readonly string[];
  readonly mode: 'full' | 'incremental';
  /** Column that grows with every row, for incremental reading. */
  readonly cursor: string | null;
  /** Column whose greatest value is the latest word about a key. */
  readonly newest: string | null;
}

type Spec = readonly [field: string, zh: string, en: string, element: string, use?: 'key' | 'optional'];

/** Pairs columns with their meaning; a column left out is a mistake the types cannot see, so it throws. */
const columnsOf = (names: readonly string[], specs: Readonly<Record<string, Spec>>): readonly SourceColumn[] =>
  names.map((name) => {
    const spec = specs[name];
    if (!spec) throw new Error(`column ${name} has no description`);
    const [field, zh, en, element, use] = spec;
    return { name, field, title: { zh, en }, element, required: use !== 'optional', key: use === 'key' };
  });

const rid: Spec = ['recordNumber', '记录编号', 'Record number', 'text'];

export const sources: readonly SourceDescription[] = [
  {
    id: 'police-register',
    title: { zh: '户籍人口信息', en: 'Household register' },
    abstract: '公安机关户籍登记的常住人口基本信息，每日全量提供（演示数据）。',
    department: 'public-security',
    connector: 'postgres',
    table: 'hjrk',
    fileName: null,
    layout: null,
    columns: columnsOf(['rid', ...registerColumns], {
      rid,
      gmsfhm: ['identityNumber', '公民身份号码', 'Identity number', 'identity-number', 'key'],
      xm: ['name', '姓名', 'Name', 'name'],
      xb: ['sex', '性别', 'Sex', 'sex'],
      mz: ['nation', '民族', 'Nation', 'nation'],
      csrq: ['birthDate', '出生日期', 'Birth date', 'birth-date'],
      hjdz: ['registeredAddress', '户籍地址', 'Registered address', 'address', 'optional'],
      xzqh: ['division', '行政区划代码', 'Division code', 'division'],
      gxsj: ['updatedAt', '更新时间', 'Updated at', 'text'],
    }),
    rowKey: ['rid'],
    mode: 'full',
    cursor: null,
    newest: null,
  },
  {
    id: 'police-residence',
    title: { zh: '居住变更信息', en: 'Changes of residence' },
    abstract: '派出所登记的居住地址变更记录，按记录编号增量提供；迟到的记录以更新时间为准（演示数据）。',
    department: 'public-security',
    connector: 'postgres',
    table: 'ldrk_bgxx',
    fileName: null,
    layout: null,
    columns: columnsOf(['rid', ...residenceColumns], {
      rid,
      gmsfhm: ['identityNumber', '公民身份号码', 'Identity number', 'identity-number', 'key'],
      xm: ['name', '姓名', 'Name', 'name'],
      lxdh: ['phone', '联系电话', 'Telephone', 'phone', 'optional'],
      jzdz: ['address', '居住地址', 'Address of residence', 'address', 'optional'],
      xzqh: ['division', '行政区划代码', 'Division code', 'division'],
      gxsj: ['updatedAt', '更新时间', 'Updated at', 'instant'],
      rksj: ['arrivedAt', '入库时间', 'Arrived at', 'instant'],
    }),
    rowKey: ['rid'],
    mode: 'incremental',
    cursor: 'rid',
    newest: 'gxsj',
  },
  {
    id: 'health-records',
    title: { zh: '居民健康档案', en: 'Residents’ health records' },
    abstract: '基层医疗卫生机构建立的居民健康档案名册，按月报送文件（演示数据）。',
    department: 'health',
    connector: 'csv',
    table: null,
    fileName: '居民健康档案名册.csv',
    layout: { encoding: 'gb18030', sheet: null, titleRows: 1, headerRows: 1, fillDown: [], footer: [] },
    columns: columnsOf(healthColumns, {
      姓名: ['name', '姓名', 'Name', 'name'],
      身份证号: ['identityNumber', '公民身份号码', 'Identity number', 'identity-number', 'key'],
      性别: ['sex', '性别', 'Sex', 'sex'],
      出生日期: ['birthDate', '出生日期', 'Birth date', 'birth-date'],
      联系电话: ['phone', '联系电话', 'Telephone', 'phone', 'optional'],
      居住地址: ['address', '居住地址', 'Address of residence', 'address', 'optional'],
      建档日期: ['openedOn', '建档日期', 'Opened on', 'date', 'optional'],
      建档机构: ['institution', '建档机构', 'Institution', 'organisation-name', 'optional'],
    }),
    rowKey: ['身份证号'],
    mode: 'full',
    cursor: null,
    newest: null,
  },
  {
    id: 'market-enterprises',
    title: { zh: '企业登记信息', en: 'Register of enterprises' },
    abstract: '市场主体登记的基本信息，按区县汇总成工作簿报送（演示数据）。',
    department: 'market-regulation',
    connector: 'xlsx',
    table: null,
    fileName: '企业登记信息汇总表.xlsx',
    layout: { encoding: null, sheet: marketSheet, titleRows: 2, headerRows: 2, fillDown: ['所属区县'], footer: [...marketFooter] },
    columns: columnsOf(marketColumns, {
      所属区县: ['district', '所属区县', 'District', 'text'],
      统一社会信用代码: ['creditCode', '统一社会信用代码', 'Unified social credit code', 'credit-code', 'key'],
      企业名称: ['organisationName', '企业名称', 'Name of enterprise', 'organisation-name'],
      类型: ['organisationType', '类型', 'Type', 'text', 'optional'],
      法定代表人: ['representative', '法定代表人', 'Legal representative', 'name', 'optional'],
      法定代表人证件号: [
        'representativeNumber',
        '法定代表人证件号',
        'Identity number of the legal representative',
        'identity-number',
        'optional',
      ],
      成立日期: ['foundedOn', '成立日期', 'Founded on', 'date'],
      '注册资本（万元）': ['capital', '注册资本（万元）', 'Registered capital (10,000 yuan)', 'number', 'optional'],
      行业代码: ['industry', '行业代码', 'Industry code', 'industry'],
      登记状态: ['status', '登记状态', 'Status', 'text', 'optional'],
      住所: ['address', '住所', 'Address', 'address', 'optional'],
    }),
    rowKey: ['统一社会信用代码'],
    mode: 'full',
    cursor: null,
    newest: null,
  },
  {
    id: 'insured-persons',
    title: { zh: '社会保险参保人员', en: 'Insured persons' },
    abstract: '职工和灵活就业人员的社会保险参保信息，按月报送文件（演示数据）。',
    department: 'human-resources',
    connector: 'csv',
    table: null,
    fileName: '社会保险参保人员.csv',
    layout: { encoding: 'utf-8', sheet: null, titleRows: 0, headerRows: 1, fillDown: [], footer: [] },
    columns: columnsOf(insuranceColumns, {
      姓名: ['name', '姓名', 'Name', 'name'],
      公民身份号码: ['identityNumber', '公民身份号码', 'Identity number', 'identity-number', 'key'],
      单位统一社会信用代码: ['employerCode', '单位统一社会信用代码', 'Credit code of the employer', 'credit-code', 'optional'],
      单位名称: ['employerName', '单位名称', 'Name of the employer', 'organisation-name', 'optional'],
      参保日期: ['insuredOn', '参保日期', 'Insured on', 'date'],
      手机号: ['phone', '手机号', 'Mobile number', 'phone', 'optional'],
      居住地址: ['address', '居住地址', 'Address of residence', 'address', 'optional'],
    }),
    rowKey: ['公民身份号码'],
    mode: 'full',
    cursor: null,
    newest: null,
  },
];

/** The description of a source of the city. */
export function sourceOf(id: string): SourceDescription {
  const found = sources.find((s) => s.id === id);
  if (!found) throw new Error(`the city has no source ${id}`);
  return found;
}
