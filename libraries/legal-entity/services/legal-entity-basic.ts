/** The registered facts of one organisation, asked for by credit code or by name. */
import { service } from '#declare';

export default service({
  id: 'legal-entity-basic',
  title: { zh: '法人基本信息查询', en: 'Registered facts of a legal entity' },
  on: { library: 'legal-entity' },
  department: 'market-regulation',
  kind: 'query',
  keys: ['creditCode', 'organisationName'],
  returns: [
    { field: 'creditCode', show: { shown: null } },
    { field: 'organisationName', show: { shown: null } },
    { field: 'organisationType', show: { shown: null } },
    { field: 'representative', show: 'element' },
    { field: 'foundedOn', show: { shown: null } },
    { field: 'industry', show: { shown: null } },
    { field: 'status', show: { shown: null } },
    { field: 'address', show: { shown: '企业住所依法公示（《企业信息公示暂行条例》），不是个人住址' } },
  ],
  limit: 20,
});
