/** A newer edition with the columns of its source that is written otherwise: in another encoding, with other delimiters, titles or header rows. */
import { asDeclared, type Layout, type Source } from '#declare';
import { fileColumns, withGroup } from './group-column.ts';
import type { FileReading, UploadReading } from './uploads.ts';

/** A difference as a person reads it. */
interface Said {
  readonly zh: string;
  readonly en: string;
}

/**
 * The source as it has to be declared to read what was uploaded; null where it reads it already, or where the columns are others, which is for a
 * person to decide. What a person decided about rows (what is filled down, what is no data) stays; marks of a footer are added.
 */
export function rereadSource(source: Source, reading: UploadReading | null): Source | null {
  if (!reading || !source.layout || columnsOf(source, reading).join('\n') !== source.columns.join('\n')) return null;
  if (reading.layout === null) return null;
  const layout = layoutFor(source.layout, { ...reading, layout: reading.layout });
  const next: Source = { ...source, connector: reading.connector, settings: { ...reading.settings }, layout };
  return differences(source, next).length === 0 ? null : next;
}

/** What is different about the way it is written, in words; null where nothing is. */
export function rereadWords(source: Source, reading: UploadReading | null): Said | null {
  const next = rereadSource(source, reading);
  if (!next) return null;
  const said = differences(source, next);
  return { zh: said.map((s) => s.zh).join('；'), en: said.map((s) => s.en).join('; ') };
}

const columnsOf = (source: Source, { columns, layout }: UploadReading): string[] =>
  withGroup(fileColumns(columns, layout), source.layout).map((c) => asDeclared(source.columns, c));

function layoutFor(declared: Layout, { layout, sheets }: FileReading): Layout {
  return {
    ...declared,
    encoding: layout.encoding,
    sheet: declared.sheet === null || sheets.some((s) => s.name === declared.sheet) ? declared.sheet : layout.sheet,
    titleRows: layout.titleRows,
    headerRows: layout.headerRows,
    footer: [...new Set([...declared.footer, ...layout.footer])],
  };
}

function differences(before: Source, next: Source): Said[] {
  const [was, now] = [before.layout as Layout, next.layout as Layout];
  const told = (isOther: boolean, zh: string, en: string): Said[] => (isOther ? [{ zh, en }] : []);
  const isOther = JSON.stringify(before.settings) !== JSON.stringify(next.settings);
  return [
    ...told(before.connector !== next.connector, '文件类型不同', 'another kind of file'),
    ...told(before.connector === next.connector && isOther, '分隔符等设置不同', 'other settings, the delimiter for one'),
    ...told(was.encoding !== now.encoding, `编码 ${now.encoding ?? '无'}`, `encoding ${now.encoding ?? 'none'}`),
    ...told(was.sheet !== now.sheet, `工作表“${now.sheet}”`, `sheet '${now.sheet}'`),
    ...told(
      was.titleRows !== now.titleRows,
      `标题 ${now.titleRows} 行（原 ${was.titleRows} 行）`,
      `${now.titleRows} title rows (${was.titleRows} before)`,
    ),
    ...told(
      was.headerRows !== now.headerRows,
      `表头 ${now.headerRows} 行（原 ${was.headerRows} 行）`,
      `${now.headerRows} header rows (${was.headerRows} before)`,
    ),
    ...told(
      was.footer.length !== now.footer.length,
      `表尾以${now.footer.map((m) => `“${m}”`).join('、')}开头`,
      `a footer that begins with ${now.footer.map((m) => `'${m}'`).join(', ')}`,
    ),
  ];
}
