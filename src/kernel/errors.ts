/** Refusals: the closed list of ways to say no. A refusal is the user's business; anything else thrown is our bug. */

/** One row of the catalogue of refusals. `{name}` in a sentence is filled from the refusal's parameters. */
export interface ErrorSpec {
  /** HTTP status it leaves with. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 423 | 429 | 500 | 503 | 507;
  readonly zh: string;
  readonly en: string;
  /** What to do now. */
  readonly hint: { readonly zh: string; readonly en: string };
  /** Seconds after which it may have passed by itself, so that work of ours is tried again; absent where a person must act. */
  readonly again?: number;
}

export type ErrorTable = Readonly<Record<string, ErrorSpec>>;

const catalogue = new Map<string, ErrorSpec>();

/** Adds a stage's refusals to the catalogue. A code is said once in the whole product; saying it twice is a bug. */
export function defineErrors<T extends ErrorTable>(table: T): T {
  for (const [code, spec] of Object.entries(table)) {
    if (catalogue.has(code) && catalogue.get(code) !== spec) throw new Error(`refusal ${code} is defined twice`);
    catalogue.set(code, spec);
  }
  return table;
}

/** Every refusal known to this process, by code. */
export const errorCatalogue = (): ReadonlyMap<string, ErrorSpec> => catalogue;

/** Fills `{name}` places of a sentence. */
export const fill = (sentence: string, params: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (place, name: string) => (params[name] === undefined ? place : String(params[name])));

/** Says no, with a code of the catalogue. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** Further faults, each with its place (a declaration that was refused names them all). */
  readonly faults: readonly { readonly at: string; readonly zh: string; readonly en: string }[];
  /** Seconds after which it may have passed, where this one knows better than its kind. */
  readonly again: number | undefined;

  constructor(
    code: string,
    params: Readonly<Record<string, string | number>> = {},
    options: {
      readonly cause?: unknown;
      readonly faults?: readonly { readonly at: string; readonly zh: string; readonly en: string }[];
      readonly again?: number | undefined;
    } = {},
  ) {
    const spec = catalogue.get(code);
    super(
      spec ? `${code}: ${fill(spec.en, params)}` : `${code} ${JSON.stringify(params)}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.params = params;
    this.faults = options.faults ?? [];
    this.again = options.again;
  }
}

/** True for a refusal, whichever copy of this module made it. */
export const isRefusal = (error: unknown): error is Refusal => error instanceof Refusal;

/** A refusal as it leaves through any door: RFC 9457 problem details with the sentence in both languages. */
export interface Problem {
  readonly type: string;
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly titleEn: string;
  readonly hint: string;
  readonly hintEn: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly faults: readonly { readonly at: string; readonly zh: string; readonly en: string }[];
  /** Seconds after which it may have passed by itself. */
  readonly again?: number;
  /** For a bug of ours: the number under which it was noted. */
  readonly incident?: string;
}

/** The problem document of a refusal. */
export function problemOf(refusal: Refusal): Problem {
  const spec = catalogue.get(refusal.code);
  if (!spec) throw new Error(`refusal ${refusal.code} is not in the catalogue`, { cause: refusal });
  const again = refusal.again ?? spec.again;
  return {
    type: `urn:chengshu:refusal:${refusal.code}`,
    code: refusal.code,
    status: spec.status,
    title: fill(spec.zh, refusal.params),
    titleEn: fill(spec.en, refusal.params),
    hint: fill(spec.hint.zh, refusal.params),
    hintEn: fill(spec.hint.en, refusal.params),
    params: refusal.params,
    faults: refusal.faults,
    ...(again !== undefined && { again }),
  };
}

/** Refusals of the kernel itself. */
export const kernelErrors = defineErrors({
  PLATFORM_BUG: {
    status: 500,
    zh: '平台内部错误，已记录为 {incident}',
    en: 'An internal error occurred; it was noted as {incident}',
    hint: { zh: '请把编号告诉系统管理员，您的数据没有改变。', en: 'Give the number to the system administrator; your data is unchanged.' },
  },
  INPUT_INVALID: {
    status: 400,
    zh: '提交的内容不合要求',
    en: 'The input is not acceptable',
    hint: { zh: '请按所列位置逐项修改后重新提交。', en: 'Mend the places listed and submit again.' },
  },
  DOCUMENT_REFUSED: {
    status: 422,
    zh: '{kind}“{id}”不能接受',
    en: "{kindEn} '{id}' cannot be accepted",
    hint: { zh: '请按所列位置逐项修改。', en: 'Mend the places listed.' },
  },
  DOCUMENT_NOT_FOUND: {
    status: 404,
    zh: '找不到{kind}“{id}”',
    en: "There is no {kindEn} '{id}'",
    hint: { zh: '请核对编号，或确认您是否有权查看。', en: 'Check the id, or whether you may see it.' },
  },
  VERSIONS_NOT_YOURS: {
    status: 403,
    zh: '{kind}“{id}”的各个版本只由编制它的部门查看',
    en: "The versions of {kindEn} '{id}' are seen by the department that compiles it",
    hint: {
      zh: '公开的是现行内容；需要以前的版本，请与该部门联系。',
      en: 'What is in force is open; for former versions ask that department.',
    },
  },
  DOCUMENT_IN_USE: {
    status: 409,
    zh: '不能改动{kind}“{id}”：生效中的授权 {grant} 正在使用字段“{field}”',
    en: "{kindEn} '{id}' cannot change: the live grant {grant} names its field '{field}'",
    hint: {
      zh: '请先与使用部门商定并撤销该授权，或保留该字段。',
      en: 'Agree with the consumer and revoke that grant first, or keep the field.',
    },
  },
  DOCUMENT_EXISTS: {
    status: 409,
    zh: '{kind}“{id}”已经存在',
    en: "{kindEn} '{id}' exists already",
    hint: { zh: '请换一个编号，或打开已有的进行修改。', en: 'Choose another id, or open the existing one.' },
  },
  RECORD_UNAVAILABLE: {
    status: 503,
    zh: '访问记录写不下去，因此不返回数据',
    en: 'The access record cannot be written, so no data is returned',
    hint: { zh: '记录恢复后自动恢复服务，请稍后重试。', en: 'Service resumes by itself once the record can be written; try again later.' },
  },
  OBJECT_MISSING: {
    status: 500,
    zh: '对象 {digest} 不在存储里',
    en: 'Object {digest} is not in the store',
    hint: { zh: '请从备份恢复 objects 目录后重试。', en: 'Restore the objects folder from a backup and try again.' },
  },
});
