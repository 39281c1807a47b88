/** The departments of 云川市, with provider codes that pass both checks of GB 32100. */
import { creditCode } from './credit-code.ts';
import { cityCode } from './overlay.ts';

export interface Department {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Provider code: unified social credit code of an organ (11). */
  readonly code: string;
}

const list: readonly (readonly [string, string, string])[] = [
  ['data-bureau', '云川市数据资源局', 'Yunchuan Data Resources Bureau'],
  ['public-security', '云川市公安局', 'Yunchuan Public Security Bureau'],
  ['health', '云川市卫生健康委员会', 'Yunchuan Health Commission'],
  ['market-regulation', '云川市市场监督管理局', 'Yunchuan Market Regulation Bureau'],
  ['civil-affairs', '云川市民政局', 'Yunchuan Civil Affairs Bureau'],
  ['human-resources', '云川市人力资源和社会保障局', 'Yunchuan Human Resources and Social Security Bureau'],
  ['education', '云川市教育局', 'Yunchuan Education Bureau'],
  ['medical-insurance', '云川市医疗保障局', 'Yunchuan Medical Insurance Bureau'],
  ['housing', '云川市住房和城乡建设局', 'Yunchuan Housing and Urban-Rural Development Bureau'],
  ['natural-resources', '云川市自然资源和规划局', 'Yunchuan Natural Resources and Planning Bureau'],
  ['transport', '云川市交通运输局', 'Yunchuan Transport Bureau'],
  ['justice', '云川市司法局', 'Yunchuan Justice Bureau'],
];

/** Every department; the first is the data bureau. */
export const departments: readonly Department[] = list.map(([id, zh, en], i) => ({
  id,
  title: { zh, en },
  code: creditCode('11', cityCode, `MB34990${i.toString(36).toUpperCase()}`),
}));

/** The department with this id. */
export function department(id: string): Department {
  const found = departments.find((d) => d.id === id);
  if (!found) throw new Error(`the city has no department ${id}`);
  return found;
}
