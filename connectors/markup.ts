/** Text files of markup: tables that systems write as HTML or as the XML of Excel 2003 and name .xls, and what is markup without being a table. */

const start = (text: string): string => text.slice(0, 65_536).trimStart().toLowerCase();

/** Whether a text is markup of any kind. */
export const isMarkup = (text: string): boolean =>
  /^<(\?xml|!doctype|!--|html|head|meta|table|style|body|div|svg|[a-z]+:?[a-z]* xmlns)/.test(start(text));

/** Whether it is one that holds a table near its beginning. */
export const isTableMarkup = (text: string): boolean =>
  isMarkup(text) && /<table[\s>]|<([a-z]+:)?workbook[\s>]|urn:schemas-microsoft-com:office:spreadsheet/.test(start(text));
