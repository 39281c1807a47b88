/** The order of cursor values as their source has it, over the texts that a connector delivers. */

const digits = '[0-9]';
const day = `${digits}{4}-${digits}{2}-${digits}{2}`;
const time = `T${digits}{2}:${digits}{2}:[0-9.]{2,9}`;
const hex = (n: number): string => `[0-9a-f]{${n}}`;

/**
 * DuckDB's text of a number's text that compares byte by byte as the number does, however long and however spelled: how many digits stand before the
 * point, those digits, those after it. Of a negative one all is turned round.
 */
function numberKey(x: string): string {
  const bare = `ltrim(${x}, '-')`;
  const whole = `ltrim(split_part(${bare}, '.', 1), '0')`;
  const key = `concat(lpad(length(${whole})::VARCHAR, 6, '0'), ${whole}, rtrim(split_part(${bare}, '.', 2), '0'))`;
  const isNegative = `starts_with(${x}, '-') and regexp_matches(${x}, '[1-9]')`;
  return `case when ${isNegative} then concat('n', translate(${key}, '0123456789', '9876543210'), '~') else concat('p', ${key}) end`;
}

/**
 * DuckDB's text of a cursor value's text whose byte order is the order of the source: numbers, days, times of day of one zone or with their offset, uuids.
 * Absent for everything else (eras, infinity, exponents): rows with such a value are in no range.
 */
export const orderKeySql = (text: string): string =>
  `case when regexp_full_match(${text}, '-?${digits}+([.]${digits}+)?') then ${numberKey(text)}
    when regexp_full_match(${text}, '${day}(${time})?') then concat('t', ${text})
    when regexp_full_match(${text}, '${day}${time}[+-][0-9:]+') then ${numberKey(`epoch_us(try_cast(${text} as TIMESTAMPTZ))::VARCHAR`)}
    when regexp_full_match(${text}, '${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}') then concat('u', ${text}) end`;

/** The smallest text above a key and below every key of a greater value. */
export const justAbove = (key: string): string => `${key} `;
