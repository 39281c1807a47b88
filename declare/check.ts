/** What a document must be true of beyond its own shape: that what it names exists, has the right type, and may be shown as it says. */
import type { DeclarationFault, FieldType, Sensitivity } from './base.ts';
import type { DocumentKind, DocumentOf } from './document.ts';
import { governedType, warningsOf } from './element.ts';
import { columnsOf, type Expr, ExprError, type Type, typeOf } from './expr/index.ts';
import { fittingFields, mostColumns } from './row-room.ts';
import { isCompiled } from './rule-kind.ts';

/** Types of the columns an expression may name. */
type ColumnTypes = Readonly<Record<string, Type>>;

/** Looks up a document in force; undefined when there is none. */
export type Find = <K extends DocumentKind>(kind: K, id: string) => DocumentOf<K> | undefined;

/** A field as a service, a request or a grant sees it. */
export interface SeenField {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en?: string | undefined };
  readonly element: string;
  readonly type: FieldType;
  readonly sensitivity: Sensitivity;
}

/** Collects faults as they are found. */
class Faults {
  readonly list: DeclarationFault[] = [];
  add(at: string, zh: string, en: string): void {
    this.list.push({ at, zh, en });
  }
  /** Names of columns: none twice, and none that differs from another by case only, which every store but ours takes for the same. */
  names(at: string, fields: readonly { readonly name: string }[]): void {
    const seen = new Map<string, string>();
    for (const [i, { name }] of fields.entries()) {
      const other = seen.get(name.toLowerCase());
      if (other === name) this.add(`${at}.${i}.name`, `字段“${name}”重复`, `field '${name}' is listed twice`);
      else if (other !== undefined)
        this.add(`${at}.${i}.name`, `字段“${name}”与“${other}”只有大小写不同`, `field '${name}' differs from '${other}' by case only`);
      else seen.set(name.toLowerCase(), name);
    }
  }
  /** What identifies a row: nothing is listed twice. */
  key(at: string, names: readonly string[]): void {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) this.add(at, `主键里“${twice}”重复`, `'${twice}' is listed twice in the key`);
  }
  missing(at: string, kind: string, id: string): void {
    this.add(at, `找不到${kindWord[kind] ?? kind}“${id}”`, `there is no ${kind} '${id}'`);
  }
  expr(at: string, expr: Expr, columns: ColumnTypes, want: Type): void {
    try {
      const got = typeOf(expr, columns);
      if (got !== want) this.add(at, `表达式的结果应为 ${want}，实为 ${got}`, `the expression should yield ${want}, it yields ${got}`);
    } catch (error) {
      if (!(error instanceof ExprError)) throw error;
      this.add([at, ...error.path].join('.'), error.said.zh, error.said.en);
    }
  }
}

const kindWord: Readonly<Record<string, string>> = {
  'code-list': '代码集',
  element: '数据元',
  'rule-kind': '规则类型',
  calendar: '工作日历',
  'update-cycle': '更新周期',
  process: '流程',
  library: '库',
  service: '服务',
  entry: '目录',
  source: '数据源',
  mount: '挂接',
  binding: '绑定',
  request: '申请',
  grant: '授权',
};

/** The fields of a governed table, from its binding. Elements that do not exist are left out: the check of the binding names them. */
export const fieldsOfBinding = (binding: DocumentOf<'binding'>, find: Find): readonly SeenField[] =>
  binding.fields.flatMap((f) => {
    const e = find('element', f.element);
    return e ? [{ name: f.name, title: f.title, element: e.id, type: governedType(e), sensitivity: f.sensitivity ?? e.sensitivity }] : [];
  });

/** The fields of a library; a field is as sensitive as its element or the most sensitive column that feeds it. */
export const fieldsOfLibrary = (library: DocumentOf<'library'>, find: Find): readonly SeenField[] =>
  library.fields.flatMap((f) => {
    const e = find('element', f.element);
    if (!e) return [];
    const fed = library.feeds.flatMap((feed) => {
      const binding = find('binding', feed.table);
      const column = feed.map[f.name];
      return binding && column
        ? fieldsOfBinding(binding, find)
            .filter((b) => b.name === column)
            .map((b) => b.sensitivity)
        : [];
    });
    const sensitivity = Math.max(e.sensitivity, ...fed) as Sensitivity;
    return [{ name: f.name, title: f.title, element: e.id, type: governedType(e), sensitivity }];
  });

/** The fields a service stands on; undefined when what it stands on does not exist. */
export function fieldsUnder(service: Pick<DocumentOf<'service'>, 'on'>, find: Find): readonly SeenField[] | undefined {
  if ('library' in service.on) {
    const library = find('library', service.on.library);
    return library && fieldsOfLibrary(library, find);
  }
  const binding = find('binding', service.on.table);
  return binding && fieldsOfBinding(binding, find);
}

/** The mask a service puts on a field: an expression over `value`, or null when it is shown as it is. */
export function maskOf(show: DocumentOf<'service'>['returns'][number]['show'], element: DocumentOf<'element'>): Expr | null {
  if (show === 'element') return element.mask;
  return 'mask' in show ? show.mask : null;
}

type Checks = { readonly [K in DocumentKind]: (doc: DocumentOf<K>, find: Find, faults: Faults) => void };

const checks: Checks = {
  'code-list': (doc, find, faults) => {
    if (doc.overlays && !find('code-list', doc.overlays)) faults.missing('overlays', 'code-list', doc.overlays);
    const seen = new Set<string>();
    for (const [i, item] of doc.items.entries()) {
      const period = `${item.code} ${item.validFrom}`;
      if (seen.has(period)) faults.add(`items.${i}.code`, `代码 ${item.code} 重复`, `code ${item.code} is listed twice`);
      seen.add(period);
    }
  },
  element: (doc, find, faults) => {
    const columns: ColumnTypes = { value: 'text' };
    if (doc.codeList && !find('code-list', doc.codeList)) faults.missing('codeList', 'code-list', doc.codeList);
    if (doc.moment && !find('element', doc.moment)) faults.missing('moment', 'element', doc.moment);
    faults.expr('standardise', doc.standardise, columns, 'text');
    faults.expr('shape', doc.shape, columns, 'boolean');
    if (doc.telling) faults.expr('telling', doc.telling, columns, 'boolean');
    if (doc.inside) faults.expr('inside', doc.inside, columns, 'boolean');
    if (doc.checksum) faults.expr('checksum', doc.checksum, columns, 'boolean');
    if (doc.mask) faults.expr('mask', doc.mask, columns, 'text');
    for (const [i, s] of doc.semantics.entries()) {
      faults.expr(`semantics.${i}.holds`, s.holds, columns, 'boolean');
      if (s.on) faults.expr(`semantics.${i}.on`, s.on, columns, 'date');
    }
  },
  'rule-kind': (doc, find, faults) => {
    for (const [i, slot] of doc.slots.entries())
      for (const e of slot.elements) if (!find('element', e)) faults.missing(`slots.${i}.elements`, 'element', e);
    if (doc.proposed === 'elements' && doc.slots.some((s) => s.elements.length === 0))
      faults.add('proposed', '按数据元推荐的规则，每个位置都要写明数据元', 'a rule proposed by elements names them for every slot');
    if (isCompiled(doc)) return;
    const columns = Object.fromEntries(doc.slots.map((s) => [s.name, s.type]));
    faults.expr('holds', doc.holds as Expr, columns, 'boolean');
    if (doc.examples.pass.length === 0 || doc.examples.fail.length === 0)
      faults.add('examples', '规则必须同时给出通过和不通过的例子', 'a rule needs a passing and a failing example');
  },
  calendar: (doc, _find, faults) => {
    for (const [i, { year, basis, days }] of doc.years.entries()) {
      if (doc.years.findIndex((y) => y.year === year) !== i)
        faults.add(`years.${i}`, `${year} 年出现两次`, `the year ${year} stands twice`);
      if (basis === null && days.length > 0)
        faults.add(`years.${i}.basis`, '列了日期，就要写明依据的文件', 'where days stand, the paper that arranges them is named');
      for (const [j, { day }] of days.entries()) {
        if (!day.startsWith(`${year}-`)) faults.add(`years.${i}.days.${j}`, `${day} 不在 ${year} 年`, `${day} is not in ${year}`);
        if (days.findIndex((d) => d.day === day) !== j) faults.add(`years.${i}.days.${j}`, `${day} 出现两次`, `${day} stands twice`);
      }
    }
  },
  'update-cycle': (doc, _find, faults) => {
    if ((doc.every === null) !== (doc.grace === null))
      faults.add('grace', '约定了周期才有宽限，有周期就要写明宽限', 'grace stands with a cycle, and a cycle with its grace');
  },
  process: (doc, _find, faults) => {
    for (const [i, state] of doc.states.entries())
      for (const [j, limit] of state.limits.entries()) {
        if (limit.validTo !== null && limit.validTo < limit.validFrom)
          faults.add(`states.${i}.limits.${j}.validTo`, '失效日早于生效日', 'it ends before it begins');
        if (state.limits.slice(0, j).some((l) => overlap(l, limit)))
          faults.add(`states.${i}.limits.${j}`, '同一天有两个期限', 'two limits hold on the same day');
      }
    const states = new Set(doc.states.map((s) => s.id));
    if (!states.has(doc.start)) faults.add('start', `没有状态“${doc.start}”`, `there is no state '${doc.start}'`);
    for (const [i, step] of doc.steps.entries()) {
      for (const state of [...step.from, step.to])
        if (!states.has(state)) faults.add(`steps.${i}`, `没有状态“${state}”`, `there is no state '${state}'`);
      if (step.by.length === 0 && !step.itself) faults.add(`steps.${i}.by`, '没有人能走这一步', 'nobody may take this step');
    }
  },
  library: (doc, find, faults) => {
    faults.names('fields', doc.fields);
    const names = new Set(doc.fields.map((f) => f.name));
    if (!names.has(doc.strongKey)) faults.add('strongKey', `没有字段“${doc.strongKey}”`, `there is no field '${doc.strongKey}'`);
    for (const [i, f] of doc.fields.entries()) if (!find('element', f.element)) faults.missing(`fields.${i}.element`, 'element', f.element);
    for (const [i, feed] of doc.feeds.entries()) {
      if (feed.map[doc.strongKey] === undefined)
        faults.add(
          `feeds.${i}.map`,
          `来源“${feed.table}”没有给出主键字段“${doc.strongKey}”`,
          `feed '${feed.table}' does not give the strong key '${doc.strongKey}'`,
        );
      const binding = find('binding', feed.table);
      for (const [field, column] of Object.entries(feed.map)) {
        if (!names.has(field)) faults.add(`feeds.${i}.map.${field}`, `没有字段“${field}”`, `there is no field '${field}'`);
        const own = doc.fields.find((f) => f.name === field);
        const fed = binding?.fields.find((f) => f.name === column);
        if (binding && !fed)
          faults.add(`feeds.${i}.map.${field}`, `表“${feed.table}”没有列“${column}”`, `table '${feed.table}' has no column '${column}'`);
        const a = own && find('element', own.element);
        const b = fed && find('element', fed.element);
        if (a && b && governedType(a) !== governedType(b))
          faults.add(
            `feeds.${i}.map.${field}`,
            `列“${column}”是 ${governedType(b)}，字段“${field}”是 ${governedType(a)}`,
            `column '${column}' is ${governedType(b)}, field '${field}' is ${governedType(a)}`,
          );
      }
    }
    for (const [field, tables] of Object.entries(doc.trust)) {
      if (!names.has(field)) faults.add(`trust.${field}`, `没有字段“${field}”`, `there is no field '${field}'`);
      for (const t of tables)
        if (!doc.feeds.some((f) => f.table === t && f.map[field]))
          faults.add(`trust.${field}`, `“${t}”不提供字段“${field}”`, `'${t}' does not feed '${field}'`);
    }
  },
  service: (doc, find, faults) => {
    const fields = fieldsUnder(doc, find);
    if (!fields)
      return 'library' in doc.on
        ? faults.missing('on.library', 'library', doc.on.library)
        : faults.missing('on.table', 'binding', doc.on.table);
    for (const [i, key] of doc.keys.entries())
      if (!fields.some((f) => f.name === key)) faults.add(`keys.${i}`, `没有字段“${key}”`, `there is no field '${key}'`);
    const served = [...new Set([...doc.keys, ...doc.returns.map((r) => r.field)])].flatMap(
      (name) => fields.find((f) => f.name === name) ?? [],
    );
    const fitting = fittingFields(served.map((f) => f.type));
    const beyond = served[fitting];
    if (beyond)
      faults.add(
        'returns',
        `一行只容得下 ${fitting} 个字段，从“${beyond.title.zh}”起放不下：请分成几个服务`,
        `a row that is served holds ${fitting} fields: '${beyond.name}' is one too many, part them among several services`,
      );
    for (const [i, r] of doc.returns.entries()) {
      const field = fields.find((f) => f.name === r.field);
      if (!field) {
        faults.add(`returns.${i}.field`, `没有字段“${r.field}”`, `there is no field '${r.field}'`);
        continue;
      }
      const element = find('element', field.element);
      if (
        element &&
        field.sensitivity >= 3 &&
        maskOf(r.show, element) === null &&
        (r.show === 'element' || !('shown' in r.show) || r.show.shown === null)
      )
        faults.add(
          `returns.${i}.show`,
          `“${field.title.zh}”是 ${field.sensitivity} 级敏感字段，不脱敏必须写明理由`,
          `'${r.field}' is of sensitivity ${field.sensitivity}: shown unmasked it needs a stated reason`,
        );
      if (typeof r.show === 'object' && 'mask' in r.show) faults.expr(`returns.${i}.show.mask`, r.show.mask, { value: 'text' }, 'text');
    }
  },
  entry: (doc, find, faults) => {
    const names = new Set<string>();
    for (const [i, item] of doc.items.entries()) {
      if (names.has(item.name)) faults.add(`items.${i}.name`, `信息项“${item.name}”重复`, `item '${item.name}' is listed twice`);
      names.add(item.name);
      if (item.element && !find('element', item.element)) faults.missing(`items.${i}.element`, 'element', item.element);
    }
    if (doc.shareType !== '1' && doc.shareCondition.trim().length < 4)
      faults.add(
        'shareCondition',
        '有条件共享须写明条件，不予共享须写明法律依据（政务数据共享条例）',
        'conditional sharing needs its conditions, no sharing its legal basis (Decree 809)',
      );
  },
  source: (doc, _find, faults) => {
    const columns = new Set(doc.columns);
    if (columns.size !== doc.columns.length) faults.add('columns', '列名重复', 'a column is listed twice');
    faults.key('key', doc.key);
    for (const [at, names] of [
      ['key', doc.key],
      ['cursor', doc.cursor ? [doc.cursor] : []],
      ['layout.fillDown', doc.layout?.fillDown ?? []],
    ] as const)
      for (const name of names) if (!columns.has(name)) faults.add(at, `没有列“${name}”`, `there is no column '${name}'`);
    const group = doc.layout?.groupColumn;
    if (group !== undefined && doc.columns.at(-1) !== group)
      faults.add('layout.groupColumn', `“${group}”须是最后一列`, `'${group}' has to be the last column`);
    if (group !== undefined && !doc.layout?.asides?.includes('heading'))
      faults.add('layout.groupColumn', '没有分组标题（asides 里没有 heading）', 'no rows are headings (asides lacks heading)');
  },
  mount: (doc, find, faults) => {
    const entry = find('entry', doc.entry);
    const source = find('source', doc.source);
    if (!entry) faults.missing('entry', 'entry', doc.entry);
    if (!source) faults.missing('source', 'source', doc.source);
    for (const [item, column] of Object.entries(doc.items)) {
      if (entry && !entry.items.some((i) => i.name === item))
        faults.add(`items.${item}`, `目录没有信息项“${item}”`, `the entry has no item '${item}'`);
      if (source && !source.columns.includes(column))
        faults.add(`items.${item}`, `数据源没有列“${column}”`, `the source has no column '${column}'`);
    }
    for (const item of entry?.items ?? [])
      if (doc.items[item.name] === undefined)
        faults.add('items', `信息项“${item.title.zh}”没有对应的列`, `item '${item.name}' has no column`);
  },
  binding: (doc, find, faults) => {
    const source = find('source', doc.source);
    if (!source) faults.missing('source', 'source', doc.source);
    faults.names('fields', doc.fields);
    const beyond = doc.fields[mostColumns];
    if (beyond)
      faults.add(
        `fields.${mostColumns}`,
        `一张表至多 ${mostColumns} 个字段，从“${beyond.title.zh}”起放不下`,
        `a table has at most ${mostColumns} fields: '${beyond.name}' is one too many`,
      );
    const names = new Map<string, FieldType>();
    for (const [i, f] of doc.fields.entries()) {
      const element = find('element', f.element);
      if (!element) faults.missing(`fields.${i}.element`, 'element', f.element);
      names.set(f.name, element ? governedType(element) : 'text');
      for (const verdict of f.withholds ?? [])
        if (element && !warningsOf(element).includes(verdict))
          faults.add(`fields.${i}.withholds`, `“${element.title.zh}”没有提醒“${verdict}”`, `'${element.id}' has no warning '${verdict}'`);
      if (source && !source.columns.includes(f.column))
        faults.add(`fields.${i}.column`, `数据源没有列“${f.column}”`, `the source has no column '${f.column}'`);
    }
    faults.key('key', doc.key);
    for (const name of [...doc.key, ...(doc.newest ? [doc.newest] : [])])
      if (!names.has(name)) faults.add('key', `没有字段“${name}”`, `there is no field '${name}'`);
    for (const name of doc.mayBeAbsent ?? [])
      if (!doc.key.includes(name)) faults.add('mayBeAbsent', `“${name}”不是主键字段`, `'${name}' is no field of the key`);
    if (doc.key.length === 0 && source?.mode === 'incremental')
      faults.add('key', '增量交付的表须有主键', 'a table that is delivered by increments needs a key');
    const ids = new Set<string>();
    for (const [i, rule] of doc.rules.entries()) {
      const at = `rules.${i}`;
      if (ids.has(rule.id)) faults.add(`${at}.id`, `规则“${rule.id}”重复`, `rule '${rule.id}' is listed twice`);
      ids.add(rule.id);
      const kind = find('rule-kind', rule.kind);
      if (!kind) {
        faults.missing(`${at}.kind`, 'rule-kind', rule.kind);
        continue;
      }
      for (const slot of kind.slots) {
        const field = rule.slots[slot.name];
        if (field === undefined) faults.add(`${at}.slots`, `没有填写“${slot.title.zh}”`, `slot '${slot.name}' is not filled`);
        else if (!names.has(field)) faults.add(`${at}.slots.${slot.name}`, `没有字段“${field}”`, `there is no field '${field}'`);
        else if (names.get(field) !== slot.type)
          faults.add(
            `${at}.slots.${slot.name}`,
            `“${field}”是 ${names.get(field)}，规则要的是 ${slot.type}`,
            `'${field}' is ${names.get(field)}, the rule wants ${slot.type}`,
          );
      }
      if (doc.key.length === 0 && kind.slots.length === 0 && isCompiled(kind) && kind.holds.compiled === 'unique-key')
        faults.add(at, '没有主键，不能要求主键唯一', 'there is no key that could be unique');
      for (const name of Object.keys(rule.slots))
        if (!kind.slots.some((s) => s.name === name))
          faults.add(`${at}.slots.${name}`, '规则没有这个位置', `the rule has no slot '${name}'`);
      for (const p of kind.params) {
        const given = rule.params[p.name];
        if (given === undefined) faults.add(`${at}.params`, `没有填写“${p.title.zh}”`, `param '${p.name}' is not given`);
        else if (p.type === 'code-list' && !find('code-list', given)) faults.missing(`${at}.params.${p.name}`, 'code-list', given);
      }
    }
  },
  request: (doc, find, faults) => {
    const service = find('service', doc.service);
    if (!service) return faults.missing('service', 'service', doc.service);
    for (const [i, f] of doc.fields.entries())
      if (!service.returns.some((r) => r.field === f)) faults.add(`fields.${i}`, `服务不返回“${f}”`, `the service does not return '${f}'`);
    checkFilter('rowFilter', doc.rowFilter, fieldsUnder(service, find), faults);
  },
  grant: (doc, find, faults) => {
    const service = find('service', doc.service);
    if (!service) return faults.missing('service', 'service', doc.service);
    for (const [i, f] of doc.fields.entries()) {
      if (!service.returns.some((r) => r.field === f.field))
        faults.add(`fields.${i}`, `服务不返回“${f.field}”`, `the service does not return '${f.field}'`);
      if (f.mask) faults.expr(`fields.${i}.mask`, f.mask, { value: 'text' }, 'text');
    }
    checkFilter('rowFilter', doc.rowFilter, fieldsUnder(service, find), faults);
    if (doc.validTo < doc.validFrom) faults.add('validTo', '截止日早于起始日', 'it ends before it begins');
  },
};

function checkFilter(at: string, filter: Expr | null, fields: readonly SeenField[] | undefined, faults: Faults): void {
  if (!filter || !fields) return;
  const types = Object.fromEntries(fields.map((f) => [f.name, f.type]));
  for (const name of columnsOf(filter)) if (types[name] === undefined) faults.add(at, `没有字段“${name}”`, `there is no field '${name}'`);
  faults.expr(at, filter, types, 'boolean');
}

/** Every fault of a document against the documents in force; empty when it can be accepted. */
export function checkDocument<K extends DocumentKind>(kind: K, doc: DocumentOf<K>, find: Find): readonly DeclarationFault[] {
  const faults = new Faults();
  checks[kind](doc, find, faults);
  return faults.list;
}

/** True when two periods share a day. */
const overlap = (a: { validFrom: string; validTo: string | null }, b: { validFrom: string; validTo: string | null }): boolean =>
  a.validFrom <= (b.validTo ?? '9999') && b.validFrom <= (a.validTo ?? '9999');
