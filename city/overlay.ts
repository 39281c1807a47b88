/** The divisions of 云川市: an overlay on the national list, under a prefix (3499) that was never issued, some codes abolished. */
import { codeList } from '#declare';

/** A place keeps its people while its code changes: the codes in order of time. */
export interface Place {
  readonly codes: readonly {
    readonly code: string;
    readonly validFrom: string | null;
    readonly validTo: string | null;
    readonly zh: string;
    readonly en: string;
  }[];
  readonly townships: readonly { readonly code: string; readonly zh: string; readonly en: string }[];
  /** Share of the city's people. */
  readonly weight: number;
}

const always = { validFrom: null, validTo: null } as const;
const towns = (code: string, ...list: readonly (readonly [string, string, string])[]) =>
  list.map(([tail, zh, en]) => ({ code: `${code}${tail}`, zh, en }));

/** The county-level places of the city. */
export const places: readonly Place[] = [
  {
    codes: [{ code: '349901', zh: '云岭区', en: 'Yunling District', ...always }],
    townships: towns(
      '349901',
      ['001', '青石街道', 'Qingshi Subdistrict'],
      ['002', '望湖街道', 'Wanghu Subdistrict'],
      ['003', '桂园街道', 'Guiyuan Subdistrict'],
      ['004', '钟楼街道', 'Zhonglou Subdistrict'],
    ),
    weight: 24,
  },
  {
    codes: [{ code: '349902', zh: '川东区', en: 'Chuandong District', ...always }],
    townships: towns(
      '349902',
      ['001', '东津街道', 'Dongjin Subdistrict'],
      ['002', '柳林街道', 'Liulin Subdistrict'],
      ['003', '渡口街道', 'Dukou Subdistrict'],
      ['101', '沙洲镇', 'Shazhou Town'],
    ),
    weight: 20,
  },
  {
    codes: [{ code: '349903', zh: '望江区', en: 'Wangjiang District', ...always }],
    townships: towns(
      '349903',
      ['001', '江湾街道', 'Jiangwan Subdistrict'],
      ['002', '船埠街道', 'Chuanbu Subdistrict'],
      ['101', '芦荻镇', 'Ludi Town'],
    ),
    weight: 16,
  },
  {
    codes: [
      { code: '349922', validFrom: null, validTo: '2004-09-08', zh: '云北县', en: 'Yunbei County' },
      { code: '349904', validFrom: '2004-09-09', validTo: null, zh: '云北区', en: 'Yunbei District' },
    ],
    townships: towns(
      '349904',
      ['001', '北关街道', 'Beiguan Subdistrict'],
      ['101', '松坪镇', 'Songping Town'],
      ['102', '石桥镇', 'Shiqiao Town'],
    ),
    weight: 12,
  },
  {
    codes: [{ code: '349921', zh: '清溪县', en: 'Qingxi County', ...always }],
    townships: towns('349921', ['101', '清溪镇', 'Qingxi Town'], ['102', '竹山镇', 'Zhushan Town'], ['201', '茶亭乡', 'Chating Township']),
    weight: 10,
  },
  {
    codes: [{ code: '349923', zh: '石门县', en: 'Shimen County', ...always }],
    townships: towns(
      '349923',
      ['101', '石门镇', 'Shimen Town'],
      ['102', '杨店镇', 'Yangdian Town'],
      ['201', '枫岭乡', 'Fengling Township'],
    ),
    weight: 8,
  },
  {
    codes: [
      { code: '349924', validFrom: null, validTo: '1997-12-31', zh: '白沙县', en: 'Baisha County' },
      { code: '349981', validFrom: '1998-01-01', validTo: null, zh: '白沙市', en: 'Baisha City' },
    ],
    townships: towns('349981', ['001', '白沙街道', 'Baisha Subdistrict'], ['101', '盐渡镇', 'Yandu Town'], ['102', '南浦镇', 'Nanpu Town']),
    weight: 10,
  },
];

/** Code of the city itself. */
export const cityCode = '349900';

/** Code and name of a place on a day (YYYY-MM-DD). */
export function placeOn(place: Place, day: string): Place['codes'][number] {
  const found = place.codes.find((c) => (c.validFrom === null || c.validFrom <= day) && (c.validTo === null || day <= c.validTo));
  if (!found) throw new Error(`no code of ${place.codes[0]?.zh} is in force on ${day}`);
  return found;
}

/** The place as it is called now. */
export const placeNow = (place: Place): Place['codes'][number] => place.codes.at(-1) as Place['codes'][number];

/** The overlay as a document: the city's own divisions over the national list `division`. */
export const divisionOverlay = codeList({
  id: 'division-yunchuan',
  title: { zh: '云川市行政区划（演示）', en: 'Divisions of Yunchuan (invented)' },
  basis: '虚构：3499 从未作为行政区划代码发布 (invented; GB/T 2260 never issued 3499)',
  edition: '2024',
  overlays: 'division',
  items: [
    { code: cityCode, title: { zh: '云川市', en: 'Yunchuan City' }, ...always },
    ...places.flatMap((p) => p.codes.map(({ code, zh, en, validFrom, validTo }) => ({ code, title: { zh, en }, validFrom, validTo }))),
  ],
});

/** Codes in the city's range that no edition holds, and codes abolished before any record of the city was written. */
export const absentDivisions: readonly string[] = ['349955', '349922', '349999', '349924', '349977'];
