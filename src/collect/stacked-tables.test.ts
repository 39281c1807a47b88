/** Tables that stand below each other, and what only looks like them. */
import { expect, test } from 'vitest';
import { stackedTables } from './stacked-tables.ts';

const grid = (text: string): (string | null)[][] => text.split('\n').map((line) => line.split('|').map((cell) => cell || null));
const people = '表1 人口|||\n区县|人口||\n云岭|1||\n青石|2||';
const schools = '表2 学校|||\n学校|类型|电话|人数\n一小|公办|6230001|3\n二小|民办|6230002|4';

test.each([
  ['a narrow one above a wide one', `${people}\n|||\n${schools}`, ['表1 人口', '表2 学校']],
  ['a wide one above a narrow one', `${schools}\n|||\n${people}`, ['表2 学校', '表1 人口']],
  ['without a blank row between them', `${people}\n${schools}`, ['表1 人口', '表2 学校']],
  [
    'without a caption the names of columns stand for it',
    '区县|人口\n云岭|1\n青石|2\n|\n学校|人数\n一小|3\n二小|4',
    ['区县、人口', '学校、人数'],
  ],
  ['blocks with the same header are one', `${people}\n|||\n${people}`, []],
  ['headings of groups', '项目|预算|执行\n一、教育||\n小学|1|2\n中学|3|4\n二、卫生||\n医院|5|6\n疾控|7|8', []],
  [
    'a group that begins with rows of no value',
    '项目|预算|执行\n一、教育||\n小学|1|2\n中学|3|4\n二、卫生||\n医院|未统计|未统计\n疾控|7|8\n血站|7|8',
    [],
  ],
  [
    'titles of several cells behind which a blank row stands',
    '林场情况表|||\n填报单位：林业局|||单位：亩\n|||\n林场|面积|株数\n甲|1|2\n乙|3|4',
    [],
  ],
  ['a title with its year, and who reports', '林场情况表|2031年||\n填报：林业局|审核：丁||\n|||\n林场|面积|株数\n甲|1|2\n乙|3|4', []],
  [
    'such titles above each of two tables',
    `填报单位：统计局|单位：人||\n|||\n${people}\n|||\n填报单位：教育局|单位：所||\n|||\n${schools}`,
    ['填报单位：统计局', '表2 学校'],
  ],
  ['blank rows among the data', '局|件数\n甲局|1\n|\n乙局|2\n丙局|3', []],
])('%s', (_, text, names) => {
  expect(stackedTables(grid(text)).map((t) => t.name)).toEqual(names);
});
