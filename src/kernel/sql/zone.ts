/** What the engines' spellings of instants share: the zone setting over a timestamp without zone, UTC's or a wall clock's. */

import { offsetText, SPANS, type Span, STANDARD_OFFSET, WALL_SPANS } from '#declare/expr/zone';

/** Of a timestamp without zone (a reference) what stands for the span in which it lies; the years since the last span are asked first. */
function bySpan(at: string, spans: readonly Span[], said: (offset: number) => string): string {
  const last = spans.at(-1) as Span;
  const within = ({ from, to }: Span): string => `${at} < timestamp '${to}'${from === null ? '' : ` and ${at} >= timestamp '${from}'`}`;
  const groups = [...Map.groupBy(spans, (s) => s.offset)].map(
    ([offset, of]) => `when ${of.map((s) => `(${within(s)})`).join(' or ')} then ${said(offset)}`,
  );
  return `(case when ${at} is null then null when ${at} >= timestamp '${last.to}' then ${said(STANDARD_OFFSET)} ${groups.join(' ')} else ${said(STANDARD_OFFSET)} end)`;
}

/** Seconds that the zone setting is ahead of UTC, by UTC. */
export const offsetByUtc = (utc: string): string => bySpan(utc, SPANS, String);

/** The same by the wall clock. */
export const offsetByWall = (wall: string): string => bySpan(wall, WALL_SPANS, String);

/** The offset behind a time, by UTC. */
export const offsetTextByUtc = (utc: string): string => bySpan(utc, SPANS, (offset) => `'${offsetText(offset)}'`);

/** Seconds that the clocks were ahead of UTC in the first year. */
export const firstOffset = (SPANS[0] as Span).offset;
