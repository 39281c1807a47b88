/** The enterprises of the city, each registered by the authority of a place under the code in force on that day. */
import { addressIn } from './addresses.ts';
import { dayNumber, dayText } from './calendar.ts';
import { creditAlphabet, creditCode } from './credit-code.ts';
import { industries, trades } from './industries.ts';
import { brandName } from './names.ts';
import { type Place, placeNow, placeOn, places } from './overlay.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

export interface Enterprise {
  readonly credit: string;
  readonly name: string;
  /** The name before it was changed; other departments may still write it. */
  readonly formerName: string | null;
  readonly type: string;
  readonly representative: Person;
  readonly founded: string;
  /** Registered capital in 10,000 yuan. */
  readonly capital: number;
  readonly industry: string;
  readonly status: string;
  readonly address: string;
  readonly place: Place;
}

/** Enterprises of the whole city at scale 1. */
export const enterprisesAtFullScale = 3000;

const kinds = [
  { kind: '91', type: '有限责任公司', tail: '有限公司' },
  { kind: '91', type: '有限责任公司', tail: '有限责任公司' },
  { kind: '91', type: '股份有限公司', tail: '股份有限公司' },
  { kind: '92', type: '个体工商户', tail: '经营部' },
  { kind: '93', type: '农民专业合作社', tail: '专业合作社' },
] as const;
const firstDay = dayNumber('1985-01-01');
const lastDay = dayNumber('2024-12-31');

/** Makes so many enterprises led by grown people of the city; sorted by place, as the register lists them. */
export function makeEnterprises(random: Random, count: number, people: readonly Person[]): readonly Enterprise[] {
  const leaders = people.filter((p) => p.birth < '1998-01-01');
  const taken = new Set<string>();
  const weighted = places.flatMap((p) => Array.from({ length: p.weight }, () => p));
  // Every place has enterprises even in the smallest city, so that the merged cells are always there.
  const made = Array.from({ length: count }, (_, i) =>
    one(random, leaders, taken, i < places.length * 3 ? (places[i % places.length] as Place) : random.pick(weighted)),
  );
  return places.flatMap((p) => made.filter((e) => e.place === p));
}

function one(random: Random, leaders: readonly Person[], taken: Set<string>, place: Place): Enterprise {
  const kind = random.pick(kinds);
  const [industry, trade] = random.chance(0.8) ? random.pick(trades) : [random.pick(industries), '实业'];
  const representative = random.pick(leaders);
  // Nobody founds an enterprise before growing up.
  const founded = dayText(random.int(Math.max(firstDay, dayNumber(representative.birth) + 6600), lastDay));
  const name = `云川${random.chance(0.5) ? '市' : ''}${brandName(random)}${trade}${kind.tail}`;
  return {
    credit: freeCode(random, taken, kind.kind, random.chance(0.1) ? '349900' : placeOn(place, founded).code),
    name,
    formerName: random.chance(0.05) ? `云川市${placeNow(place).zh}${brandName(random)}${trade}${kind.tail}` : null,
    type: kind.type,
    representative,
    founded,
    capital: random.chance(0.1) ? random.int(10, 500) + 0.5 : random.int(1, 200) * 10,
    industry,
    status: random.chance(0.88) ? '存续' : random.pick(['注销', '吊销', '迁出']),
    address: addressIn(random, place),
    place,
  };
}

function freeCode(random: Random, taken: Set<string>, kind: string, division: string): string {
  for (;;) {
    let organisation = 'MA';
    for (let i = 0; i < 6; i++) organisation += creditAlphabet.charAt(random.int(0, 30));
    const code = creditCode(kind, division, organisation);
    if (taken.has(code)) continue;
    taken.add(code);
    return code;
  }
}
