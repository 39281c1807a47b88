/** Instants in DuckDB, counted in microseconds of UTC. The wall clock of the zone setting comes by its own table, in a session of any zone. */

import { FIRST_WALL, LAST_WALL } from '#declare/expr/instant';
import { STANDARD_OFFSET } from '#declare/expr/zone';
import { firstOffset, offsetByUtc, offsetTextByUtc } from './zone.ts';

/** An instant as a timestamp of UTC without zone. */
export const utcOf = (instant: string): string => `make_timestamp(epoch_us(${instant}))`;

/** The opposite of `utcOf`; null where the wall clock does not stand in the years of the language. `utc` is a reference. */
export const instantOf = (utc: string): string =>
  `(case when ${utc} >= timestamp '${FIRST_WALL}' - to_seconds(${firstOffset}) and ${utc} < timestamp '${LAST_WALL}' - to_seconds(${STANDARD_OFFSET - 1}) then make_timestamptz(epoch_us(${utc})) end)`;

const wallOf = (utc: string): string => `${utc} + to_seconds(${offsetByUtc(utc)})`;

/** The text of a time of UTC (a reference) in the zone setting. */
export const writtenOf = (utc: string): string =>
  `(rtrim(rtrim(strftime(${wallOf(utc)}, '%Y-%m-%dT%H:%M:%S.%f'), '0'), '.') || ${offsetTextByUtc(utc)})`;

/** Its day in the zone setting. */
export const dayOf = (utc: string): string => `cast(${wallOf(utc)} as DATE)`;
