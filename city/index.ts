/** The invented city 云川市: what those who connect it, test with it or score against it may use. */
export { type City, type CityOrder, deliveryOf, generateCity, roundOf, truthAfter, winnersAfter } from './city.ts';
export { type Department, department, departments } from './departments.ts';
export type { Cell, Settled } from './draft.ts';
export type { Enterprise } from './enterprises.ts';
export { type CityFile, cityFileBytes, writeCityFiles } from './files.ts';
export { absentDivisions, cityCode, divisionOverlay, type Place, placeNow, placeOn, places } from './overlay.ts';
export type { Person } from './people.ts';
export { appendPoliceChanges, createPoliceDatabase, type PoliceDatabase } from './police-database.ts';
export { type SourceColumn, type SourceDescription, sourceOf, sources } from './sources.ts';
export * from './truth.ts';
