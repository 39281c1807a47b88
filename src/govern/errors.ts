/** The ways in which governing says no. */
import { defineErrors } from '#kernel/errors';

export const governErrors = defineErrors({
  GOVERN_TABLE_UNKNOWN: {
    status: 404,
    zh: '没有治理表“{table}”',
    en: "There is no governed table '{table}'",
    hint: { zh: '请核对编号；治理表随绑定产生。', en: 'Check the id; a governed table comes with its binding.' },
  },
  GOVERN_FIELD_FEEDS_LIBRARY: {
    status: 409,
    zh: '不能删除或改变字段“{field}”的类型：它是“{library}”的来源',
    en: "Field '{field}' cannot be dropped or change its type: it feeds '{library}'",
    hint: { zh: '请先在该库中去掉这个来源字段，再修改绑定。', en: 'Take the field out of that library first, then change the binding.' },
  },
  GOVERN_COLUMN_UNKNOWN: {
    status: 422,
    zh: '文件里没有列“{column}”',
    en: "The file has no column '{column}'",
    hint: {
      zh: '请按读出的列名填写；版式改过后列名会变。',
      en: 'Use the names of the columns as they were read; another layout gives other names.',
    },
  },
  GOVERN_KEY_LEAVES: {
    status: 409,
    zh: '主键的列“{columns}”都不再提供，没有什么能认出一行',
    en: "The columns of the key, '{columns}', are all gone: nothing would identify a row",
    hint: {
      zh: '请核对文件；确实没有主键了，先在绑定里选定别的主键或声明没有主键，再交付。',
      en: 'Check the file. Where there is no such key any more, choose another in the binding, or none, and deliver again.',
    },
  },
  GOVERN_RULE_RESERVED: {
    status: 422,
    zh: '规则编号“{rule}”由平台使用，不能用于绑定',
    en: "The rule id '{rule}' is the platform's own and cannot be used in a binding",
    hint: { zh: '请换一个规则编号。', en: 'Choose another id for the rule.' },
  },
});
