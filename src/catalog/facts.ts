/** What the catalog says happened. */
import type { FactTable } from '#kernel/facts/facts';

export const catalogFacts = {
  'entry-changed': {
    title: { zh: '目录编制', en: 'Entry changed' },
    sentence: { zh: '目录有了第 {version} 版', en: 'The entry has version {version}' },
  },
  'entry-moved': { title: { zh: '办理目录', en: 'Entry moved on' }, sentence: { zh: '{step}：{opinion}', en: '{stepEn}: {opinion}' } },
  'entry-published': {
    title: { zh: '目录发布', en: 'Entry published' },
    sentence: { zh: '第 {version} 版发布，信息资源代码 {code}', en: 'Version {version} is published under resource code {code}' },
  },
  'entry-withdrawn': {
    title: { zh: '目录注销', en: 'Entry withdrawn' },
    sentence: { zh: '目录不再对外可见，代码 {code} 不再使用', en: 'The entry is no longer visible; code {code} is not used again' },
  },
  'mount-declared': {
    title: { zh: '挂接', en: 'Mount declared' },
    sentence: { zh: '挂接到数据源“{source}”（第 {version} 版）', en: "Mounted on source '{source}' (version {version})" },
    things: { source: 'source' },
  },
} as const satisfies FactTable;
