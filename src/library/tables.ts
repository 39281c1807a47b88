/** The tables of a library in the warehouse. */
import { identifier } from '#kernel/sql/quote';

const name = (text: string): string => identifier('duckdb', text);

/** Golden records: one row a thing. */
export const goldenTable = (library: string): string => `library.${name(library)}`;
/** Every value every source gives for every field of every record, ranked. */
export const claimTable = (library: string): string => `library.${name(`${library}__claim`)}`;
/** A column, quoted. */
export const columnName = name;
/** Column of a golden record with the place a field's value came from. */
export const originColumn = (field: string): string => name(`_origin_${field}`);
