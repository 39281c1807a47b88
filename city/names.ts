/** Invented names: common and compound surnames, given names by sex, names of minorities, of residents from elsewhere, and a few rare characters. */
import type { Random } from './random.ts';

const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤',
];
const compound = ['欧阳', '司马', '上官', '诸葛', '慕容', '皇甫', '尉迟', '令狐'];
const male = [
  ...'伟强磊军洋勇杰涛超明刚平辉鹏华飞波斌宇浩凯健俊帆帅旭宁龙林欢阳建亮成峰国志文海山仁兴良毅厚信庆学祥东晨辰睿泽轩浚航承嘉瑾',
];
const female = [
  ...'芳娜敏静丽艳娟霞秀燕玲桂英华慧巧美娜蕾薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜',
];
/** Characters that only GB 18030 holds, or that lie beyond the basic plane: names that older systems lose. */
const rare = ['喆', '䶮', '㛃', '玥', '𠮷', '𬀩', '淼', '燚'];
const uyghurMale = ['艾力', '买买提', '吐尔逊', '阿卜杜拉', '艾尼瓦尔'];
const uyghurFemale = ['阿依古丽', '古丽娜尔', '热依汗', '帕提古丽'];
const foreignFamily = ['史密斯', '约翰逊', '布朗', '米勒', '威尔逊'];
const foreignMale = ['约翰', '大卫', '马丁', '彼得'];
const foreignFemale = ['安娜', '玛丽', '艾米莉', '苏珊'];

/** A citizen's name; nation 05 (维吾尔族) has names with a middle dot. */
export function citizenName(random: Random, sex: '1' | '2', nation: string): string {
  if (nation === '05') return `${random.pick(sex === '1' ? uyghurMale : uyghurFemale)}·${random.pick(uyghurMale)}`;
  const family = random.chance(0.015) ? random.pick(compound) : random.pick(surnames);
  const pool = sex === '1' ? male : female;
  const second = random.chance(0.004) ? random.pick(rare) : random.pick(pool);
  return random.chance(0.18) ? family + second : family + random.pick(pool) + second;
}

/** The Chinese spelling of a foreign resident's name. */
export const foreignName = (random: Random, sex: '1' | '2'): string =>
  `${random.pick(sex === '1' ? foreignMale : foreignFemale)}·${random.pick(foreignFamily)}`;

const brands = [...'云川青石望江柳松竹清溪白沙金瑞恒盛宏达信诚嘉禾永泰天和顺康鼎新锦华丰源广润中正博远昌隆'];

/** The invented word in an enterprise's name. */
export const brandName = (random: Random): string =>
  random.pick(brands) + random.pick(brands) + (random.chance(0.3) ? random.pick(brands) : '');
