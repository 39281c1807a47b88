/** What makes a column as close as an element of persons although it is none: what its values hold inside, or what it is called. */
import type { Element, Sensitivity } from '#declare';
import { codeListsOf, evaluate } from '#declare/expr/index';
import type { Words } from '../plan.ts';
import { type Evidence, plainName } from './evidence.ts';
import { namesCode, namesPlace, namesThing } from './looks.ts';
import type { Profile } from './profile.ts';

/** From this share of the values on the column holds such values, and not one by chance. */
const enoughInside = 0.02;
/** Of codes with as many digits one in eleven passes a check character by chance, and this share never does. */
export const byChance = 0.2;

/** Accounts, documents, addresses on the net, health, income, family, belief: sensitive whoever they are of (GB/T 35273-2020, appendices A and B). */
const closeNames: readonly (readonly [RegExp, Sensitivity])[] = [
  [/(银行卡|银行账|开户账|存折|护照|通行证|残疾证|残疾人证|军官证|士兵证|驾驶证号|社保卡|医保卡|卡号$|账号$|帐号$)/u, 4],
  [
    /(疾病|病种|病名|患病|病史|病情|病历|诊断|主诉|医嘱|处方|症状|用药|过敏|孕周|末次月经|传染|残疾类别|残疾等级|宗教|生物识别|指纹|密码|口令)/u,
    4,
  ],
  [/(罪名|犯罪|前科|刑期|刑罚|服刑|社区矫正|吸毒|戒毒|涉毒)/u, 4],
  [/(schoolmaster|headmaster|principal|manager|leader|owner|applicant|teacher|student|doctor|patient|parent|guardian|contact)name$/iu, 3],
  [/(socsec|socialsecurity|ssn$|passport|creditcard|bankaccount|password)/iu, 4],
  [
    /(微信|^qq|邮箱(地址|帐号|账号)?$|电子邮件|e-?mail$|家庭成员|监护人|婚姻|月收入|年收入|家庭收入|工资|薪酬|缴费基数|缴存基数|致贫|致困|征信|行踪|车牌|号牌号码)/iu,
    3,
  ],
];

/** Names of persons in English, which come again where they are those of persons: a list of the names there are has each once. */
const personNames = /(givenname|firstname|lastname|middlename|fullname|surname)$/iu;

/** What a column is called in which persons stand who may be bodies as well: 权利人, 检查人员. */
const whoNames = /(人|人员|者|员|户主|业主|成员|家属|亲属|配偶|父亲|母亲|经办|负责|联络|学生|儿童|老人|职工|教师|医生|司机)$/u;
/** From this share of the values on they are persons' names; of a column that is called after persons. */
const fewWords = 5;
const enoughPersons = { anyColumn: 0.8, called: 0.2 };

/** How many of the commonest values, of those told at all, are names of persons: one, or several with signs between them; `titled`: behind a word for who they are, too (网格员张三). */
function sharePersons(name: Element, profile: Profile, titled: boolean): number {
  if (name.telling === null || codeListsOf(name.telling).length > 0) return 0;
  const { telling } = name;
  const isName = (value: string): boolean => evaluate(telling, { value }, { today: '2000-01-01', codeList: () => [] }) === true;
  const tells = (word: string): boolean =>
    isName(word) || (titled && /^\p{Script=Han}{4,8}$/u.test(word) && [2, 3].some((n) => isName(word.slice(-n))));
  const words = profile.commonest.map(({ value }) => value.split(/[、，,;；/|\s]+/u).filter((w) => w !== ''));
  return words.length === 0 ? 0 : words.filter((w) => w.length > 0 && w.every(tells)).length / words.length;
}

/** What a column is called that is of a body, of a person, or of a home. */
const bodyNames =
  /(项目|工程|单位|机构|企业|公司|学校|院校|医院|药店|门店|店铺|场所|景区|楼盘|经营|注册|办公|project|school|company|office|store|shop|hospital|site)/iu;
const homeNames = /(家庭|户籍|居住|住址|现住|户主|本人|个人|家长|监护|home|residence|domicile)/iu;

/** A column with what it was chosen to be, as its neighbours see it. */
export interface Neighbour {
  readonly element: Element;
  readonly sensitivity: Sensitivity;
}

/** A name that tells by itself that it is none of a person. */
const tellsBodies = (e: Element): boolean => !e.personal && e.type === 'text' && e.telling !== null && e.codeList === null;

/**
 * How close a column is that is of a body: it is called so, or the table has names of bodies and nothing of persons beside it, and no value holds what
 * only a person has (a mobile telephone). Null where it may be of a person.
 */
export function ofBody(column: string, element: Element, profile: Profile, beside: readonly Neighbour[]): Sensitivity | null {
  if (element.ofBodies === undefined || homeNames.test(column) || whoNames.test(column.replace(/(联系)?(电话|地址|方式|号码)$/u, '')))
    return null;
  if ((profile.held[element.id] ?? 0) > 0) return null;
  const persons = beside.some((c) => c.element.ofBodies === undefined && (c.element.personal || c.sensitivity >= 3));
  const isOfBody = bodyNames.test(column) || (!persons && beside.some((c) => tellsBodies(c.element)));
  return isOfBody ? element.ofBodies : null;
}

/** Why a column is closer than its element, and how close; null when it is not. */
export function closerThan(
  column: string,
  chosen: Element,
  elements: readonly Element[],
  evidence: readonly Evidence[],
  profile: Profile,
): { sensitivity: Sensitivity; why: Words } | null {
  if (chosen.personal || chosen.checksum) return null;
  const present = profile.rows - profile.absent;
  const reasons = elements.flatMap((element) => {
    const held = profile.held[element.id] ?? 0;
    // Digits of a code may begin as those of a telephone do; what has a check character does not by chance.
    if (held === 0 || (element.checksum === null && namesThing(column)) || held < (namesCode(column) ? byChance : enoughInside) * present)
      return [];
    return [
      {
        sensitivity: element.sensitivity,
        why: {
          zh: `${held} 个值里含有“${element.title.zh}”，按其敏感级别对待`,
          en: `${held} values hold a ${(element.title.en ?? element.id).toLowerCase()}: as sensitive as one`,
        },
      },
    ];
  });
  for (const element of elements) {
    const found = evidence.find((e) => e.element === element.id);
    if (!element.personal || !found) continue;
    const { zh, en = element.id } = element.title;
    // Births of a year are called as the birth of somebody is.
    if (found.name === 'same' && (chosen.type !== 'number' || profile.longest >= 4))
      reasons.push({
        sensitivity: element.sensitivity,
        why: { zh: `列名是“${zh}”的叫法，保留其敏感级别`, en: `it is called ${en.toLowerCase()}: as sensitive as one` },
      });
    if (element.namesPersons !== true || chosen.type !== 'text' || namesPlace(column)) continue;
    const isWho = whoNames.test(column.trim());
    const told = Math.max((found.told ?? 0) / Math.max(1, found.checked), sharePersons(element, profile, isWho));
    // 万元 comes again and again, and is nobody's name for that.
    if (isWho ? told >= enoughPersons.called : told >= enoughPersons.anyColumn && profile.distinct >= fewWords)
      reasons.push({
        sensitivity: element.sensitivity,
        why: { zh: '值里有人的姓名，按其敏感级别对待', en: 'values are names of persons: as sensitive as one' },
      });
  }
  const plain = plainName(column);
  const ofPersons: (typeof closeNames)[number] | undefined =
    personNames.test(plain) && profile.distinct < 0.95 * present ? [personNames, 3] : undefined;
  const named = closeNames.find(([name]) => name.test(plain)) ?? ofPersons;
  if (named)
    reasons.push({
      sensitivity: named[1],
      why: { zh: '列名是敏感个人信息的叫法', en: 'it is called as sensitive personal information is' },
    });
  return reasons.filter((r) => r.sensitivity > chosen.sensitivity).sort((a, b) => b.sensitivity - a.sensitivity)[0] ?? null;
}
