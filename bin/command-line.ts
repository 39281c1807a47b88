/** The command line: `chengshu up | plan | apply | run <source> | upload <file>`. */
import { readConfig, settings } from '#kernel/config';
import { isRefusal, problemOf } from '#kernel/errors';
import { orFull } from '#kernel/stores';
import { applyCommand, planCommand, runCommand, uploadCommand } from './commands.ts';
import { up } from './up.ts';
import { encodingNamed } from './upload/encodings.ts';
import { readUsage } from './usage.ts';
import { usageErrors } from './usage-errors.ts';

const help = `城枢 Chengshu

用法 · usage: chengshu <command> [options]

  up              启动全部并建好演示城市 · start everything, with the invented city
  plan            看看应用代码中的模型会改变什么 · show what applying the models of the code would change
  apply           应用代码中的模型 · apply them
  run <source>    归集一个数据源并等到治理完成 · collect a source and wait until it is governed
  upload <file>   上传一个没有声明过的文件，按推荐建立目录、治理表和服务 · upload a file nobody declared and make it a served table

选项 · options
${Object.values(settings)
  .map((s) => `  ${(s.flag || s.env).padEnd(26)} ${s.zh} · ${s.en}（${s.default || '—'}）`)
  .join('\n')}
  --reset                    先清除它建立的一切（仅 up）· clear everything it made first (up only)
  --user <account>           以谁的身份（除 up 外）；口令取自 CHENGSHU_PASSWORD 或当场输入 · who you are; the password comes from CHENGSHU_PASSWORD or is asked for
  --yes                      接受全部推荐，不再询问（仅 upload）· accept every proposal without asking (upload only)
  --to <source>              当作这个数据源的新一期（仅 upload）· take it for the newer edition of this source (upload only)
  --new                      另建一张表（仅 upload）· make it a table of its own (upload only)
  --encoding <encoding>      文本文件的编码：utf-8、gbk、big5、utf-16le、utf-16be（仅 upload）· the encoding of a text file (upload only)
  --json                     以 JSON 输出 · print JSON
  --help                     本页 · this page

退出码 · exit codes: 0 成功 done, 1 被拒绝 refused, 2 用法不对 wrong usage, 3 内部错误 a bug
`;

/** Says what went wrong on stderr and gives the exit code. */
export function explain(thrown: unknown): number {
  const error = orFull(thrown, 'folder');
  if (!isRefusal(error)) {
    console.error(error);
    return 3;
  }
  const problem = problemOf(error);
  // What the server refuses with a code that this program does not know stands under the server's own code.
  const code = error.code === 'REMOTE_REFUSAL' ? error.params['code'] : error.code;
  console.error(`${code}\n${problem.title}\n${problem.titleEn}\n→ ${problem.hint}\n→ ${problem.hintEn}`);
  for (const fault of problem.faults) console.error(`  ${fault.at}: ${fault.zh} · ${fault.en}`);
  return error.code === 'SETTING_WRONG' || Object.hasOwn(usageErrors, error.code) ? 2 : 1;
}

/** Runs the command that the arguments name and gives the exit code. */
export async function main(args: readonly string[] = process.argv.slice(2)): Promise<number> {
  const { command, argument, text, given } = readUsage(args);
  if (command === 'help') {
    console.log(help);
    return args.length > 0 ? 0 : 2;
  }
  const config = readConfig(Object.fromEntries(Object.entries(text).map(([name, value]) => [`--${name}`, value])), process.env);
  const who = { user: text['user'], json: given.has('json') };
  switch (command) {
    case 'up':
      return up(config, { reset: given.has('reset') });
    case 'plan':
      return planCommand(config, who);
    case 'apply':
      return applyCommand(config, who);
    case 'run':
      return runCommand(config, who, argument);
    case 'upload': {
      const { to, encoding } = text;
      return uploadCommand(config, who, {
        file: argument,
        yes: given.has('yes'),
        encoding: encoding === undefined ? null : encodingNamed(encoding),
        as: given.has('new') ? 'new' : to === undefined ? null : { to },
      });
    }
  }
}
