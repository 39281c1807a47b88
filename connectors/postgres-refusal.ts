/** What an error of PostgreSQL or of the way to it means to the person who set up the source. */
import { ConnectorRefusal, type ConnectorRefusalCode } from '#declare/connector';

/** What a state of PostgreSQL means, by the state itself or else by its class, the first two characters. */
const meanings: { readonly [stateOrClass: string]: ConnectorRefusalCode } = {
  '28': 'denied',
  '42501': 'denied',
  '3D': 'unreachable',
  '3F': 'no-table',
  '42P01': 'no-table',
  '42703': 'no-column',
  '22021': 'wrong-encoding',
  '22P05': 'wrong-encoding',
  // What may pass by itself: too many sessions, a server that starts, a locked table, a standby that had to replay over the reading.
  '53300': 'busy',
  '57P03': 'busy',
  '55P03': 'busy',
  '55006': 'busy',
  '40': 'busy',
  // A limit or a disk of the server.
  '53': 'short',
  '54': 'short',
  '57014': 'stopped',
  '25P03': 'stopped',
  '25P04': 'stopped',
  '57': 'interrupted',
  '58': 'damaged',
  XX: 'damaged',
  F0: 'damaged',
};

/** Seconds after which a busy server may answer. */
const soon = 60;

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

/** How far a session had come. */
export type Stage = 'connecting' | 'reading';

/**
 * Turns an error of `pg` into a refusal. An error that neither the source nor the network has caused is returned as it is. A lost connection is
 * `unreachable` while connecting and `interrupted` after. An error inside a view or a function of the source is `failing`. PostgreSQL's messages
 * name users, tables and columns, never a password.
 */
export function refusalOf(cause: unknown, stage: Stage): unknown {
  if (cause instanceof ConnectorRefusal || !(cause instanceof Error)) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const away = stage === 'connecting' ? 'unreachable' : 'interrupted';
  if (isTls(cause, code)) return new ConnectorRefusal('tls', `${code} ${cause.message}`.trim(), `${code} ${cause.message}`.trim());
  const lost =
    Object.hasOwn(wayToServer, code) ||
    /connection terminated|timeout expired|premature close|not queryable|client was closed/i.test(cause.message);
  if (lost) {
    const detail = cause.message.includes(code) ? cause.message : [code, cause.message].filter(Boolean).join(' ');
    const way = wayToServer[code];
    const where = /\S+:\d+$/.exec(cause.message)?.[0];
    return new ConnectorRefusal(away, detail, way && (where ? `${way}（${where}）` : way));
  }
  if (/^SASL/.test(cause.message)) return new ConnectorRefusal('denied', cause.message);
  if (!/^[0-9A-Z]{5}$/.test(code)) return cause;
  const said = `${code} ${cause.message}`;
  // The server says it in the language of its messages; the place in its own code where it says it does not change.
  if (code === '42501' && 'routine' in cause && cause.routine === 'check_enable_rls') return new ConnectorRefusal('row-security', said);
  if (code.startsWith('08')) return new ConnectorRefusal(away, said);
  // A database that takes no connections.
  if (code === '55000' && stage === 'connecting') return new ConnectorRefusal('unreachable', said);
  const known = meanings[code] ?? meanings[code.slice(0, 2)] ?? 'failing';
  return new ConnectorRefusal(known, said, said, known === 'busy' ? soon : undefined);
}

/** True for what kept an encrypted connection from being made as it was asked for. */
const isTls = (cause: Error, code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_OSSL|HOSTNAME_MISMATCH|EPROTO)/.test(code) ||
  /does not support SSL|establishing an SSL connection/.test(cause.message);
