/**
 * Membership in long code lists by a join. Spelled in place, a list of 7,000 codes with their days becomes thousands of comparisons per
 * value (12 s for 28,000 rows); joined once per operand it costs a hash lookup.
 */
import { type CodeListItem, col, type Expr, mapChildren } from '#declare/expr/index';
import { literal } from '#kernel/sql/quote';
import type { ExprEnv } from '#kernel/stage';

/** Lists shorter than this are quicker in place. */
const longList = 64;

/** A list as the statement reads it: one row a code, with the days of up to `periods` periods. */
interface JoinedList {
  readonly name: string;
  readonly periods: number;
  readonly rows: string;
}

interface Membership {
  readonly column: string;
  readonly list: JoinedList;
  /** Column of the operand, and alias of the list's row that it found: memberships of one operand in one list have them in common. */
  readonly joined: string;
  /** The operand and, where the list is asked as of a day, the day: SQL over the step before. */
  readonly of: string;
  readonly at: string | null;
  readonly absent: 'holds' | 'fails' | 'unknown';
}

/** Takes memberships out of expressions and says how to compute them. */
export class Memberships {
  readonly #env: ExprEnv;
  readonly #prefix: string;
  readonly #lists = new Map<string, JoinedList>();
  readonly #found = new Map<string, Membership>();

  /** @param prefix begins the names of the columns, so that two layers of one statement do not meet */
  constructor(env: ExprEnv, prefix: string) {
    this.#env = env;
    this.#prefix = prefix;
  }

  /** The tree with every membership in a long list replaced by a column of the layer; `spelled` spells an operand over the step before. */
  taken(expr: Expr, spelled: (e: Expr) => string): Expr {
    if ((expr.kind === 'inList' || expr.kind === 'inListAt') && this.#env.codeList(expr.list).length >= longList) {
      const at = expr.kind === 'inListAt' ? spelled(expr.at) : null;
      return col(this.#columnFor(expr.list, spelled(expr.of), at, expr.absent), 'boolean');
    }
    return mapChildren(expr, (child) => this.taken(child, spelled));
  }

  /** The layers over `step` that add the columns; none when nothing was taken out. */
  layers(): readonly string[] {
    const found = [...this.#found.values()];
    if (found.length === 0) return [];
    const firsts = found.filter((m) => m.joined === m.column);
    const operands = [
      ...firsts.map((m) => `${m.of} as ${m.joined}_x`),
      ...found.flatMap((m) => (m.at === null ? [] : [`${m.at} as ${m.column}_d`])),
    ];
    const joins = firsts.map((m) => `left join ${m.list.name} as ${m.joined}_l on ${m.joined}_l.code = step.${m.joined}_x`);
    return [
      `select *, ${operands.join(', ')} from step`,
      `select step.*, ${found.map((m) => `${verdictOf(m)} as ${m.column}`).join(', ')} from step ${joins.join(' ')}`,
    ];
  }

  /** Common table expressions of the lists. */
  lists(): readonly string[] {
    return [...this.#lists.values()].map((l) => `${l.name} as materialized (${l.rows})`);
  }

  #columnFor(id: string, of: string, at: string | null, absent: Membership['absent']): string {
    const key = JSON.stringify([id, of, at, absent]);
    const known = this.#found.get(key);
    if (known) return known.column;
    const column = `${this.#prefix}${this.#found.size + 1}`;
    const list = this.#listFor(id);
    const same = [...this.#found.values()].find((m) => m.list === list && m.of === of);
    const made = { column, list, joined: same?.joined ?? column, of, at, absent };
    this.#found.set(key, made);
    return made.column;
  }

  #listFor(id: string): JoinedList {
    const known = this.#lists.get(id);
    if (known) return known;
    const made = joinedList(`${this.#prefix}l${this.#lists.size + 1}`, this.#env.codeList(id));
    this.#lists.set(id, made);
    return made;
  }
}

/** Verdict of one membership: an absent operand means what the node says, of a code or of a day alike. */
function verdictOf(m: Membership): string {
  const l = `${m.joined}_l`;
  const day = `step.${m.column}_d`;
  const on = Array.from({ length: m.list.periods }, (_, i) => `${day} between ${l}.f${i + 1} and ${l}.t${i + 1}`);
  const holds = m.at === null ? `${l}.code is not null` : `coalesce(${on.join(' or ')}, false)`;
  const missing = [`step.${m.joined}_x is null`, ...(m.at === null ? [] : [`${day} is null`])].join(' or ');
  const said = m.absent === 'unknown' ? 'null' : String(m.absent === 'holds');
  return `case when ${missing} then ${said} else ${holds} end`;
}

/** One row a code; the days are carried as JSON text, which the engine reads faster than seven thousand tuples. */
function joinedList(name: string, items: readonly CodeListItem[]): JoinedList {
  const byCode = Map.groupBy(items, (i) => i.code);
  const periods = Math.max(1, ...[...byCode.values()].map((p) => p.length));
  const rows = [...byCode].map(([code, spans]) => ({
    code,
    ...Object.fromEntries(
      spans.flatMap((s, i) => [
        [`f${i + 1}`, s.validFrom ?? '0001-01-01'],
        [`t${i + 1}`, s.validTo ?? '9999-12-31'],
      ]),
    ),
  }));
  const columns = Array.from({ length: periods }, (_, i) => `"f${i + 1}":"DATE","t${i + 1}":"DATE"`).join(',');
  return {
    name,
    periods,
    rows: `select unnest(from_json(${literal('duckdb', JSON.stringify(rows))}, '[{"code":"VARCHAR",${columns}}]'), recursive := true)`,
  };
}
