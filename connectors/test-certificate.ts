/** A certificate for `localhost` that signs itself, made for every run: no key of it is ever kept. DER by RFC 5280, encoded by hand. */
import { generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer => {
  const body = Buffer.concat(parts.map((p) => Buffer.from(p)));
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const objectId = (...bytes: readonly number[]): Buffer => der(0x06, bytes);
/** A time as GeneralizedTime: years from 2050 on are not told otherwise. */
const time = (text: string): Buffer => der(0x18, Buffer.from(text));

const ecdsaWithSha256 = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const name = sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from('invented.test')))));
const isAuthority = sequence(objectId(0x55, 0x1d, 0x13), der(0x01, [0xff]), der(0x04, sequence(der(0x01, [0xff]))));
const forLocalhost = sequence(objectId(0x55, 0x1d, 0x11), der(0x04, sequence(der(0x82, Buffer.from('localhost')))));

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const told = sequence(
  der(0xa0, der(0x02, [2])),
  der(0x02, [1]),
  ecdsaWithSha256,
  name,
  sequence(time('20200101000000Z'), time('21200101000000Z')),
  name,
  pair.publicKey.export({ type: 'spki', format: 'der' }),
  der(0xa3, sequence(isAuthority, forLocalhost)),
);
const signed = sequence(told, ecdsaWithSha256, der(0x03, [0], sign('sha256', told, pair.privateKey)));

/** The certificate as PEM. */
export const certificate = `-----BEGIN CERTIFICATE-----\n${(signed.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
/** Its key as PEM. */
export const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
