/** Industry codes as the city's registers write them: section letter and division of GB/T 4754-2017. */

const sections: readonly (readonly [string, number, number])[] = [
  ['A', 1, 5],
  ['B', 6, 12],
  ['C', 13, 43],
  ['D', 44, 46],
  ['E', 47, 50],
  ['F', 51, 52],
  ['G', 53, 60],
  ['H', 61, 62],
  ['I', 63, 65],
  ['J', 66, 69],
  ['K', 70, 70],
  ['L', 71, 72],
  ['M', 73, 75],
  ['N', 76, 79],
  ['O', 80, 82],
  ['P', 83, 83],
  ['Q', 84, 85],
  ['R', 86, 90],
  ['S', 91, 96],
  ['T', 97, 97],
];

/** Every section with division, e.g. `I65`. */
export const industries: readonly string[] = sections.flatMap(([section, first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => `${section}${String(first + i).padStart(2, '0')}`),
);

/** Codes that the 2017 edition does not hold; the first three are right in the edition of 2011, whose divisions from 79 on have other numbers. */
export const absentIndustries: readonly string[] = ['O79', 'P82', 'T96', 'I99', 'C98'];

/** What enterprises call themselves, by industry. */
export const trades: readonly (readonly [string, string])[] = [
  ['A01', '农业发展'],
  ['A03', '畜牧养殖'],
  ['C13', '食品'],
  ['C17', '纺织'],
  ['C26', '化工'],
  ['C33', '金属制品'],
  ['C34', '机械制造'],
  ['C38', '电气'],
  ['C39', '电子科技'],
  ['D44', '热力'],
  ['E47', '建筑工程'],
  ['E50', '装饰工程'],
  ['F51', '商贸'],
  ['F52', '百货'],
  ['G54', '物流'],
  ['H61', '酒店管理'],
  ['H62', '餐饮'],
  ['I64', '网络科技'],
  ['I65', '软件'],
  ['K70', '房地产开发'],
  ['L71', '租赁'],
  ['L72', '商务咨询'],
  ['M74', '检测技术'],
  ['M75', '科技推广'],
  ['N77', '环保'],
  ['O80', '家政服务'],
  ['O81', '汽车维修'],
  ['P83', '教育咨询'],
  ['Q84', '医疗'],
  ['R88', '文化传媒'],
];
