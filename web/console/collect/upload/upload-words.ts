/** Words of uploads. */
import type { Words } from '../../../parts/words.ts';

export const uploadStates = {
  receiving: { zh: '接收中', en: 'Arriving', tone: 'attention' },
  reading: { zh: '读取中', en: 'Being read', tone: 'attention' },
  refused: { zh: '没有读成', en: 'Not read', tone: 'broken' },
  read: { zh: '待确认', en: 'To confirm', tone: 'attention' },
  delivered: { zh: '已交付', en: 'Delivered', tone: 'good' },
} as const;

/** What a row of the grid is. */
export const rowKindWords: Readonly<Record<'data' | 'title' | 'header' | 'blank' | 'footer' | 'aside' | 'refused', Words>> = {
  data: { zh: '数据', en: 'data' },
  title: { zh: '标题', en: 'title' },
  header: { zh: '表头', en: 'header' },
  blank: { zh: '空行', en: 'blank' },
  footer: { zh: '表尾', en: 'footer' },
  aside: { zh: '非数据', en: 'aside' },
  refused: { zh: '读不出', en: 'unreadable' },
};

export const encodingWords: Readonly<Record<string, Words>> = {
  'utf-8': { zh: 'UTF-8' },
  gb18030: { zh: 'GBK / GB18030' },
  big5: { zh: 'Big5（繁体）', en: 'Big5 (traditional)' },
  'utf-16le': { zh: 'UTF-16 LE' },
  'utf-16be': { zh: 'UTF-16 BE' },
};
export const delimiterWords: Readonly<Record<string, Words>> = {
  ',': { zh: '逗号', en: 'comma' },
  '\t': { zh: '制表符', en: 'tab' },
  ';': { zh: '分号', en: 'semicolon' },
  '|': { zh: '竖线', en: 'bar' },
  '\u0001': { zh: '控制字符 U+0001（Hive）', en: 'U+0001 (Hive)' },
  '~': { zh: '波浪号 ~', en: 'tilde ~' },
  '^': { zh: '脱字符 ^', en: 'caret ^' },
  '，': { zh: '中文逗号 ，', en: 'Chinese comma ，' },
  '||': { zh: '双竖线 ||', en: 'double bar ||' },
};
