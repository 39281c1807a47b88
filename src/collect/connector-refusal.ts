/** Turns what a connector gives up over into a refusal of the platform. */
import type { ConnectorRefusal, ConnectorRefusalCode } from '#declare';
import { Refusal } from '#kernel/errors';
import type { Drift } from './drift.ts';

const codes: Readonly<Record<Exclude<ConnectorRefusalCode, 'no-column'>, string>> = {
  unreachable: 'COLLECT_SOURCE_UNREACHABLE',
  denied: 'COLLECT_SOURCE_DENIED',
  interrupted: 'COLLECT_SOURCE_INTERRUPTED',
  'no-table': 'COLLECT_NO_TABLE',
  behind: 'COLLECT_SOURCE_BEHIND',
  'row-security': 'COLLECT_ROW_SECURITY',
  tls: 'COLLECT_TLS',
  busy: 'COLLECT_SOURCE_BUSY',
  short: 'COLLECT_SOURCE_SHORT',
  stopped: 'COLLECT_SOURCE_STOPPED',
  failing: 'COLLECT_SOURCE_FAILING',
  damaged: 'COLLECT_SOURCE_DAMAGED',
  'wrong-encoding': 'COLLECT_WRONG_ENCODING',
  'not-a-workbook': 'COLLECT_NOT_A_WORKBOOK',
  'not-json': 'COLLECT_NOT_JSON',
  encrypted: 'COLLECT_WORKBOOK_ENCRYPTED',
  'no-sheet': 'COLLECT_NO_SHEET',
  'too-large': 'COLLECT_TOO_LARGE',
  empty: 'COLLECT_EMPTY',
  settings: 'COLLECT_SETTINGS',
};

/** The columns a connector missed, when that is why it gave up. */
export const driftOf = (refusal: ConnectorRefusal): Drift | null =>
  refusal.code === 'no-column' ? { missing: refusal.detail.split(', '), extra: [], renamed: [], reordered: [] } : null;

/** What a file says of itself may hold what PostgreSQL cannot: NUL, and half a surrogate pair. Both stay visible. */
export const storable = (text: string): string => text.replaceAll('\0', '\u2400').toWellFormed();

/** The refusal for everything but missing columns. */
export function refusalOf(source: string, refusal: ConnectorRefusal): Refusal {
  if (refusal.code === 'no-column') throw new Error('missing columns are drift', { cause: refusal });
  return new Refusal(
    codes[refusal.code],
    { source, detail: storable(refusal.detailZh), detailEn: storable(refusal.detail) },
    { cause: refusal, again: refusal.again },
  );
}

/** True when the place itself is at fault (away, closed, gone) and not what one delivery held. */
export const isTrouble = (refusal: ConnectorRefusal): boolean => troubles.has(refusal.code);

const troubles: ReadonlySet<ConnectorRefusalCode> = new Set([
  ...([
    'unreachable',
    'denied',
    'interrupted',
    'no-table',
    'behind',
    'settings',
    'row-security',
    'tls',
    'busy',
    'short',
    'stopped',
  ] as const),
  ...(['failing', 'damaged'] as const),
]);
