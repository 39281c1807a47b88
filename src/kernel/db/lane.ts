/** A connection beside the pool, for statements that share executions: opened when it is first needed, replaced when it breaks. */
import pg from 'pg';

export interface Lane {
  /** The connection. What the server says when it gives none is thrown as it is. */
  client(): Promise<pg.Client>;
  /** Gives a connection up: it ends once what is on its way has come back, and who asks next gets a fresh one. */
  leave(client: pg.Client): void;
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function openLane(config: pg.ClientConfig): Lane {
  let open: { readonly client: pg.Client; readonly connected: Promise<pg.Client> } | undefined;
  const forget = (client: pg.Client): void => {
    if (open?.client === client) open = undefined;
  };
  const connect = (): NonNullable<typeof open> => {
    const client = new pg.Client({ connectionTimeoutMillis: 2000, ...config });
    client.on('error', () => forget(client));
    client.on('end', () => forget(client));
    const connected = client.connect().then(() => client);
    connected.catch(() => forget(client));
    return { client, connected };
  };
  return {
    client: () => {
      open ??= connect();
      return open.connected;
    },
    leave: (client) => {
      forget(client);
      void client.end();
    },
    close: async () => {
      // One that never came about has said so to who waited for it.
      const client = await open?.connected.catch(() => undefined);
      await client?.end();
    },
  };
}
