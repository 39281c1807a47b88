/** What zod finds wrong, in Chinese that a person reads: zod's own names types in English ("期望 string >=4 字符"). */
import { z } from 'zod';

const types: Readonly<Record<string, string>> = {
  string: '文本',
  number: '数',
  int: '整数',
  bigint: '整数',
  boolean: '是或否（true、false）',
  array: '列表',
  object: '对象',
  record: '对象',
  null: '空',
  date: '时间',
};
const units: Readonly<Record<string, string>> = { string: '个字符', array: '项', set: '项' };
const typeOf = (expected: string): string => types[expected] ?? `“${expected}”`;
const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : String(value));
const fallback = z.locales.zhCN().localeError;

/** An error map for zod. */
export const faultInChinese: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'too_small': {
      const unit = units[issue.origin ?? ''];
      if (unit) return `${issue.exact ? '须为' : '至少'} ${issue.minimum} ${unit}`;
      return issue.inclusive ? `不能小于 ${issue.minimum}` : `须大于 ${issue.minimum}`;
    }
    case 'too_big': {
      const unit = units[issue.origin ?? ''];
      if (unit) return `${issue.exact ? '须为' : '至多'} ${issue.maximum} ${unit}`;
      return issue.inclusive ? `不能大于 ${issue.maximum}` : `须小于 ${issue.maximum}`;
    }
    case 'invalid_type':
      return issue.input === undefined ? '没有填写' : `须为${typeOf(issue.expected)}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `须为${shown(issue.values[0])}` : `须为其中之一：${issue.values.map(shown).join('、')}`;
    case 'unrecognized_keys':
      return `不认识${issue.keys.map((k) => `“${k}”`).join('、')}`;
    case 'invalid_union':
      return '不是可以接受的任何一种写法';
    case 'invalid_format':
      if (issue.format === 'date') return '须为存在的日期，写作 2026-11-22';
      return issue.format === 'regex' ? `写法须符合 ${issue.pattern ?? ''}` : fallback(issue);
    default:
      return fallback(issue);
  }
};
