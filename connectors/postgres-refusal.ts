/** What an error of PostgreSQL or of the way to it means to the person who set up the source. */
import { ConnectorRefusal, type ConnectorRefusalCode } from '#declare/connector';

const bySqlState: { readonly [state: string]: ConnectorRefusalCode } = {
  '28000': 'denied',
  '28P01': 'denied',
  '42501': 'denied',
  '3D000': 'unreachable',
  '53300': 'unreachable',
  '57P03': 'unreachable',
  '3F000': 'no-table',
  '42P01': 'no-table',
  '42703': 'no-column',
  '22007': 'settings',
  '22008': 'settings',
  '22P02': 'settings',
  '22003': 'settings',
  '42883': 'settings',
  '21000': 'settings',
  '22021': 'wrong-encoding',
  '22P05': 'wrong-encoding',
  '55P03': 'interrupted',
  '57014': 'interrupted',
  '57P01': 'interrupted',
  '57P02': 'interrupted',
};

/** Seconds after which a server that has no room, or is just starting, can be asked again. */
const againIn: { readonly [state: string]: number } = { '53300': 60, '57P03': 30 };

/** What kept one from the server, by the code of the operating system. */
const wayToServer: { readonly [code: string]: string } = {
  ECONNREFUSED: '这个地址和端口没有数据库在应答',
  ENOTFOUND: '找不到这个主机名',
  EAI_AGAIN: '暂时查不到这个主机名',
  ETIMEDOUT: '连接超时',
  EHOSTUNREACH: '网络到不了这台主机',
  ENETUNREACH: '网络到不了这台主机',
  ECONNRESET: '连接被对方断开',
  EPIPE: '连接已断开',
  ENOENT: '没有这个本机套接字',
  EACCES: '没有权限使用这个本机套接字',
};

/**
 * Turns what `pg` threw into a refusal; what is neither the source's nor the network's doing is returned as it is. `connected` says
 * whether the session had begun: a lost connection is `unreachable` before and `interrupted` after. PostgreSQL's messages name users, tables
 * and columns, never a password.
 */
export function refusalOf(cause: unknown, connected: boolean): unknown {
  if (cause instanceof ConnectorRefusal || !(cause instanceof Error)) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = bySqlState[code] ?? (code.startsWith('08') ? (connected ? 'interrupted' : 'unreachable') : undefined);
  if (known !== undefined) return new ConnectorRefusal(known, `${code} ${cause.message}`, undefined, againIn[code]);
  const lost =
    Object.hasOwn(wayToServer, code) ||
    /connection terminated|timeout expired|premature close|not queryable|client was closed/i.test(cause.message);
  if (lost) {
    const detail = cause.message.includes(code) ? cause.message : [code, cause.message].filter(Boolean).join(' ');
    const way = wayToServer[code];
    const where = /\S+:\d+$/.exec(cause.message)?.[0];
    return new ConnectorRefusal(connected ? 'interrupted' : 'unreachable', detail, way && (where ? `${way}（${where}）` : way));
  }
  // Any other state PostgreSQL itself reports, a full disk or a cancelled recovery for instance, ended the reading.
  if (/^[0-9A-Z]{5}$/.test(code)) return new ConnectorRefusal('interrupted', `${code} ${cause.message}`);
  return cause;
}
