/** How the command line refuses wrong usage: each with exit code 2. */
import { defineErrors } from '#kernel/errors';

const help = { zh: '用 --help 查看用法。', en: 'See the usage with --help.' };

/** The refusals of wrong usage. */
export const usageErrors = defineErrors({
  USAGE_OPTION_UNKNOWN: { status: 400, zh: '没有选项 {option}', en: 'There is no option {option}', hint: help },
  USAGE_OPTION_VALUE: {
    status: 400,
    zh: '选项 {option} 后面要给出一个值',
    en: 'A value is needed behind {option}',
    hint: help,
  },
  USAGE_OPTION_BARE: {
    status: 400,
    zh: '选项 {option} 不带值',
    en: '{option} takes no value',
    hint: help,
  },
  USAGE_OPTION_UNUSED: {
    status: 400,
    zh: '命令 {command} 不用选项 {option}',
    en: '{command} does not use {option}',
    hint: {
      zh: '去掉它；要找正在运行的安装，用 --data 指出它的数据目录。',
      en: 'Leave it out; a running installation is found by its data folder: name it with --data.',
    },
  },
  USAGE_OPTIONS_OPPOSED: {
    status: 400,
    zh: '{option} 与 {other} 只能给一个',
    en: '{option} and {other} exclude each other',
    hint: { zh: '留下其中一个。', en: 'Leave one of them.' },
  },
  USAGE_COMMAND_UNKNOWN: { status: 400, zh: '没有命令 {command}', en: 'There is no command {command}', hint: help },
  USAGE_ARGUMENT_MISSING: {
    status: 400,
    zh: '命令 {command} 后面要写明 {argument}',
    en: '{command} needs its {argument}',
    hint: help,
  },
  USAGE_ARGUMENT_SURPLUS: {
    status: 400,
    zh: '多出的参数：{argument}',
    en: 'Not expected: {argument}',
    hint: {
      zh: '一次只处理一项：每个文件、每个数据源各运行一次；名称中有空格的加引号。',
      en: 'One at a time: run it once for each file or source; quote a name with blanks.',
    },
  },
});
