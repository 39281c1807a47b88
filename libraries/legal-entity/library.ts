/** 法人基础库: one record per organisation, recognised by its unified social credit code alone. */
import { library } from '#declare';

const register = 'market-enterprises';
const insured = 'insured-persons';

export default library({
  id: 'legal-entity',
  title: { zh: '法人基础库', en: 'Legal entities' },
  basis: '国务院《政务信息资源共享管理暂行办法》（国发〔2016〕51号）第九条：法人单位信息为基础信息资源',
  entity: { zh: '法人', en: 'legal entity' },
  strongKey: 'creditCode',
  fields: [
    { name: 'creditCode', title: { zh: '统一社会信用代码', en: 'Unified social credit code' }, element: 'credit-code' },
    { name: 'organisationName', title: { zh: '名称', en: 'Name' }, element: 'organisation-name' },
    { name: 'organisationType', title: { zh: '类型', en: 'Type' }, element: 'text' },
    { name: 'representative', title: { zh: '法定代表人', en: 'Legal representative' }, element: 'name' },
    { name: 'foundedOn', title: { zh: '成立日期', en: 'Founded on' }, element: 'date' },
    { name: 'capital', title: { zh: '注册资本（万元）', en: 'Registered capital (10,000 yuan)' }, element: 'number' },
    { name: 'industry', title: { zh: '行业代码', en: 'Industry code' }, element: 'industry' },
    { name: 'status', title: { zh: '登记状态', en: 'Status' }, element: 'text' },
    { name: 'address', title: { zh: '住所', en: 'Address' }, element: 'address' },
  ],
  feeds: [
    {
      table: register,
      map: {
        creditCode: 'creditCode',
        organisationName: 'organisationName',
        organisationType: 'organisationType',
        representative: 'representative',
        foundedOn: 'foundedOn',
        capital: 'capital',
        industry: 'industry',
        status: 'status',
        address: 'address',
      },
    },
    { table: insured, map: { creditCode: 'employerCode', organisationName: 'employerName' } },
  ],
  trust: {},
});
