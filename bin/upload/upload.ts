/** `upload <file>`: what the console does with a file nobody declared, without a browser. A broken connection goes on where it stood. */
import { Refusal } from '#kernel/errors';
import type { Client } from '../client.ts';
import { show } from '../say.ts';
import { carriedOut, tellCarried } from './carry-out.ts';
import { decided } from './decide.ts';
import { editionIn } from './edition.ts';
import './errors.ts';
import { print } from './print.ts';
import { proposed, readAs, readOut, sent, withheld } from './send.ts';
import type { UploadOrder } from './shapes.ts';

/** Uploads, shows what is proposed, and carries it out once it is accepted. Returns the exit code. */
export async function uploadFile(client: Client, order: UploadOrder): Promise<number> {
  const tell = order.json ? () => undefined : show;
  const arrived = await sent(client, order.file, tell);
  const read = order.encoding === null ? arrived : await readAs(client, arrived, order.encoding, tell);
  const upload = await readOut(client, read, tell);
  const proposal = await proposed(client, upload, order.as, tell);
  if (!order.json) print(upload, proposal, await withheld(client, upload, proposal));
  const edition = editionIn(upload, proposal, order);
  const decision = await decided(client, upload, proposal, edition, order);
  if (decision === null) throw new Refusal('UPLOAD_NOT_ACCEPTED');
  tellCarried(await carriedOut(client, upload, decision, tell), order);
  return 0;
}
