/**
 * The closed subset of patterns that DuckDB (RE2), PostgreSQL (ARE), Trino (RE2J or JONI) and JavaScript (flag u) all read alike.
 *
 * A pattern always speaks about the whole text. It has literal characters, `\` before punctuation, `.` (any one code point, a line
 * break too), classes `[a-z0-9_]` and `[^…]`, groups, alternatives, and the quantifiers `?` `*` `+` `{n}` `{n,}` `{n,m}`.
 * It has no anchors, look-around, back-references, lazy or possessive quantifiers, and no `\d` `\w` `\s`, whose meaning differs.
 * Bounds: repeats up to 255 (PostgreSQL), nested repeats multiply to at most 1000 (RE2), and nothing unbounded is repeated without
 * bound (JavaScript and JONI backtrack).
 */

import { ExprError } from './error.ts';
import { isStorableText } from './storable.ts';

/** Inclusive ranges of code points. */
export type Ranges = readonly (readonly [number, number])[];

export type Pattern =
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: Ranges }
  | { readonly kind: 'any' }
  | { readonly kind: 'sequence'; readonly of: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly of: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly min: number; readonly max: number | null };

export type Dialect = 'duckdb' | 'postgres' | 'trino' | 'javascript';

const MOST_REPEATS = 255;
const MOST_NESTED = 1000;
const SPECIAL = new Set('\\^$.[]|()?*+{}');

/** Parses a pattern of the subset; throws ExprError with the position and the reason otherwise. */
export function parsePattern(pattern: string): Pattern {
  if (!isStorableText(pattern)) refuse(pattern, 0, '含空字符或不成对的代理项', 'NUL or unpaired surrogate');
  const parser = new Parser(pattern);
  const parsed = parser.choice();
  parser.end();
  checkRepeats(pattern, parsed, 1, false);
  return parsed;
}

/** Throws ExprError unless the pattern is in the subset. */
export function checkPattern(pattern: string): void {
  parsePattern(pattern);
}

/** Whether the pattern is in the subset. */
export function isPattern(pattern: string): boolean {
  try {
    parsePattern(pattern);
    return true;
  } catch (error) {
    if (error instanceof ExprError) return false;
    throw error;
  }
}

const WRAP: Readonly<Record<Dialect, readonly [string, string]>> = {
  duckdb: ['', ''], // for regexp_full_match
  postgres: ['^(?:', ')$'],
  trino: ['\\A(?:', ')\\z'], // JONI's $ also matches before a final line break
  javascript: ['^(?:', ')$'],
};

/** The pattern in an engine's dialect, matching whole texts only. */
export function spellPattern(pattern: string, dialect: Dialect): string {
  const [open, close] = WRAP[dialect];
  return `${open}${spell(parsePattern(pattern), dialect)}${close}`;
}

/** Fewest and most characters of what a pattern matches; `most` is null where there is no bound. */
export interface Lengths {
  readonly least: number;
  readonly most: number | null;
}

/** The lengths a text must have to match at all. */
export function lengthsOf(pattern: string): Lengths {
  return lengths(parsePattern(pattern));
}

function lengths(pattern: Pattern): Lengths {
  if (pattern.kind === 'class' || pattern.kind === 'any') return { least: 1, most: 1 };
  if (pattern.kind === 'repeat') {
    const { least, most } = lengths(pattern.of);
    return { least: least * pattern.min, most: most === null || pattern.max === null ? null : most * pattern.max };
  }
  const parts = pattern.of.map(lengths);
  const together = pattern.kind === 'sequence' ? (all: readonly number[]) => all.reduce((sum, n) => sum + n, 0) : null;
  const longest = parts.some((p) => p.most === null) ? null : parts.map((p) => p.most as number);
  return {
    least: together ? together(parts.map((p) => p.least)) : Math.min(...parts.map((p) => p.least)),
    most: longest === null ? null : together ? together(longest) : Math.max(...longest),
  };
}

const compiled = new Map<string, RegExp>();

/** Whether the whole text fits, by JavaScript. */
export function fits(pattern: string, text: string): boolean {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    regex = new RegExp(spellPattern(pattern, 'javascript'), 'su');
    compiled.set(pattern, regex);
  }
  return regex.test(text);
}

class Parser {
  private readonly source: string;
  private readonly chars: readonly string[];
  private at = 0;

  constructor(source: string) {
    this.source = source;
    this.chars = [...source];
  }

  choice(): Pattern {
    const of = [this.sequence()];
    while (this.take('|')) of.push(this.sequence());
    return of.length === 1 ? (of[0] as Pattern) : { kind: 'choice', of };
  }

  end(): void {
    if (this.at < this.chars.length) this.refuse('多余的右括号', 'unmatched )');
  }

  private sequence(): Pattern {
    const of: Pattern[] = [];
    while (this.at < this.chars.length && this.peek() !== '|' && this.peek() !== ')') of.push(this.quantified());
    if (of.length === 0) this.refuse('模式或分支为空', 'empty pattern or branch');
    return of.length === 1 ? (of[0] as Pattern) : { kind: 'sequence', of };
  }

  private quantified(): Pattern {
    const of = this.atom();
    const bounds = this.quantifier();
    if (bounds === undefined) return of;
    if ('?*+{'.includes(this.peek() ?? ' '))
      this.refuse('量词之后不能再有量词（也没有懒惰、占有量词）', 'a quantifier after a quantifier (nor lazy or possessive ones)');
    return { kind: 'repeat', of, ...bounds };
  }

  private quantifier(): { min: number; max: number | null } | undefined {
    if (this.take('?')) return { min: 0, max: 1 };
    if (this.take('*')) return { min: 0, max: null };
    if (this.take('+')) return { min: 1, max: null };
    if (!this.take('{')) return undefined;
    const min = this.count();
    const max = !this.take(',') ? min : this.peek() === '}' ? null : this.count();
    if (!this.take('}') || (max !== null && (max < min || max === 0)))
      this.refuse('次数应写作 {n}、{n,} 或 {n,m}，且 n≤m、m≥1', 'write {n}, {n,} or {n,m} with n ≤ m and m ≥ 1');
    return { min, max };
  }

  private count(): number {
    let digits = '';
    while (/^[0-9]$/u.test(this.peek() ?? '')) digits += this.next();
    if (digits === '' || Number(digits) > MOST_REPEATS) this.refuse(`次数须为0至${MOST_REPEATS}`, `a count of 0 to ${MOST_REPEATS}`);
    return Number(digits);
  }

  private atom(): Pattern {
    if (this.take('.')) return { kind: 'any' };
    if (this.take('[')) return this.characterClass();
    if (this.take('(')) {
      if (this.peek() === '?')
        this.refuse('只允许普通括号（没有环视、命名组、选项）', 'plain groups only (no look-around, names or options)');
      const inside = this.choice();
      if (!this.take(')')) this.refuse('括号没有闭合', 'unclosed group');
      return inside;
    }
    const code = this.character();
    return { kind: 'class', negated: false, ranges: [[code, code]] };
  }

  private characterClass(): Pattern {
    const negated = this.take('^');
    const ranges: [number, number][] = [];
    while (!this.take(']')) {
      const from = this.character(true);
      const isRange = this.peek() === '-' && this.chars[this.at + 1] !== ']' && this.take('-');
      const to = isRange ? this.character(true) : from;
      if (to < from) this.refuse('字符范围颠倒', 'range out of order');
      ranges.push([from, to]);
    }
    if (ranges.length === 0) this.refuse('字符类为空', 'empty class');
    return { kind: 'class', negated, ranges };
  }

  private character(inClass = false): number {
    const char = this.next();
    if (char === '\\') {
      const escaped = this.next();
      if (!/^[!-/:-@[-`{-~]$/u.test(escaped))
        this.refuse(`没有“\\${escaped}”；反斜线之后只能是标点`, `no "\\${escaped}"; only punctuation after a backslash`);
      return codeOf(escaped);
    }
    if (inClass ? char === '[' || char === '^' : SPECIAL.has(char))
      this.refuse(`“${char}”作为普通字符须写作“\\${char}”`, `write "\\${char}" for a literal "${char}"`);
    return codeOf(char);
  }

  private peek(): string | undefined {
    return this.chars[this.at];
  }

  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at++;
    return true;
  }

  private next(): string {
    const char = this.peek();
    if (char === undefined) return this.refuse('模式提前结束', 'the pattern ends too early');
    this.at++;
    return char;
  }

  private refuse(zh: string, en: string): never {
    return refuse(this.source, this.at, zh, en);
  }
}

function refuse(pattern: string, at: number, zh: string, en: string): never {
  throw new ExprError({ zh: `模式“${pattern}”第${at + 1}字处：${zh}`, en: `pattern "${pattern}" at ${at + 1}: ${en}` });
}

function checkRepeats(source: string, pattern: Pattern, times: number, unbounded: boolean): void {
  if (pattern.kind === 'sequence' || pattern.kind === 'choice') for (const part of pattern.of) checkRepeats(source, part, times, unbounded);
  if (pattern.kind !== 'repeat') return;
  const product = times * Math.max(pattern.max ?? pattern.min, 1);
  if (product > MOST_NESTED) refuse(source, 0, `嵌套次数之积超过${MOST_NESTED}`, `nested counts multiply to more than ${MOST_NESTED}`);
  if (unbounded && pattern.max === null)
    refuse(source, 0, '不限次数的重复之内不能再有不限次数的重复', 'unbounded repeat inside an unbounded repeat');
  checkRepeats(source, pattern.of, product, unbounded || pattern.max === null);
}

function spell(pattern: Pattern, dialect: Dialect): string {
  switch (pattern.kind) {
    case 'any':
      return dialect === 'javascript' || dialect === 'postgres' ? '.' : '(?s:.)';
    case 'class':
      return spellClass(pattern.negated, pattern.ranges, dialect);
    case 'sequence':
      return pattern.of.map((part) => (part.kind === 'choice' ? `(?:${spell(part, dialect)})` : spell(part, dialect))).join('');
    case 'choice':
      return pattern.of.map((part) => spell(part, dialect)).join('|');
    case 'repeat': {
      const inner = spell(pattern.of, dialect);
      return `${pattern.of.kind === 'class' || pattern.of.kind === 'any' ? inner : `(?:${inner})`}${spellBounds(pattern.min, pattern.max)}`;
    }
  }
}

function spellClass(negated: boolean, ranges: Ranges, dialect: Dialect): string {
  const [first] = ranges;
  if (!negated && ranges.length === 1 && first !== undefined && first[0] === first[1]) return spellCharacter(first[0], dialect);
  const inside = ranges.map(([from, to]) =>
    from === to ? spellCharacter(from, dialect) : `${spellCharacter(from, dialect)}-${spellCharacter(to, dialect)}`,
  );
  return `[${negated ? '^' : ''}${inside.join('')}]`;
}

function spellCharacter(code: number, dialect: Dialect): string {
  const char = String.fromCodePoint(code);
  const escaped = dialect === 'javascript' ? SPECIAL.has(char) || char === '/' : /^[!-/:-@[-`{-~]$/u.test(char);
  if (dialect === 'javascript' && char === '-') return '\\x2d'; // \- is allowed in a class only
  return escaped ? `\\${char}` : char;
}

function spellBounds(min: number, max: number | null): string {
  if (min === 0 && max === 1) return '?';
  if (max === null) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function codeOf(char: string): number {
  return char.codePointAt(0) as number;
}
