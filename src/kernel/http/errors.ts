/** What the door turns away before anybody behind it is asked. */
import { defineErrors } from '../errors.ts';

defineErrors({
  ROUTE_UNKNOWN: {
    status: 404,
    zh: '没有这个地址：{path}',
    en: 'There is no such address: {path}',
    hint: { zh: '接口清单见 /api/openapi.json。', en: 'The addresses are listed in /api/openapi.json.' },
  },
  BODY_TOO_LARGE: {
    status: 413,
    zh: '提交的内容太大',
    en: 'The body is too large',
    hint: { zh: '文件请走投递接口，它没有这个限制。', en: 'Files go through the delivery address, which has no such limit.' },
  },
  REQUEST_UNREADABLE: {
    status: 400,
    zh: '请求不是完整、合规的 HTTP：{reason}',
    en: 'The request is not whole and proper HTTP: {reason}',
    hint: {
      zh: '请检查请求行和请求头，请求头合计不超过 16 KB。',
      en: 'Check the request line and the headers; all headers together hold at most 16 KB.',
    },
  },
  METHOD_UNKNOWN: {
    status: 405,
    zh: '这个地址不接受 {method}，只接受 {allowed}',
    en: 'This address does not take {method}, only {allowed}',
    hint: { zh: '接口清单见 /api/openapi.json。', en: 'The addresses are listed in /api/openapi.json.' },
  },
  TYPE_UNKNOWN: {
    status: 415,
    zh: '不认识内容的类型（Content-Type）',
    en: 'The type of the body (Content-Type) is not known here',
    hint: { zh: '请以 Content-Type: application/json 提交。', en: 'Send it as Content-Type: application/json.' },
  },
  FILE_EXPECTED: {
    status: 415,
    zh: '这个地址收的是文件本身',
    en: 'This address takes the bytes of a file',
    hint: {
      zh: '请以 Content-Type: application/octet-stream 把文件的字节作为请求体发送。',
      en: 'Send the bytes as the body, as Content-Type: application/octet-stream.',
    },
  },
  BODY_UNREADABLE: {
    status: 400,
    zh: '提交的内容读不懂：{reason}',
    en: 'The body cannot be read: {reasonEn}',
    hint: { zh: '请按 JSON 提交，编码为 UTF-8。', en: 'Send JSON in UTF-8.' },
  },
});
