/** The ways in which the libraries say no. */
import { defineErrors } from '#kernel/errors';

export const libraryErrors = defineErrors({
  LIBRARY_UNKNOWN: {
    status: 404,
    zh: '没有库“{library}”',
    en: "There is no library '{library}'",
    hint: { zh: '请核对编号；库来自模型。', en: 'Check the id; libraries come from models.' },
  },
  LIBRARY_FIELD_UNKNOWN: {
    status: 422,
    zh: '库“{library}”没有字段“{field}”',
    en: "Library '{library}' has no field '{field}'",
    hint: { zh: '请选择库中已有的字段查询。', en: 'Ask by a field the library has.' },
  },
  LIBRARY_RECORD_UNKNOWN: {
    status: 404,
    zh: '库“{library}”现在没有记录“{entity}”',
    en: "Library '{library}' holds no record '{entity}' now",
    hint: { zh: '它的来源行可能已经不在最新数据里；请重新查询。', en: 'Its source rows may be gone from the latest data; search again.' },
  },
});
