/** The catalog's code values in words (目录编制指南 2017). */
import type { Tone } from '../../parts/theme.ts';

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
  '6': { zh: '每年', en: 'Yearly' },
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

export const mountStates: Readonly<
  Record<'none' | 'unknown' | 'bound' | 'drifted' | 'stale' | 'broken', { tone: Tone; zh: string; en: string }>
> = {
  bound: { tone: 'good', zh: '挂接正常', en: 'Bound' },
  drifted: { tone: 'attention', zh: '结构漂移', en: 'Drifted' },
  stale: { tone: 'attention', zh: '超期未更新', en: 'Stale' },
  broken: { tone: 'broken', zh: '连不上', en: 'Broken' },
  unknown: { tone: 'unknown', zh: '尚未探测', en: 'Not probed yet' },
  none: { tone: 'unknown', zh: '未挂接', en: 'Not mounted' },
};
