/** Units that values are written with: what of them goes into the name of a column, and when they leave in doubt what a bare number beside them means. */
import type { Element } from '#declare';
import { inBrackets, readsUnits, thingOf, unitNamed, worthOf } from '../named-unit.ts';
import type { Words } from '../plan.ts';
import type { Profile } from './profile.ts';

const list = (units: Profile['units']): string => units.map(({ unit, count }) => `“${unit}” ${count} 个`).join('、');
const listEn = (units: Profile['units']): string => units.map(({ unit, count }) => `${count} in '${unit}'`).join(', ');

/** Why amounts of a column are not read with their units: they would be put into one, and nobody knows whether they are of one. Null where they may be. */
export function unitDoubt(element: Element, column: string, profile: Profile): Words | null {
  if (!readsUnits(element)) return null;
  const written = profile.units.filter(({ unit }) => unit !== '');
  const bare = profile.units.find(({ unit }) => unit === '')?.count ?? 0;
  const things = new Set(written.map(({ unit }) => thingOf(unit)).filter((thing) => thing !== ''));
  if (element.unit === undefined && things.size > 1)
    return { zh: `计量单位不一：${list(written)}`, en: `the units differ: ${listEn(written)}` };
  if (bare === 0) return null;
  const named = unitNamed(column, element);
  const isPlain = (unit: string): boolean => worthOf(element, unit) === 1 && !/[%‰]/u.test(unit);
  if (written.every(({ unit }) => isPlain(unit)) && (named === null || isPlain(named))) return null;
  // The column is named with its unit: a bare number is in that.
  if (named !== null && !/[%‰]/u.test(named)) return null;
  return {
    zh: `${list(written)}，另有 ${bare} 个没有写单位，不能断定是多少`,
    en: `${listEn(written)}, and ${bare} without a unit: nobody can tell how much that is`,
  };
}

/** The unit that the governed values are in; undefined where nothing says one. */
export function unitKept(element: Element, column: string, profile: Profile): string | undefined {
  if (!readsUnits(element)) return undefined;
  if (element.unit !== undefined) return element.unit;
  const thing = profile.units.map(({ unit }) => thingOf(unit)).find((unit) => unit !== '') ?? thingOf(unitNamed(column, element) ?? '');
  return thing === '' ? undefined : thing;
}

/** What is said of the units of values that are governed without them. */
export function unitsSaid(element: Element, column: string, profile: Profile): Words {
  const written = profile.units.filter(({ unit }) => unit !== '');
  if (!readsUnits(element) || written.length === 0) return { zh: '', en: '' };
  const kept = unitKept(element, column, profile);
  const bare = profile.units.find(({ unit }) => unit === '')?.count ?? 0;
  const of = unitNamed(column, element) ?? kept ?? '';
  const into =
    kept === undefined ? { zh: '', en: '' } : { zh: `，一律折合为“${kept}”并写入列名`, en: `, all kept in ${kept}, which the name says` };
  const beside =
    bare === 0 ? { zh: '', en: '' } : { zh: `，${bare} 个没有写单位的按“${of}”读`, en: `, ${bare} without a unit read as ${of}` };
  return { zh: `；写有单位${list(written)}${into.zh}${beside.zh}`, en: `; with units, ${listEn(written)}${into.en}${beside.en}` };
}

/** What a column is called once it is governed: the unit that its values lose, in the place of the one that its name says. */
export function titleOf(column: string, element: Element, profile: Profile, taken: ReadonlySet<string>): string {
  const unit = unitKept(element, column, profile);
  if (unit === undefined) return column;
  const name = unitNamed(column, element) === null ? column : column.replace(inBrackets, '');
  const title = `${name}（${unit}）`;
  return taken.has(title) ? `${column}，折合${unit}` : title;
}
