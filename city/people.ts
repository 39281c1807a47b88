/** The people of the city: who they are, where they are registered and where they live. */
import { addressIn, phoneNumber } from './addresses.ts';
import { dayNumber, dayText } from './calendar.ts';
import { identityNumber } from './identity-number.ts';
import { citizenName, foreignName } from './names.ts';
import { type Place, placeOn, places } from './overlay.ts';
import type { Random } from './random.ts';

export interface Person {
  /** The true 18-character number. */
  readonly identity: string;
  readonly name: string;
  /** GB/T 2261.1: 1 man, 2 woman. */
  readonly sex: '1' | '2';
  readonly birth: string;
  /** GB/T 3304; null for those who hold a permit instead of a register entry. */
  readonly nation: string | null;
  readonly home: Place;
  readonly homeAddress: string;
  /** Where the person lives; differs from home after a move. */
  readonly living: Place;
  readonly livingAddress: string;
  readonly phone: string;
  /** In the household register of the city. */
  readonly registered: boolean;
  /** Same name as the person before; `birth` when the birth date is the same too. */
  readonly homonym: 'name' | 'birth' | null;
}

/** People of the whole city at scale 1. */
export const peopleAtFullScale = 30_000;

const firstBirth = dayNumber('1930-01-01');
const lastBirth = dayNumber('2020-12-31');
const byWeight = places.flatMap((p) => Array.from({ length: p.weight }, () => p));
const otherNations = ['03', '03', '03', '05', '06', '11', '15', '08', '02', '22'];
const countries = ['840', '826', '392', '410', '276'];

/** Makes so many people. Every 100th is a homonym of the one before, every 200th with the same birth date; one in 120 holds a residence permit. */
export function makePeople(random: Random, count: number): readonly Person[] {
  const taken = new Set<string>();
  const people: Person[] = [];
  for (let i = 0; i < count; i++) {
    const permit = i % 120 === 7;
    const homonym = i % 200 === 50 ? 'birth' : i % 100 === 50 ? 'name' : null;
    const twin = homonym === null ? null : (people[i - 1] as Person);
    const sex = twin?.sex ?? (random.chance(0.51) ? '1' : '2');
    const birth = homonym === 'birth' && twin ? twin.birth : dayText(random.int(firstBirth, lastBirth));
    const home = random.pick(byWeight);
    const nation = permit ? null : random.chance(0.94) ? '01' : random.pick(otherNations);
    const foreign = permit && i % 480 === 7;
    const area = permit ? permitArea(random, foreign) : placeOn(home, birth).code;
    const moved = random.chance(0.15);
    const living = moved ? random.pick(byWeight) : home;
    const homeAddress = addressIn(random, home);
    people.push({
      identity: freeNumber(random, taken, area, birth, sex, permit),
      name: twin?.name ?? (foreign ? foreignName(random, sex) : citizenName(random, sex, nation ?? '01')),
      sex,
      birth,
      nation,
      home,
      homeAddress,
      living,
      livingAddress: moved ? addressIn(random, living) : homeAddress,
      phone: phoneNumber(random),
      // Both of a pair of homonyms are in the register, so that the trap is there in every city.
      registered: !permit && (homonym !== null || i % 100 === 49 || random.chance(0.93)),
      homonym,
    });
  }
  return people;
}

/** First six digits of a permit: Hong Kong, Macao, Taiwan, or 9 + province of application + country for foreign permanent residents. */
const permitArea = (random: Random, foreign: boolean): string =>
  foreign ? `934${random.pick(countries)}` : random.pick(['810000', '820000', '830000']);

/**
 * A number nobody in the city has. Permits carry no division that marks them as invented, so their sequence is 900 and above, which the
 * few births of one day never reach; citizens stay below 996, which the 15-digit form kept for people born before 1900.
 */
function freeNumber(random: Random, taken: Set<string>, area: string, birth: string, sex: '1' | '2', permit: boolean): string {
  for (;;) {
    const even = permit ? random.int(450, 494) * 2 : random.int(1, 496) * 2;
    const identity = identityNumber(area, birth, sex === '1' ? even + 1 : even);
    if (taken.has(identity)) continue;
    taken.add(identity);
    return identity;
  }
}
