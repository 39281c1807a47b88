/** The words with which names of organisations end; shared by what tells such a name and what tells an address from one. */
import { type Expr, matches } from '#declare/expr/index';

const WORDS = [
  ...[
    '公司',
    '集团',
    '局',
    '厅',
    '委员会',
    '办公室',
    '办事处',
    '人民政府',
    '法院',
    '检察院',
    '支队',
    '大队',
    '派出所',
    '监狱',
    '服务站',
    '管理站',
  ],
  ...['学校', '小学', '中学', '大学', '学院', '幼儿园', '医院', '卫生院', '卫生室', '诊所', '中心', '研究院', '研究所', '设计院', '事务所'],
  ...[
    '银行',
    '支行',
    '合作社',
    '联社',
    '厂',
    '店',
    '商行',
    '经营部',
    '超市',
    '协会',
    '学会',
    '商会',
    '基金会',
    '出版社',
    '电视台',
    '博物馆',
    '图书馆',
  ],
];

/** Whether a text ends as the name of an organisation does, a branch in brackets or by its number left aside. */
export const endsAsOrganisation = (of: Expr): Expr =>
  matches(of, `.{2,120}(${WORDS.join('|')})((（|\\().{1,40}(）|\\))|[^\u0001-\u001f]{1,8}(分公司|分店|分局|分院|校区))?`, 'fails');
