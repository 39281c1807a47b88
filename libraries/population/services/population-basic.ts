/** The basic facts of one person, asked for by identity number. */
import { service } from '#declare';

export default service({
  id: 'population-basic',
  title: { zh: '人口基本信息查询', en: 'Basic facts of a person' },
  on: { library: 'population' },
  department: 'public-security',
  kind: 'query',
  keys: ['identityNumber'],
  returns: [
    { field: 'identityNumber', show: 'element' },
    { field: 'name', show: 'element' },
    { field: 'sex', show: { shown: null } },
    { field: 'birthDate', show: { shown: '按年龄核定资格的事项需要完整出生日期，脱敏后无法核定' } },
    { field: 'address', show: 'element' },
    { field: 'division', show: { shown: null } },
  ],
  limit: 10,
});
