/** The way to a PostgreSQL server: encrypted as the source asks for, its certificate held against its name where that is asked. */
import pg from 'pg';

/** How a connection is protected. */
export const tlsModes = ['prefer', 'require', 'verify-full', 'off'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** What was come to, as a person reads it. */
export interface Protection {
  readonly zh: string;
  readonly en: string;
}

const encrypted: Protection = { zh: '连接已加密，未核验服务器证书', en: 'encrypted, the certificate is not checked' };
const verified: Protection = { zh: '连接已加密，服务器证书与主机名相符', en: 'encrypted, the certificate is that of the host' };
const bare: Protection = { zh: '连接未加密', en: 'not encrypted' };

/**
 * Opens a session by `mode`: `off` is plain; `prefer` is encrypted where the server can, else plain; `require` is encrypted with any server.
 * `verify-full` opens one only to the host that a certificate of `ca` (PEM, empty: the authorities of the system) names. `opened` hears of every
 * client before it connects, so that it can be closed.
 * @throws what `pg` throws; where encryption was only preferred, that of the plain try
 */
export async function openSession(
  config: pg.ClientConfig,
  mode: TlsMode,
  ca: string,
  opened: (client: pg.Client) => void,
): Promise<{ readonly client: pg.Client; readonly protection: Protection }> {
  const open = async (ssl: pg.ClientConfig['ssl']): Promise<pg.Client> => {
    const client = new pg.Client({ ...config, ssl });
    // A lost connection rejects the running query too, which is where it is answered; without a listener it would end the process.
    client.on('error', () => {});
    opened(client);
    await client.connect();
    return client;
  };
  if (mode === 'off') return { client: await open(false), protection: bare };
  if (mode === 'verify-full') return { client: await open({ rejectUnauthorized: true, ...(ca !== '' && { ca }) }), protection: verified };
  try {
    return { client: await open({ rejectUnauthorized: false }), protection: encrypted };
  } catch (cause) {
    if (mode === 'require' || !isForPlain(cause)) throw cause;
    return { client: await open(false), protection: bare };
  }
}

/** True where a server may still let a plain session in: it cannot encrypt, breaks off when asked, or has rules for plain sessions only. */
const isForPlain = (cause: unknown): boolean =>
  cause instanceof Error &&
  (/SSL|TLS|EPROTO/i.test(cause.message) || ('code' in cause && (cause.code === '28000' || cause.code === 'ECONNRESET')));
