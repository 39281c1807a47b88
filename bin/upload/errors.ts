/** How `upload` says no. */
import { defineErrors } from '#kernel/errors';

defineErrors({
  UPLOAD_FILE_MISSING: {
    status: 404,
    zh: '读不到文件“{file}”',
    en: "The file '{file}' cannot be read",
    hint: { zh: '请核对路径和权限。', en: 'Check the path and its permissions.' },
  },
  UPLOAD_NOT_ACCEPTED: {
    status: 409,
    zh: '推荐没有被接受，什么也没有建立',
    en: 'The proposals were not accepted; nothing was made',
    hint: {
      zh: '文件仍在上传列表里，可在控制台继续，或再次运行本命令。',
      en: 'The file is kept among the uploads: go on in the console, or run this again.',
    },
  },
  UPLOAD_UNANSWERED: {
    status: 409,
    zh: '标准输入已经结束，问题没有得到回答：{question}',
    en: 'The standard input ended before this was answered: {question}',
    hint: {
      zh: '文件仍在上传列表里。不便逐项回答时：--yes 接受全部推荐，--to <数据源> 交付给它，--new 另建一张表。',
      en: 'The file is kept among the uploads. Where nobody can answer: --yes accepts every proposal, --to <source> delivers it there, --new makes another table.',
    },
  },
  UPLOAD_DRIFT: {
    status: 409,
    zh: '这像是“{title}”的新一期，但列变了：{what}',
    en: "This looks like a newer edition of '{title}' with other columns: {whatEn}",
    hint: {
      zh: '--yes 不替人决定列的去留：请去掉 --yes 逐项回答，或在控制台处理。',
      en: '--yes does not decide about columns: answer without --yes, or decide in the console.',
    },
  },
  UPLOAD_NO_EDITION: {
    status: 404,
    zh: '“{name}”不像“{source}”的新一期：本部门没有列相近的这个数据源',
    en: "'{name}' is no edition of '{source}': this department has no such source with much the same columns",
    hint: { zh: '请核对 --to 后面的编号，或用 --new 另建一张表。', en: 'Check the id behind --to, or make another table with --new.' },
  },
  UPLOAD_EDITION_UNSURE: {
    status: 409,
    zh: '“{name}”的列与“{title}”完全相同：可能是它的新一期，也可能是另一张表',
    en: "'{name}' has the very columns of '{title}': it may be its newer edition, or another table",
    hint: {
      zh: '新一期会替换原有的行，--yes 不替人决定：加 --to {source} 交付给它，加 --new 另建一张表，或去掉 --yes 逐项回答。',
      en: 'A newer edition replaces the rows, and --yes does not decide that: add --to {source} to deliver it there, --new to make another table, or answer without --yes.',
    },
  },
});
