/** From the standard text of a value to the one text it is kept as. */
import type { FieldType } from './base.ts';
import { isDay } from './expr/day.ts';
import { keptNumber } from './expr/decimal.ts';
import { instantWritten, parseInstant } from './expr/instant.ts';

const readers: Readonly<Record<FieldType, (standard: string) => string | null>> = {
  text: (standard) => standard,
  date: (standard) => (isDay(standard) ? standard : null),
  number: keptNumber,
  instant: (standard) => {
    const instant = parseInstant(standard);
    return instant === null ? null : instantWritten(instant);
  },
};

/** The text of the value that a field of this type keeps of a standard text; null where it holds no such value. Two spellings of one value are one text. */
export const keptValue = (type: FieldType, standard: string): string | null => readers[type](standard);
