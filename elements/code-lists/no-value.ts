/** Words that departments and their programs write where there is no value. A cell that is nothing but one of them is absent; the raw cell stays as it came. */
import { codeList } from '#declare';

const list = (id: string, zh: string, en: string, basis: string, words: readonly string[]) =>
  codeList({
    id,
    title: { zh, en },
    basis,
    edition: '2026',
    overlays: null,
    items: words.map((code) => ({ code, title: { zh: code }, validFrom: null, validTo: null })),
  });

/** What programs write: never a text that a person meant. Each in every case that was met. */
const byPrograms = [
  ...['NULL', 'Null', 'null', '(NULL)', '(Null)', '(null)', '<NULL>', '<null>', '[NULL]', '[null]', '\\N', 'NaN', 'nan', 'NAN'],
  ...['#N/A', '#n/a', 'N/A', 'n/a', '#NULL!', '#NA', 'undefined'],
];

/** What people write, in half width and capitals. Some are words of a text (无, 不详), so that a plain text keeps them. */
const byPeople = [
  ...['-', '--', '---', '—', '——', '———', '–', '―', '−', '~', '/', '//', '\\', '|', '.', '..', '...', '…', '……', '·', '*', '**', '***'],
  ...[
    '×',
    '××',
    '?',
    '??',
    '???',
    '_',
    '__',
    'NA',
    'N.A.',
    'NONE',
    'NIL',
    'UNDEFINED',
    'UNKNOWN',
    'MISSING',
    'NO DATA',
    'NOT AVAILABLE',
    '（NULL）',
    // As MySQL keeps no day.
    '0000-00-00',
    '0000-00-00 00:00:00',
  ],
  ...['无', '暂无', '空', '空值', '空白', '缺', '缺失', '缺报', '缺项', '不详', '不明', '未知', '未统计', '未填', '未填报', '未填写'],
  ...['未提供', '未公布', '未上报', '未采集', '无数据', '暂无数据', '数据缺失', '无此项', '不适用'],
];

/** For values that none of the words can be. */
export const noValue = list('no-value', '表示没有值的写法', 'Words for no value', '各部门报送文件中实际出现的写法', [
  ...new Set([...byPrograms.map((w) => w.toUpperCase()), ...byPeople]),
]);

/** For plain text. */
export const noValueInText = list(
  'no-value-in-text',
  '文本中表示没有值的写法',
  'Words for no value in plain text',
  '数据库与电子表格导出的空值',
  byPrograms,
);
