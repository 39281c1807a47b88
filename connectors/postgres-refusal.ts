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

const wayToServer = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EACCES',
]);

/**
 * Turns what `pg` threw into a refusal; what is neither the source's nor the network's doing is returned as it is. `connected` says
 * whether the session had begun: a lost connection is `unreachable` before and `interrupted` after. PostgreSQL's messages name users, tables
 * and columns, never a password.
 */
export function refusalOf(cause: unknown, connected: boolean): unknown {
  if (cause instanceof ConnectorRefusal || !(cause instanceof Error)) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = bySqlState[code] ?? (code.startsWith('08') ? (connected ? 'interrupted' : 'unreachable') : undefined);
  if (known !== undefined) return new ConnectorRefusal(known, `${code} ${cause.message}`);
  const lost =
    wayToServer.has(code) || /connection terminated|timeout expired|premature close|not queryable|client was closed/i.test(cause.message);
  if (lost) return new ConnectorRefusal(connected ? 'interrupted' : 'unreachable', [code, cause.message].filter(Boolean).join(' '));
  // Any other state PostgreSQL itself reports, a full disk or a cancelled recovery for instance, ended the reading.
  if (/^[0-9A-Z]{5}$/.test(code)) return new ConnectorRefusal('interrupted', `${code} ${cause.message}`);
  return cause;
}
