/** Name of a person: Chinese, transliterated with a middle dot, or Latin. */
import { element } from '#declare';
import { all, any, concat, ge, isIn, len, matches, minus, not, num, repeatText, slice, translate, value, when } from '#declare/expr/index';
import { isPlain, orNone, privateCharacters, spaced, trimmed, withCommonCharacters, withoutBlanks } from './clean.ts';

/** A short name of common characters needs no cleaning. */
const PLAIN = '[\u4e00-\u9fff]{1,6}';
/** Characters written for the dot of transliterated names between Chinese characters. The standard dot is U+00B7. */
const DOTS = '•‧・･∙⋅˙·ꞏ⸱●○◦∘｡。.—–―‐‑‒−-';
const COMPOUND_SURNAMES = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '东方',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '司徒',
  '令狐',
  '夏侯',
  '端木',
  '南宫',
  '长孙',
  '宇文',
  '轩辕',
  '百里',
  '独孤',
  '申屠',
  '淳于',
  '澹台',
  '闻人',
  '呼延',
  '鲜于',
  '万俟',
];
/** Surnames of one character that some 95% of people have (the commonest of the 2010s by the Ministry of Public Security's yearly lists). */
const SURNAMES =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文庞樊兰殷施洪翟安颜倪牛温季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫屈鲍霍翁隋甘景单包司柏宁柯阮桂闵解强华车冉房边褚商';
/** Characters that end what begins as a name does and is none: places, bodies, kinds, amounts. */
const NO_NAME =
  '省市区县镇乡村街道路巷号局厅校院厂店部科处站所组队会类型费率额数量品业课班级证书表册款税险族性江河湖山州庄桥岭沟坝港湾岛屯寨堡铺埠';
const PLACEHOLDERS = ['无名', '无名氏', '测试', '姓名'];

const HAN = '[㐀-䶿一-鿿𠀀-𳎯]';
const common = withCommonCharacters(spaced(trimmed));
const undotted = withoutBlanks(common);
/** Parts of Chinese characters with a dot between them, however it is written. */
const parted = matches(undotted, `${HAN}{1,20}([·${DOTS.replace('-', '\\-')}]${HAN}{1,20}){1,6}`, 'fails');
const dotted = when(parted, translate(undotted, DOTS, '·'.repeat([...DOTS].length)), undotted);

export default element({
  id: 'name',
  title: { zh: '姓名', en: 'Name of a person' },
  names: [
    '姓名',
    '人员姓名',
    '持证人',
    '网格员',
    '法定代表人',
    '负责人',
    '联系人',
    '法人代表',
    '法人姓名',
    '申请人',
    '户主',
    '车主',
    '监护人',
    '参保人',
    '患者',
    'xm',
    'person name',
    'full name',
    'real name',
    'contact',
  ],
  basis: 'GB/T 35273-2020 附录A',
  type: 'text',
  codeList: null,
  sensitivity: 3,
  personal: true,
  namesPersons: true,
  mask: when(
    all(isIn(slice(value, 1, 2), COMPOUND_SURNAMES), ge(len(value), num(3))),
    concat(slice(value, 1, 2), repeatText('*', minus(len(value), 2))),
    when(ge(len(value), num(2)), concat(slice(value, 1, 1), repeatText('*', minus(len(value), 1))), repeatText('*', len(value))),
  ),
  // Blanks vanish from Chinese names (张　三) and stay, one at a time, between Latin words.
  standardise: when(isPlain(PLAIN), value, orNone(trimmed, when(parted, dotted, common))),
  shape: matches(value, '[^!-&*+,/0-9:-@\\[-`{-~\u0001-\u001f]{1,50}', 'holds'),
  telling: any(
    all(
      matches(undotted, `[${SURNAMES}][一-鿿]{1,2}|(${COMPOUND_SURNAMES.join('|')})[一-鿿]{1,2}`, 'fails'),
      not(matches(undotted, `.*[${NO_NAME}]`, 'fails')),
    ),
    // Dashes and full stops stand between places and clauses as well: only a dot tells.
    matches(undotted, '[一-鿿]{1,15}[·•‧・･∙⋅·][一-鿿·•‧・･∙⋅·]{1,20}', 'fails'),
  ),
  inside: null,
  checksum: null,
  semantics: [
    {
      id: 'not-placeholder',
      title: { zh: '不是代替姓名的字样', en: 'Not a word written instead of a name' },
      severity: 'warn',
      holds: not(isIn(value, PLACEHOLDERS, 'fails')),
      reason: { zh: '填写的是“无名氏”“测试”一类字样，不是姓名', en: 'a word such as “nameless” or “test” stands where the name should be' },
    },
    privateCharacters,
  ],
  reasons: {
    shape: { zh: '姓名应为1至50个字，不含数字和特殊符号', en: 'a name has 1 to 50 characters, no digits and no special signs' },
    checksum: null,
  },
  examples: {
    valid: ['张三', '欧阳明', '阿不都·热合曼', '王小明(大)', '𠮷田', "Mary O'Neil", '张', 'Anne-Marie J. Doe'],
    invalid: [
      { value: '张\ue123', verdict: 'private-character' },
      { value: '张3', verdict: 'shape' },
      { value: '张三@', verdict: 'shape' },
      { value: '无名氏', verdict: 'not-placeholder' },
    ],
    standardised: [
      { from: ' 张三 ', to: '张三' },
      { from: '张　三', to: '张三' },
      { from: '阿不都•热合曼', to: '阿不都·热合曼' },
      { from: '阿不都．热合曼', to: '阿不都·热合曼' },
      { from: '阿不都･热合曼', to: '阿不都·热合曼' },
      { from: '阿不都 ● 热合曼', to: '阿不都·热合曼' },
      { from: '阿不都。热合曼', to: '阿不都·热合曼' },
      { from: '阿不都—热合曼-买买提', to: '阿不都·热合曼·买买提' },
      { from: '张三。', to: '张三。' },
      { from: '⼤明', to: '大明' },
      { from: '张\u202e六\u00ad', to: '张六' },
      { from: 'Jo\u00adhn   Smith', to: 'John Smith' },
      { from: 'John  Smith', to: 'John Smith' },
    ],
  },
});
