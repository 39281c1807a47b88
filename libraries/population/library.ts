/** 人口基础库: one record per natural person, recognised by the citizen identity number alone; a name never links two people. */
import { library } from '#declare';

const register = 'police-register';
const residence = 'police-residence';
const health = 'health-records';
const insured = 'insured-persons';

export default library({
  id: 'population',
  title: { zh: '人口基础库', en: 'Population' },
  basis: '国务院《政务信息资源共享管理暂行办法》（国发〔2016〕51号）第九条：人口信息为基础信息资源',
  entity: { zh: '人', en: 'person' },
  strongKey: 'identityNumber',
  fields: [
    { name: 'identityNumber', title: { zh: '公民身份号码', en: 'Identity number' }, element: 'identity-number' },
    { name: 'name', title: { zh: '姓名', en: 'Name' }, element: 'name' },
    { name: 'sex', title: { zh: '性别', en: 'Sex' }, element: 'sex' },
    { name: 'nation', title: { zh: '民族', en: 'Nation' }, element: 'nation' },
    { name: 'birthDate', title: { zh: '出生日期', en: 'Birth date' }, element: 'birth-date' },
    { name: 'address', title: { zh: '居住地址', en: 'Address of residence' }, element: 'address' },
    { name: 'registeredAddress', title: { zh: '户籍地址', en: 'Registered address' }, element: 'address' },
    { name: 'division', title: { zh: '行政区划代码', en: 'Division code' }, element: 'division' },
    { name: 'phone', title: { zh: '联系电话', en: 'Telephone' }, element: 'phone' },
  ],
  feeds: [
    {
      table: register,
      map: {
        identityNumber: 'identityNumber',
        name: 'name',
        sex: 'sex',
        nation: 'nation',
        birthDate: 'birthDate',
        address: 'registeredAddress',
        registeredAddress: 'registeredAddress',
        division: 'division',
      },
    },
    { table: residence, map: { identityNumber: 'identityNumber', name: 'name', address: 'address', division: 'division', phone: 'phone' } },
    {
      table: health,
      map: { identityNumber: 'identityNumber', name: 'name', sex: 'sex', birthDate: 'birthDate', address: 'address', phone: 'phone' },
    },
    { table: insured, map: { identityNumber: 'identityNumber', name: 'name', address: 'address', phone: 'phone' } },
  ],
  trust: {
    // Who moved told the police station last; a household register knows only where somebody is registered.
    address: [residence, health, insured, register],
    // A telephone is kept where it is used.
    phone: [health, insured, residence],
  },
});
