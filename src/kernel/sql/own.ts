/**
 * Names of ours beside columns of data. A field is a lower-camel word (`fieldNameSchema`). So a name that begins with an underscore is never one,
 * even where an engine compares names without case. Every statement with columns of both kinds names ours here or writes the underscore out.
 */
import { identifier } from './quote.ts';

/** A name of ours for a column or alias that stands beside columns of data. */
export const own = (word: string): string => `_${word}`;

/** Columns every PostgreSQL table has; it refuses a column of that name. */
const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax']);

/** The PostgreSQL column that serves a field, quoted: its own name, with an underscore behind where PostgreSQL keeps that name for itself. */
export const servedColumn = (field: string): string => identifier('postgres', systemColumns.has(field) ? `${field}_` : field);
