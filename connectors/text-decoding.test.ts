/** A damaged byte costs its line and no other, in every encoding that is read line by line. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeGb18030 } from '#city/gb18030';
import { decodeText } from './text-decoding.ts';

const decoded = async (bytes: Buffer, encoding: 'utf-8' | 'gb18030'): Promise<string[]> => {
  const parts: Buffer[] = [];
  for await (const part of decodeText(
    (async function* () {
      yield bytes;
    })(),
    encoding,
    () => undefined,
    true,
  ))
    parts.push(part);
  return Buffer.concat(parts).toString('utf8').split('\n');
};

const lines = Array.from({ length: 40 }, (_, i) => `${i},第${i}小学校𠀀,云岭区平安路${i}号,9`);
const encoders = { 'utf-8': (t: string) => Buffer.from(t), gb18030: (t: string) => Buffer.from(encodeGb18030(t)) };
/** What happens to one byte. */
const damages = {
  lost: (b: Buffer, at: number) => Buffer.concat([b.subarray(0, at), b.subarray(at + 1)]),
  changed: (b: Buffer, at: number) => Buffer.concat([b.subarray(0, at), Buffer.from([0xff]), b.subarray(at + 1)]),
  added: (b: Buffer, at: number) => Buffer.concat([b.subarray(0, at), Buffer.from([0xff]), b.subarray(at)]),
};

test('a byte that is lost, changed or added costs one line, and that line is marked or reads as other characters', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('utf-8' as const, 'gb18030' as const),
      fc.constantFrom(...(Object.keys(damages) as (keyof typeof damages)[])),
      fc.nat(39),
      fc.nat(200),
      async (encoding, damage, line, place) => {
        const bytes = encoders[encoding](lines[line] as string);
        const parts = lines.map((l, i) => (i === line ? damages[damage](bytes, place % bytes.length) : encoders[encoding](l)));
        const text = Buffer.concat(parts.flatMap((p, i) => (i === 0 ? [p] : [Buffer.from('\n'), p])));
        const found = await decoded(text, encoding);
        expect(found).toHaveLength(40);
        expect(found.filter((l, i) => l !== lines[i]).length).toBeLessThanOrEqual(1);
        if (damage !== 'lost') expect(found[line]).toContain('\0');
      },
    ),
    { numRuns: 300 },
  );
});

test('more damage than a tenth of a short file is another encoding', async () => {
  const strange = (n: number) =>
    Buffer.concat(lines.slice(0, 10).map((l, i) => Buffer.concat([Buffer.from(i < n ? [0xff] : []), Buffer.from(`${l}\n`)])));
  expect((await decoded(strange(1), 'utf-8'))[1]).toBe(lines[1]);
  await expect(decoded(strange(2), 'utf-8')).rejects.toMatchObject({ code: 'wrong-encoding' });
});
