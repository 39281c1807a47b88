/** The delimiters that a text file may have between cells, and the one that an undeclared file is written with. */

/** Every delimiter that is read. Those after the bar are rare: they are also characters of ordinary text. */
export const delimiters = [',', '\t', ';', '|', '\u0001', '~', '^', '，', '||'] as const;
export type Delimiter = (typeof delimiters)[number];

const names: Readonly<Record<Delimiter, { readonly zh: string; readonly en: string }>> = {
  ',': { zh: '逗号', en: 'commas' },
  '\t': { zh: '制表符', en: 'tabs' },
  ';': { zh: '分号', en: 'semicolons' },
  '|': { zh: '竖线', en: 'bars' },
  '\u0001': { zh: '控制字符 U+0001（Hive 的分隔符）', en: 'the control character U+0001, as Hive writes it' },
  '~': { zh: '波浪号“~”', en: 'tildes' },
  '^': { zh: '脱字符“^”', en: 'carets' },
  '，': { zh: '中文逗号“，”', en: 'Chinese commas' },
  '||': { zh: '双竖线“||”', en: 'double bars' },
};

const quotedText = /"(?:[^"]|"")*"/g;
/** Lines looked at. */
const looked = 200;
/** A rare delimiter stands as often in nearly all lines, the first included. */
const evenly = 0.95;
/** In fewer lines a character is part of some values. */
const fewest = 0.2;

interface Stands {
  readonly delimiter: Delimiter;
  /** How often it usually stands in a line that has it. */
  readonly usual: number;
  /** The share of lines that have it so often. */
  readonly even: number;
  /** The share of lines that have it at all. */
  readonly holding: number;
  readonly first: number;
}

/** The delimiter that stands most evenly in the lines, outside quotes, with the words that tell it. */
export function delimiterOf(text: string): { readonly delimiter: Delimiter; readonly said: { readonly zh: string; readonly en: string } } {
  const sample = text
    .split(/\r\n|\n|\r/)
    .slice(0, looked)
    .map((line) => line.replace(quotedText, ''))
    .filter((line) => line.trim() !== '');
  const stands = delimiters.map((delimiter) => standsIn(sample, delimiter));
  const common = stands.slice(0, 4);
  const best = common.filter((s) => s.usual > 0).sort((a, b) => b.even - a.even || b.usual - a.usual)[0];
  const rare = stands.slice(4).find((s) => {
    if (sample.length < 2 || s.even < evenly || s.first !== s.usual) return false;
    // Two bars that always stand together are one delimiter. U+0001 is no character of any text.
    const isSure = s.delimiter === '\u0001' || (s.delimiter === '||' && best?.delimiter === '|' && best.usual === 2 * s.usual);
    return isSure || s.even > (best?.even ?? 0);
  });
  // A first line “sep=;” tells a spreadsheet the delimiter.
  const told = /^sep=(.)/iu.exec(sample[0] ?? '')?.[1];
  const found =
    stands.find((s) => s.delimiter === told) ??
    rare ??
    (best && (best.holding >= fewest || best.first > 0 || text.includes('"')) ? best : undefined);
  if (found) {
    const { zh, en } = names[found.delimiter];
    return { delimiter: found.delimiter, said: { zh: `以${zh}分隔`, en: `its cells are parted by ${en}` } };
  }
  const unquoted = text.replace(quotedText, '');
  const isBlanks = sample.filter((line) => /\S( {2,}|\u3000+)\S/u.test(line)).length > 0.8 * sample.length;
  return {
    // One that stands nowhere, so that each line is one cell.
    delimiter: common.find(({ delimiter }) => !unquoted.includes(delimiter))?.delimiter ?? ',',
    said: isBlanks
      ? {
          zh: '没有找到分隔符，按一列读：各行里像是用空格对齐的几格，请改用逗号或制表符分隔后再上传',
          en: 'no delimiter was found, so it is read as one column: blanks seem to part its cells, please have commas or tabs do so',
        }
      : { zh: '没有找到分隔符，按一列读', en: 'no delimiter was found, so it is read as one column' },
  };
}

function standsIn(lines: readonly string[], delimiter: Delimiter): Stands {
  const counts = lines.map((line) => line.split(delimiter).length - 1);
  const held = counts.filter((n) => n > 0);
  const tally = [...Map.groupBy(held, (n) => n)].map(([n, all]) => [n, all.length] as const);
  const [usual, times] = tally.sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
  const all = Math.max(1, lines.length);
  return { delimiter, usual, even: times / all, holding: held.length / all, first: counts[0] ?? 0 };
}
