/** The invented city of one seed: its people and enterprises, what its departments deliver, and what is true about it. */
import { goldens, type Settled } from './draft.ts';
import { type Enterprise, enterprisesAtFullScale, makeEnterprises } from './enterprises.ts';
import { healthRecords } from './health.ts';
import { insuredPersons } from './insurance.ts';
import { enterpriseRegister } from './market.ts';
import { makePeople, type Person, peopleAtFullScale } from './people.ts';
import { policeRegister } from './police-register.ts';
import { policeResidence, policeRound, policeWinners, type ResidenceBook } from './police-residence.ts';
import { randomOf } from './random.ts';
import { sourceOf } from './sources.ts';
import type { CityTruth } from './truth.ts';

export interface CityOrder {
  readonly seed: string | number;
  /** 1 makes 30,000 people and 3,000 enterprises; 0.02 (600 and 60) is the least that holds every kind of fault. */
  readonly scale: number;
}

export interface City extends CityOrder {
  readonly people: readonly Person[];
  readonly enterprises: readonly Enterprise[];
  /** The first delivery of each source, by source id. */
  readonly deliveries: ReadonlyMap<string, Settled>;
  readonly residence: ResidenceBook;
  readonly truth: CityTruth;
}

/** Makes the city of a seed: the same order always gives the same city. Throws below scale 0.02. */
export function generateCity({ seed, scale }: CityOrder): City {
  if (!(scale >= 0.02)) throw new Error(`scale ${scale} is too small: 0.02 is the least`);
  const key = String(seed);
  const people = makePeople(randomOf(key, 'people'), Math.round(peopleAtFullScale * scale));
  const enterprises = makeEnterprises(randomOf(key, 'enterprises'), Math.round(enterprisesAtFullScale * scale), people);
  const register = policeRegister('police-register', randomOf(key, 'police-register'), people);
  const residence = policeResidence('police-residence', key, people);
  const health = healthRecords('health-records', randomOf(key, 'health-records'), people);
  const market = enterpriseRegister('market-enterprises', randomOf(key, 'market-enterprises'), enterprises);
  const insurance = insuredPersons('insured-persons', randomOf(key, 'insured-persons'), people, enterprises);
  const all = [register, residence.opening, health, market, insurance];
  return {
    seed,
    scale,
    people,
    enterprises,
    deliveries: new Map(all.map((d) => [d.source, d])),
    residence,
    truth: truthOf(all, residence, 0),
  };
}

/** Round `round` (1, 2, …) of the incremental source: rows numbered by `rid`, with what is planted in them. */
export const roundOf = (city: City, round: number): Settled => policeRound(city.residence, round);

/** Winners of the incremental source after the rounds up to `lastRound` (0: the first delivery): identity number → `rid`. */
export const winnersAfter = (city: City, lastRound: number): ReadonlyMap<string, number> => policeWinners(city.residence, lastRound);

/** What is true after the rounds of the incremental source up to `lastRound` (0: the first deliveries only, which is `city.truth`). */
export const truthAfter = (city: City, lastRound: number): CityTruth =>
  truthOf([...city.deliveries.values(), ...Array.from({ length: lastRound }, (_, i) => roundOf(city, i + 1))], city.residence, lastRound);

/** The first delivery of a source. */
export function deliveryOf(city: City, source: string): Settled {
  const found = city.deliveries.get(source);
  if (!found) throw new Error(`the city has no source ${source}`);
  return found;
}

const truthOf = (deliveries: readonly Settled[], residence: ResidenceBook, lastRound: number): CityTruth => ({
  faults: deliveries.flatMap((d) => d.faults),
  forms: deliveries.flatMap((d) => d.forms),
  traps: deliveries.flatMap((d) => d.traps),
  people: goldens(
    deliveries.filter((d) => sourceOf(d.source).columns.some((c) => c.key && c.element === 'identity-number')),
    'person',
  ),
  enterprises: goldens(deliveries, 'enterprise'),
  winners: policeWinners(residence, lastRound),
});
