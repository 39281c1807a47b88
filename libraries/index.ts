/** The libraries and the services that stand on them. */
import type { Library, Service } from '#declare';
import legalEntity from './legal-entity/library.ts';
import legalEntityBasic from './legal-entity/services/legal-entity-basic.ts';
import population from './population/library.ts';
import populationBasic from './population/services/population-basic.ts';

export const libraries: readonly Library[] = [population, legalEntity];
export const services: readonly Service[] = [populationBasic, legalEntityBasic];
