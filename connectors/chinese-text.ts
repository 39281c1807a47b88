/** Whether bytes of two each are Chinese in GBK or in Big5: both read nearly all bytes, but only one of them reads common characters. */

/** A reading of the beginning of a file in one of the two. */
export interface ChineseReading {
  readonly encoding: 'gb18030' | 'big5';
  /** The first byte that cannot be of it; below zero where there is none. */
  readonly strange: number;
  /** The first character outside the common and the rarer ones that people write; below zero where there is none. */
  readonly firstRare: number;
  /** Characters that are not ASCII, punctuation apart. */
  readonly characters: number;
  /** Of them, those that are in everyday use, as a share: level 1 of GB 2312 or of Big5. */
  readonly everyday: number;
  /** Of all that is not ASCII, what stands outside GB 2312 or Big5 proper, as a share. */
  readonly rare: number;
}

type Kind = 'everyday' | 'known' | 'rare' | 'mark';

/** Reads two bytes by two, as GB 18030 has also four. */
function readingOf(
  bytes: Buffer,
  encoding: ChineseReading['encoding'],
  kindOf: (lead: number, trail: number) => Kind | null,
  hasFour: boolean,
): ChineseReading {
  const count: Record<Kind, number> = { everyday: 0, known: 0, rare: 0, mark: 0 };
  let firstRare = -1;
  const told = (strange: number): ChineseReading => {
    const characters = count.everyday + count.known + count.rare;
    const all = characters + count.mark;
    return {
      encoding,
      strange,
      firstRare,
      characters,
      everyday: characters === 0 ? 0 : count.everyday / characters,
      rare: all === 0 ? 0 : count.rare / all,
    };
  };
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] as number;
    if (lead < 0x80) {
      i++;
      continue;
    }
    const trail = bytes[i + 1];
    // What is cut off at the end of the sample says nothing.
    if (trail === undefined) break;
    const isFour = hasFour && trail >= 0x30 && trail <= 0x39;
    const [third, fourth] = [bytes[i + 2], bytes[i + 3]];
    if (isFour && (third === undefined || fourth === undefined)) break;
    const fits = isFour && lead !== 0x80 && lead !== 0xff && inRange(third, 0x81, 0xfe) && inRange(fourth, 0x30, 0x39);
    const kind = isFour ? (fits ? 'rare' : null) : kindOf(lead, trail);
    if (kind === null) return told(i);
    count[kind]++;
    if (kind === 'rare' && firstRare < 0) firstRare = i;
    i += isFour ? 4 : 2;
  }
  return told(-1);
}

const inRange = (byte: number | undefined, from: number, to: number): boolean => byte !== undefined && byte >= from && byte <= to;

function kindInGbk(lead: number, trail: number): Kind | null {
  if (!inRange(lead, 0x81, 0xfe) || !(inRange(trail, 0x40, 0x7e) || inRange(trail, 0x80, 0xfe))) return null;
  if (lead < 0xa1 || trail < 0xa1) return 'rare';
  if (inRange(lead, 0xb0, 0xd7)) return 'everyday';
  if (inRange(lead, 0xd8, 0xf7)) return 'known';
  return inRange(lead, 0xa1, 0xa3) ? 'mark' : 'known';
}

function kindInBig5(lead: number, trail: number): Kind | null {
  if (!inRange(lead, 0x81, 0xfe) || !(inRange(trail, 0x40, 0x7e) || inRange(trail, 0xa1, 0xfe))) return null;
  if (inRange(lead, 0xa4, 0xc6)) return 'everyday';
  if (inRange(lead, 0xc9, 0xf9)) return 'known';
  return inRange(lead, 0xa1, 0xa3) ? 'mark' : 'rare';
}

/** Both readings, the likelier first. */
export function chineseReadings(bytes: Buffer): readonly [ChineseReading, ChineseReading] {
  const gbk = readingOf(bytes, 'gb18030', kindInGbk, true);
  const big5 = readingOf(bytes, 'big5', kindInBig5, false);
  return mayBe(big5) && (!mayBe(gbk) || big5.everyday > gbk.everyday) ? [big5, gbk] : [gbk, big5];
}

/** Of the characters that are not ASCII, no more stand outside GB 2312 or Big5 (rare characters of names and places do) in a Chinese text. */
const mostRare = 0.5;
/** Text in Big5 is nearly all of its level 1; accents of Latin-1 pair with the letter behind them as anything. */
const fewestEveryday = 0.6;

/** Whether the bytes may be text of this encoding. */
export const mayBe = ({ encoding, strange, rare, everyday }: ChineseReading): boolean =>
  strange < 0 && rare <= mostRare && (encoding !== 'big5' || everyday >= fewestEveryday);

/** Characters and distance between the two from which the likelier one is sure. */
const enough = 12;
const clear = 0.15;

/** Whether both readings are likely. */
export const isDoubtful = ([best, other]: readonly [ChineseReading, ChineseReading]): boolean =>
  mayBe(other) && (best.characters < enough || best.everyday - other.everyday < clear);

/** The first byte that does not fit a Chinese text: one that cannot be, or where most of the text is of rare characters the first of these. Below zero where it fits. */
export const strangeIn = ({ strange, rare, firstRare }: ChineseReading): number =>
  strange >= 0 ? strange : rare > mostRare ? firstRare : -1;
