/** How `upload` says no. */
import { defineErrors } from '#kernel/errors';

defineErrors({
  UPLOAD_FILE_MISSING: {
    status: 404,
    zh: '读不到文件“{file}”',
    en: "The file '{file}' cannot be read",
    hint: { zh: '请核对路径和权限。', en: 'Check the path and its permissions.' },
  },
  UPLOAD_ENCODING_UNKNOWN: {
    status: 422,
    zh: '没有“{encoding}”这种编码',
    en: "There is no encoding '{encoding}' here",
    hint: { zh: '可用：{known}。', en: 'There are: {known}.' },
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
    en: 'The standard input ended before this was answered: {questionEn}',
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
      zh: '--yes 不替人决定列的去留：请去掉 --yes 逐项回答，或在控制台处理；是另一张表，就加 --new。',
      en: '--yes does not decide about columns: answer without --yes, or decide in the console; if it is another table, add --new.',
    },
  },
  UPLOAD_NO_EDITION: {
    status: 404,
    zh: '“{name}”不能作为“{source}”的新一期：本部门没有以文件交付的这个数据源',
    en: "'{name}' can be no edition of '{source}': this department has no such source that is delivered as files",
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
  UPLOAD_EDITION_DOUBT: {
    status: 409,
    zh: '列与“{title}”相同，内容却与以往不同：{what}',
    en: "The columns are those of '{title}', what they hold is not: {whatEn}",
    hint: {
      zh: '请与提供部门核对。核对无误的，加 --to {source} 照样交付；是另一张表，就加 --new；也可去掉 --yes 逐项回答。',
      en: 'Ask whoever made the file. If it is right, add --to {source} to deliver it all the same; if it is another table, add --new; or answer without --yes.',
    },
  },
  UPLOAD_EDITION_KEY: {
    status: 409,
    zh: '“{name}”不能作为“{title}”的新一期：缺少它的主键列 {columns}',
    en: "'{name}' can be no edition of '{title}': the columns of its key are missing: {columns}",
    hint: {
      zh: '补上主键列再上传；是另一张表，就加 --new；主键确实改了，先在控制台修改“{source}”的治理绑定。',
      en: "Upload it with them; if it is another table, add --new; if the key has changed, change the binding of '{source}' in the console first.",
    },
  },
  UPLOAD_EDITION_UNGOVERNED: {
    status: 409,
    zh: '数据源“{source}”还没有治理绑定，不能逐列决定',
    en: "The source '{source}' has no binding yet, so that columns cannot be decided about",
    hint: {
      zh: '先在控制台为它建立绑定；是另一张表，就加 --new。',
      en: 'Bind it in the console first; if it is another table, add --new.',
    },
  },
});
