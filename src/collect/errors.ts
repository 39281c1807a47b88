/** The ways in which collecting says no. What a connector gives up over comes out here with a sentence and what to do about it. */
import { defineErrors } from '#kernel/errors';

export const collectErrors = defineErrors({
  COLLECT_SOURCE_UNREACHABLE: {
    status: 409,
    again: 300,
    zh: '连不上数据源“{source}”：{detail}',
    en: "Source '{source}' cannot be reached: {detailEn}",
    hint: {
      zh: '请核对主机、端口和数据库名，确认前置机在运行、网络策略已放行，然后重新发起；已归集的数据没有改变。',
      en: 'Check host, port and the name of the database, that the machine is up and the network lets us through, then start again; what was collected is unchanged.',
    },
  },
  COLLECT_SOURCE_DENIED: {
    status: 409,
    zh: '数据源“{source}”拒绝访问：{detail}',
    en: "Source '{source}' denies access: {detailEn}",
    hint: {
      zh: '请核对用户和口令，并请该库管理员授予读取该表的权限。',
      en: 'Check user and password, and have the table made readable for that user.',
    },
  },
  COLLECT_SOURCE_INTERRUPTED: {
    status: 409,
    again: 300,
    zh: '读取数据源“{source}”时中断：{detail}',
    en: "Reading source '{source}' was interrupted: {detailEn}",
    hint: {
      zh: '这一批没有落地任何数据，请在数据源恢复后重新发起。',
      en: 'Nothing of this batch was landed; start again when the source is back.',
    },
  },
  COLLECT_SOURCE_BEHIND: {
    status: 409,
    zh: '数据源“{source}”落在游标之后：{detail}',
    en: "Source '{source}' is behind its cursor: {detailEn}",
    hint: {
      zh: '最新的行被删除，或序列重新开始了。若编号重新开始，请部门数据专员在数据源页面把游标退回，再发起归集；若只是删了最新的行，有新行后会自行恢复。已归集的数据没有改变。',
      en: 'The latest rows were deleted, or the sequence began again. If it began again, have the steward set the cursor back on the page of the source and collect; if rows were only deleted, it mends itself when new rows come. What was collected is unchanged.',
    },
  },
  COLLECT_ROW_SECURITY: {
    status: 409,
    zh: '数据源“{source}”的读取会被行级安全截短：{detail}',
    en: "A reading of source '{source}' would be cut short by row security: {detailEn}",
    hint: {
      zh: '请该库管理员给读取用户 BYPASSRLS，或提供一个本就只含应交付行的视图；没有落地任何数据。',
      en: 'Have the reading user given BYPASSRLS, or a view that holds just the rows that are to be delivered; nothing was landed.',
    },
  },
  COLLECT_TLS: {
    status: 409,
    zh: '与数据源“{source}”的连接不能按要求加密：{detail}',
    en: "The connection to source '{source}' cannot be encrypted as asked for: {detailEn}",
    hint: {
      zh: '请核对服务器是否开启了加密、证书是否签给这个主机名、签发证书是否填写正确；或由数据专员改选加密方式。',
      en: 'Check that the server encrypts, that its certificate names this host and that the issuing certificate is the right one; or have the steward choose another encryption.',
    },
  },
  COLLECT_SOURCE_BUSY: {
    status: 409,
    zh: '数据源“{source}”眼下不能读取：{detail}',
    en: "Source '{source}' cannot be read at the moment: {detailEn}",
    hint: {
      zh: '连接数已满、正在启动、表被锁住或备库正在回放，稍后会自行恢复，请过一会儿再发起；没有落地任何数据。',
      en: 'It has no connection left, is starting, the table is locked or a standby is replaying; this passes, so start again a little later. Nothing was landed.',
    },
  },
  COLLECT_SOURCE_SHORT: {
    status: 409,
    zh: '数据源“{source}”的服务器资源不足或达到限额：{detail}',
    en: "The server of source '{source}' ran out of room or met a limit: {detailEn}",
    hint: {
      zh: '请该库管理员检查磁盘、内存和这个用户的限额；没有落地任何数据。',
      en: 'Have its administrator look at disk, memory and the limits of this user; nothing was landed.',
    },
  },
  COLLECT_SOURCE_STOPPED: {
    status: 409,
    zh: '数据源“{source}”的读取超过时限或被该库管理员取消：{detail}',
    en: "The reading of source '{source}' ran into a time limit or was cancelled at the source: {detailEn}",
    hint: {
      zh: '请与该库管理员商定时限，或改为增量、减少列；没有落地任何数据。',
      en: 'Agree on the limit with its administrator, or read by increments or fewer columns; nothing was landed.',
    },
  },
  COLLECT_SOURCE_FAILING: {
    status: 409,
    zh: '数据源“{source}”的视图、函数或数据在计算时出错：{detail}',
    en: "A view, function or value of source '{source}' fails when it is computed: {detailEn}",
    hint: {
      zh: '请该部门按出错说明修正视图、函数或数据；没有落地任何数据，已归集的数据没有改变。',
      en: 'Have the department mend the view, function or value as the message says; nothing was landed and what was collected is unchanged.',
    },
  },
  COLLECT_SOURCE_DAMAGED: {
    status: 409,
    zh: '数据源“{source}”的服务器报告内部错误或存储损坏：{detail}',
    en: "The server of source '{source}' reports an internal error or damaged storage: {detailEn}",
    hint: {
      zh: '请尽快通知该库管理员检查；没有落地任何数据。',
      en: 'Tell its administrator soon; nothing was landed.',
    },
  },
  COLLECT_NO_CURSOR: {
    status: 409,
    zh: '数据源“{source}”现在不能这样做：它没有游标、还没有归集过，或不是数据库',
    en: "This cannot be done with source '{source}' now: it has no cursor, was never collected, or is no database",
    hint: {
      zh: '退回游标和核对摘要要求归集过的增量数据源，清点行数要求归集过的数据库数据源。',
      en: 'Setting a cursor back and comparing digests need an incremental source that was collected, counting rows a database that was.',
    },
  },
  COLLECT_NO_REMOVAL_WAITS: {
    status: 409,
    zh: '数据源“{source}”没有待同意的移除',
    en: "No removal waits at source '{source}'",
    hint: {
      zh: '它可能已经同意，或最近一次对账没有发现要移除的行；请刷新页面看对账的结果。',
      en: 'It may have been agreed to, or the last reconciliation found nothing to remove: reload the page of the source.',
    },
  },
  COLLECT_NO_TABLE: {
    status: 422,
    zh: '数据源“{source}”没有这张表：{detail}',
    en: "Source '{source}' has no such table: {detailEn}",
    hint: {
      zh: '请核对数据源设置里的模式和表名，或请该部门确认表是否改名。',
      en: 'Check schema and table in the settings, or ask the department whether it was renamed.',
    },
  },
  COLLECT_DRIFT: {
    status: 422,
    zh: '数据源“{source}”的列与声明不一致：{what}',
    en: "The columns of source '{source}' are not as declared: {whatEn}",
    hint: {
      zh: '整批未落地，原有数据继续有效。请让提供部门改回，或修改数据源的列（库表新增的列可以归集，也可以留在源端）后重新归集。',
      en: 'The whole batch was refused and the former data stays in force. Have the columns put back, or change the columns of the source (what a table gained can be collected or left there) and collect again.',
    },
  },
  COLLECT_WRONG_ENCODING: {
    status: 422,
    zh: '“{source}”的编码不对：{detail}',
    en: "The encoding of '{source}' is not right: {detailEn}",
    hint: {
      zh: '请另存为 UTF-8（或声明的编码）后重新上传。知道是什么编码的：新上传的文件在它的页面上（命令行用 --encoding）指定，数据源在它的版式里改（常见为 gb18030、big5 或 utf-8）。',
      en: 'Save the file as UTF-8 (or in the declared encoding) and upload it again. Where the encoding is known: say it on the page of the upload (--encoding on the command line), or change the layout of the source (usually gb18030, big5 or utf-8).',
    },
  },
  COLLECT_NOT_JSON: {
    status: 422,
    zh: '“{source}”的内容不能读成一张表：{detail}',
    en: "The content of '{source}' cannot be read as a table: {detailEn}",
    hint: {
      zh: '请提供由对象组成的 JSON 数组（每个对象一行）、每行一个对象的 JSON，或由数组组成的数组。',
      en: 'Give a JSON array of objects (one a row), one object a line, or an array of arrays.',
    },
  },
  COLLECT_FILE_UNKNOWN: {
    status: 422,
    zh: '“{name}”不是平台能读的文件',
    en: "'{name}' is no file the platform can read",
    hint: {
      zh: '可以上传文本文件（CSV、TXT）、工作簿（XLSX、XLS）、带表格的网页和 JSON；压缩包请先解开，其他格式请另存为 .xlsx。',
      en: 'Text files (CSV, TXT), workbooks (XLSX, XLS), HTML with a table and JSON can be uploaded; unpack archives first, save other formats as .xlsx.',
    },
  },
  COLLECT_PICK_UNFIT: {
    status: 422,
    zh: '列“{column}”：{why}',
    en: "Column '{column}': {whyEn}",
    hint: { zh: '请重新连接，按现在的表选择。', en: 'Connect again and pick from the table as it is now.' },
  },
  COLLECT_NOTHING_TO_PICK: {
    status: 422,
    zh: '“{connector}”不是可以选表的数据库',
    en: "'{connector}' is no database whose tables can be picked",
    hint: { zh: '文件请直接上传。', en: 'A file is uploaded instead.' },
  },
  COLLECT_UPLOAD_UNKNOWN: {
    status: 404,
    zh: '没有上传“{upload}”',
    en: "There is no upload '{upload}'",
    hint: { zh: '请从上传列表进入；删除过的需要重新上传。', en: 'Enter from the list of uploads; one that was removed is uploaded again.' },
  },
  COLLECT_UPLOAD_TOO_LARGE: {
    status: 413,
    zh: '文件有 {bytes} 字节，超过上限 {limit} 字节',
    en: 'The file has {bytes} bytes, more than the limit of {limit}',
    hint: {
      zh: '请按年度或区县拆成几个文件，或把数据放进数据库后按库表归集。',
      en: 'Split it by year or district, or put the rows into a database and have the table collected.',
    },
  },
  COLLECT_UPLOAD_OFFSET: {
    status: 409,
    zh: '这一段从第 {at} 字节开始，已收到 {received} 字节',
    en: 'This part begins at byte {at}; {received} bytes have arrived',
    hint: { zh: '请从已收到的位置继续上传。', en: 'Go on from where the upload stands.' },
  },
  COLLECT_UPLOAD_OVERFLOW: {
    status: 422,
    zh: '这一段超出了声明的文件大小 {bytes} 字节',
    en: 'This part goes beyond the declared size of {bytes} bytes',
    hint: { zh: '文件在上传途中变过，请重新上传。', en: 'The file changed while it was uploaded; upload it again.' },
  },
  COLLECT_UPLOAD_BUSY: {
    status: 409,
    zh: '文件“{name}”正在读取，请稍候',
    en: "'{name}' is being read",
    hint: { zh: '请等任务结束，或先取消它。', en: 'Wait until the run has ended, or cancel it first.' },
  },
  COLLECT_UPLOAD_NOT_READ: {
    status: 409,
    zh: '文件“{name}”还没有读出内容',
    en: "'{name}' has not been read yet",
    hint: { zh: '请先传完文件，并等读取结束。', en: 'Upload it whole and wait until it has been read.' },
  },
  COLLECT_NOT_A_WORKBOOK: {
    status: 422,
    zh: '交付“{source}”的文件不是工作簿（XLSX）：{detail}',
    en: "What was delivered for '{source}' is not a workbook (XLSX): {detailEn}",
    hint: {
      zh: '请用表格软件另存为 .xlsx 后重新上传；只改扩展名不行。',
      en: 'Save it as .xlsx with a spreadsheet program and upload it again; renaming is not enough.',
    },
  },
  COLLECT_WORKBOOK_ENCRYPTED: {
    status: 422,
    zh: '交付“{source}”的工作簿有打开口令',
    en: "The workbook delivered for '{source}' is encrypted",
    hint: { zh: '请去掉打开口令后重新上传。', en: 'Remove the password and upload it again.' },
  },
  COLLECT_NO_SHEET: {
    status: 422,
    zh: '交付“{source}”的工作簿没有声明的工作表：{detail}',
    en: "The workbook delivered for '{source}' lacks the declared sheet: {detailEn}",
    hint: {
      zh: '请把工作表改回声明的名称，或修改数据源版式里的工作表名。',
      en: "Rename the sheet back, or change its name in the source's layout.",
    },
  },
  COLLECT_TOO_LARGE: {
    status: 413,
    zh: '交付“{source}”的内容超过限度：{detail}',
    en: "What was delivered for '{source}' is over the limits: {detailEn}",
    hint: { zh: '请拆成几个文件，或改为库表方式归集。', en: 'Split it into several files, or have the table read from the database.' },
  },
  COLLECT_EMPTY: {
    status: 422,
    zh: '交付“{source}”的内容里没有可读的行：{detail}',
    en: "What was delivered for '{source}' holds no row: {detailEn}",
    hint: { zh: '请核对是否传错了文件。', en: 'Check whether it was the right file.' },
  },
  COLLECT_TABLE_EMPTY: {
    status: 422,
    zh: '表“{name}”现在没有一行，没有样本可看',
    en: "The table '{name}' has no row now, and so there is no sample to look at",
    hint: {
      zh: '列与数据元要对照样本来定：请在表里有了数据后再登记。',
      en: 'Columns and elements are decided by a sample: register it once it holds rows.',
    },
  },
  COLLECT_NO_ROWS: {
    status: 422,
    zh: '文件“{name}”里没有读出一行数据',
    en: "'{name}' gives no row of data",
    hint: {
      zh: '请核对是否传了只有标题和表头的空模板，或传了不是表格的文件。',
      en: 'Check whether it is an empty form of titles and header, or no table at all.',
    },
  },
  COLLECT_SETTINGS: {
    status: 422,
    zh: '数据源“{source}”的设置不能用：{detail}',
    en: "The settings of source '{source}' cannot be used: {detailEn}",
    hint: { zh: '请按提示修改数据源的设置或版式。', en: 'Change the settings or the layout of the source as told.' },
  },
  COLLECT_CONNECTOR_UNKNOWN: {
    status: 422,
    zh: '没有连接器“{connector}”',
    en: "There is no connector '{connector}'",
    hint: { zh: '请从连接器清单中选择。', en: 'Choose one of the list of connectors.' },
  },
  COLLECT_SOURCE_IS_FILE: {
    status: 409,
    zh: '数据源“{source}”由部门上传文件，不能由平台去取',
    en: "Source '{source}' is delivered as a file; there is nothing to fetch",
    hint: { zh: '请在该数据源页面上传文件。', en: 'Upload a file on the page of the source.' },
  },
  COLLECT_SOURCE_IS_DATABASE: {
    status: 409,
    zh: '数据源“{source}”由平台从数据库读取，不接受上传',
    en: "Source '{source}' is read from a database; it takes no uploads",
    hint: { zh: '请发起归集。', en: 'Start a collection instead.' },
  },
  COLLECT_COLUMN_IN_USE: {
    status: 409,
    zh: '不能去掉列“{column}”：{user}正在使用它',
    en: "Column '{column}' cannot go: {userEn} uses it",
    hint: {
      zh: '请先把新列加入数据源，修改挂接和绑定使用新列，再去掉旧列。',
      en: 'Add the new column first, turn mount and binding to it, then take the old one out.',
    },
  },
  COLLECT_SECRET_IN_USE: {
    status: 409,
    zh: '密钥名称“{name}”已有数据源“{source}”在用',
    en: "The source '{source}' uses the secret '{name}' already",
    hint: {
      zh: '口令相同的，留空即用已存的；不同的请换一个名称。要改那个数据源的口令，请到它的页面。',
      en: 'Leave the password empty to use what is kept, or take another name. To change the password of that source, go to its page.',
    },
  },
  COLLECT_SECRET_FOREIGN: {
    status: 403,
    zh: '密钥“{name}”属于别的部门',
    en: "Secret '{name}' belongs to another department",
    hint: { zh: '请换一个名称另存口令。', en: 'Keep the password under another name.' },
  },
  COLLECT_DEPARTMENT_UNKNOWN: {
    status: 422,
    zh: '没有部门“{department}”',
    en: "There is no department '{department}'",
    hint: { zh: '请先由系统管理员建立部门。', en: 'Have the system administrator create it first.' },
  },
  COLLECT_UPLOAD_INTERRUPTED: {
    status: 400,
    zh: '上传中断，文件没有收全',
    en: 'The upload was interrupted; the file did not arrive whole',
    hint: { zh: '没有保存任何内容，请重新上传。', en: 'Nothing was kept; upload it again.' },
  },
  COLLECT_BATCH_UNKNOWN: {
    status: 404,
    zh: '没有批次 {batch}',
    en: 'There is no batch {batch}',
    hint: { zh: '请核对批次号。', en: 'Check the number of the batch.' },
  },
  COLLECT_EDITION_NOT_WAITING: {
    status: 409,
    zh: '数据源“{source}”的批次 {batch} 不是待确认的新一期',
    en: "Batch {batch} of source '{source}' does not wait for an answer",
    hint: {
      zh: '它可能已经答复（启用或不启用），或已被后来的交付取代；请刷新页面。',
      en: 'It may have been answered, or a newer delivery took its place: reload the page.',
    },
  },
  COLLECT_RAW_ROWS: {
    status: 403,
    zh: '原始数据行只有提供部门的数据专员可以查看',
    en: "Raw data rows are shown to the providing department's steward only",
    hint: {
      zh: '运营可以查看标题、表头、表尾和拒收原因，或在治理表中查看脱敏后的数据。',
      en: 'The operator may see titles, headers, footers and why rows were refused, or the masked rows of the governed table.',
    },
  },
  COLLECT_SOURCE_RESTLESS: {
    status: 409,
    again: 300,
    zh: '数据源“{source}”在读取期间一再变化，本次没有落地',
    en: "Source '{source}' kept changing while it was read; nothing was landed",
    hint: { zh: '请稍后重新发起。', en: 'Start again a little later.' },
  },
});
