/** The way from a JSON text to the rows of one of its tables. On the way stand names that are values, and objects around a list. */
import { isGeometry } from './json-columns.ts';
import { cellOf, isList, isObject, isScalar, type Json, type JsonObject, membersOf, objectOf } from './json-value.ts';

/**
 * One step: `into` what stands under a name; each of the `elements` of a list, each of the `members` of an object that lists by name (those that
 * `lists` says), `as` the list that a form of its own is written out to (a tree, columns beside each other).
 */
export type Step =
  | { readonly into: string }
  | { readonly each: 'elements' }
  | { readonly each: 'members'; readonly lists: (value: Json, name: string) => boolean }
  | {
      readonly as: (value: Json) => readonly Json[] | null;
      /** Whether all objects beside each other are written out so. */
      readonly isAll?: boolean;
    };

/** One row: the names and the objects that led to it, one for each step that is taken for each of several, and what it is itself. */
export interface Row {
  readonly keys: readonly string[];
  readonly around: readonly JsonObject[];
  readonly own: Json;
}

/** What around a table holds none of its rows: how many, and where the first is. */
export interface Bare {
  count: number;
  first: string;
}

const none: JsonObject = objectOf([]);

/** Every row at the end of the steps. `bare` is told of objects on the way under which there is none. */
export function* rowsAt(value: Json, steps: readonly Step[], bare?: Bare): Generator<Row> {
  yield* walk(value, steps, 0, [], [], bare);
}

function* walk(
  value: Json,
  steps: readonly Step[],
  at: number,
  keys: readonly string[],
  around: readonly JsonObject[],
  bare: Bare | undefined,
): Generator<Row> {
  const step = steps[at];
  if (step === undefined) yield { keys, around, own: value };
  else if ('into' in step) {
    if (isObject(value))
      for (const [name, inner] of membersOf(value)) if (name === step.into) yield* walk(inner, steps, at + 1, keys, around, bare);
  } else if ('as' in step) {
    const list = step.as(value);
    if (list) yield* walk(list, steps, at + 1, keys, around, bare);
  } else if (step.each === 'elements') {
    if (isList(value)) for (const [i, element] of value.entries()) yield* one(element, String(i + 1), []);
  } else if (isObject(value)) for (const [name, inner] of membersOf(value)) if (step.lists(inner, name)) yield* one(inner, name, [name]);

  function* one(inner: Json, name: string, key: readonly string[]): Generator<Row> {
    // In lists of lists nothing but its place says which one a row was in.
    const isPlace = key.length === 0 && isList(inner) && steps.slice(at + 1).some((s) => 'each' in s);
    const led = isPlace ? [...keys, name] : [...keys, ...key];
    if (at + 1 === steps.length) {
      yield { keys: led, around, own: inner };
      return;
    }
    let met = 0;
    const outer = isObject(inner) ? around_(inner, steps[at + 1] as Step) : none;
    for (const row of walk(inner, steps, at + 1, led, [...around, outer], bare)) {
      met++;
      yield row;
    }
    if (met === 0 && (inner !== null || key.length > 0) && bare && bare.count++ === 0) bare.first = nameOf(inner, name);
  }
}

/** An object without what the next step goes into. */
function around_(object: JsonObject, next: Step): JsonObject {
  if ('into' in next)
    return object.names.includes(next.into) ? objectOf([...membersOf(object)].filter(([name]) => name !== next.into)) : object;
  if ('each' in next && next.each === 'members')
    return objectOf([...membersOf(object)].filter(([name, value]) => !next.lists(value, name)));
  return none;
}

const nameOf = (value: Json, place: string): string => {
  const said = isObject(value) ? value.values.find((v) => typeof v === 'string' && v !== '') : undefined;
  return (typeof said === 'string' ? said : place).slice(0, 30);
};

/** How an answer says that all is well, how many there are and which page it is: nothing about the data. */
const envelope =
  /^(code|status|statuscode|msg|message|success|ok|error|err(code|msg|no)?|ret(code|msg)?|result_?code|total(count|pages?|elements|num|rows?)?|count|size|number|page(s|no|num|size|index|count)?|per_?page|current(page)?|limit|offset|rows?count|pagecount|has_?(next|more|previous)(page)?|search_?count|draw|records?_?(total|filtered)|info(code)?|last|first|empty|next|previous|prev|help|took|timed_?out|trace_?id|request_?id|\$schema|\$id|jsonrpc|type|displayfieldname|geometrytype|exceededtransferlimit)$/i;

const message = /^(msg|message|help|err.*|ret.*)$/i;

/** What describes the answer, its columns or the map, and is no data either. */
const describing =
  /^(total|page|paging|pager|pagination|page_?info|crs|spatial_?reference|field_?aliases|aliases|columns?|fields?|schema)$/i;

/** Whether a value around a list is one of those. A word in Chinese is data, unless it is a message: {"type": "小学"}. */
const isEnvelope = (name: string, value: Json): boolean =>
  envelope.test(name) && (typeof value !== 'string' || message.test(name) || !/\p{Script=Han}/u.test(value));

/** More values around a list are no columns. */
const mostAround = 20;

/** The values that are said once around all rows. */
export interface Outer {
  /** Values that come along with each row: name and value. */
  readonly values: readonly (readonly [string, Json])[];
  /** Those that do not, as they are read out. */
  readonly left: readonly string[];
}

/** The values that stand around the first list on the way. */
export function outerOf(whole: Json, steps: readonly Step[]): Outer {
  const values: [string, Json][] = [];
  const left: string[] = [];
  const add = (path: readonly string[], value: Json): void => {
    if (value === null) return;
    if (isEnvelope(path.at(-1) ?? '', value) || path.slice(0, -1).some((name) => describing.test(name)))
      left.push(`${path.join('.')}=${cellOf(value)?.slice(0, 40)}`);
    else values.push([path.join('.'), value]);
  };
  const inside = (object: JsonObject, path: readonly string[]): void => {
    if (path.length > 3 || isGeometry(object)) return;
    for (const [name, value] of membersOf(object))
      if (isObject(value)) inside(value, [...path, name]);
      else if (isScalar(value)) add([...path, name], value);
  };
  let at: Json | undefined = whole;
  for (const step of steps) {
    if (!isObject(at)) break;
    const isPath = (value: Json, name: string): boolean =>
      'into' in step ? name === step.into : 'each' in step && step.each === 'members' && step.lists(value, name);
    for (const [name, value] of membersOf(at))
      if (isPath(value, name)) continue;
      else if (isScalar(value)) add([name], value);
      else if (isObject(value) && !('as' in step && step.isAll)) inside(value, [name]);
    if (!('into' in step)) break;
    at = at.get(step.into);
  }
  if (values.length <= mostAround) return { values, left };
  return { values: [], left: [...left, ...values.map(([name, value]) => `${name}=${cellOf(value)?.slice(0, 40)}`)] };
}
