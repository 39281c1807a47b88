/**
 * The tables of a JSON text that is too long to be held: what stands around its arrays and their first elements tell which there are; the one that
 * is read goes by one element at a time.
 */
import { ConnectorRefusal } from '#declare/connector';
import { elementsOf } from './json-elements.ts';
import { type Row, rowsAt, type Step } from './json-steps.ts';
import { type JsonTable, tablesOf } from './json-tables.ts';
import { isList, isObject, type Json, objectOf, parsed } from './json-value.ts';

/** Elements of each array that tell what tables there are, and characters of all of them. */
const looked = 1000;
const lookedText = 8 * 1024 * 1024;

/** Told of a text that is too long to be held. */
const onlyLists = {
  zh: '文件大于 16 MiB：只列出由数组成行的表，没有查找按名称或层级列出的表',
  en: 'the file is larger than 16 MiB: only tables made of arrays are listed; none was looked for that lists by name or by level',
};

/** A table that is read element by element. */
export interface StreamedTable extends JsonTable {
  /** Number of its array. */
  readonly array: number;
}

/** What there is to choose from, the likeliest first, and the text with the first elements of its arrays. */
export interface Sampled {
  readonly whole: Json;
  readonly tables: readonly StreamedTable[];
}

/** @throws ConnectorRefusal not-json, too-large */
export async function sampled(texts: AsyncIterable<string>): Promise<Sampled> {
  const samples: Json[][] = [];
  const counts: number[] = [];
  let text = 0;
  let around: Json = null;
  const told = (value: Json): void => {
    around = value;
  };
  for await (const elements of elementsOf(texts, told))
    for (const element of elements) {
      samples[element.array] ??= [];
      const of = samples[element.array] as Json[];
      counts[element.array] = (counts[element.array] ?? 0) + 1;
      if (of.length > 0 && (of.length >= looked || text + element.text.length > lookedText)) continue;
      text += element.text.length;
      of.push(parsed(element.text));
    }
  const whole = withSamples(around, samples);
  const tables = tablesOf(whole).tables.flatMap((table): StreamedTable[] => {
    const array = arrayOf(whole, table.steps, samples);
    return array < 0 || table.keys.includes('组') ? [] : [{ ...table, array, said: [...table.said.slice(0, 1), onlyLists] }];
  });
  if (tables.length === 0 && counts.length > 0)
    throw new ConnectorRefusal('not-json', 'no array of the file can be a table', '文件里没有能成为表的数组');
  if (tables.length === 0) throw new ConnectorRefusal('too-large', 'one object of more than 16 MiB', '整个文件是一个超过 16 MiB 的对象');
  const size = (t: StreamedTable): number => counts[t.array] ?? 0;
  return { whole, tables: tables.sort((a, b) => b.rank - a.rank || size(b) - size(a)) };
}

/** The rows of one of them. */
export async function* streamedRows(texts: AsyncIterable<string>, table: StreamedTable): AsyncGenerator<Row> {
  const within = table.steps.slice(table.steps.findIndex((s) => 'each' in s));
  for await (const elements of elementsOf(texts))
    for (const { array, text } of elements) if (array === table.array) yield* rowsAt([parsed(text)], within);
}

/** The text around the arrays with their first elements in place. The arrays come in the order of the text. */
function withSamples(around: Json, samples: readonly Json[][]): Json {
  let array = 0;
  const filled = (value: Json): Json => {
    // An array without elements was never told of, but it has its number.
    if (isList(value)) return samples[array++] ?? [];
    return isObject(value) ? objectOf(value.names.map((name, i) => [name, filled(value.values[i] as Json)] as const)) : value;
  };
  return filled(around);
}

/** The number of the array that the steps go through first; -1 where something else is listed before it. */
function arrayOf(whole: Json, steps: readonly Step[], samples: readonly Json[][]): number {
  let at: Json | undefined = whole;
  for (const step of steps) {
    if ('into' in step) at = isObject(at) ? at.get(step.into) : undefined;
    else return 'each' in step && step.each === 'elements' && isList(at) ? samples.indexOf(at as Json[]) : -1;
  }
  return -1;
}
