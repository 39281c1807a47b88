/** The import law: who may import what. It prints the offending line, has no list of exceptions, and fails when it sees no modules. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { elements } from '#elements/index';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The stages, upstream first: each sees the faces of those left of it. */
const river = ['catalog', 'collect', 'govern', 'library', 'share', 'gateway'] as const;

/** What a folder may import besides itself. A stage's face is `src/<stage>/index.ts` and nothing else of it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  declare: [],
  elements: ['declare'],
  rules: ['elements', 'declare'],
  libraries: ['rules', 'elements', 'declare'],
  connectors: ['declare'],
  city: ['declare', 'elements', 'libraries'],
  'src/kernel': ['declare'],
  ...Object.fromEntries(
    river.map((stage, i) => [`src/${stage}`, ['declare', 'src/kernel', ...river.slice(0, i).map((s) => `src/${s}/index.ts`)]]),
  ),
  web: ['declare'],
  bin: ['*'],
};

const aliases = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> }).imports;

/** The file an import names, from the root; undefined for packages. */
function resolveImport(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return relative(root, join(root, dirname(from), name));
  for (const [alias, target] of Object.entries(aliases)) {
    if (alias === name) return relative(root, join(root, target));
    const [head = '', tail] = alias.split('*');
    if (tail !== undefined && name.startsWith(head)) return relative(root, join(root, target.replace('*', name.slice(head.length))));
  }
  return undefined;
}

const folderOf = (path: string): string => (path.startsWith('src/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? ''));

interface Found {
  readonly file: string;
  readonly line: number;
  readonly name: string;
}

/** Every import of a file, by a parser: static, re-exported, dynamic and of types alike. */
function importsOf(file: string): readonly Found[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const at = (start: number) => text.slice(0, start).split('\n').length;
  return [
    ...module.staticImports.map((i) => ({ file, line: at(i.start), name: i.moduleRequest.value })),
    ...module.staticExports.flatMap((e) =>
      e.entries.flatMap((x) => (x.moduleRequest ? [{ file, line: at(e.start), name: x.moduleRequest.value }] : [])),
    ),
    ...module.dynamicImports.map((i) => ({
      file,
      line: at(i.start),
      name: text.slice(i.moduleRequest.start, i.moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    })),
  ];
}

function offence({ file, line, name }: Found): string | undefined {
  const target = resolveImport(file, name);
  if (target === undefined) return undefined;
  const from = folderOf(file);
  const to = folderOf(target);
  if (from === to) return undefined;
  const allowed = mayImport[from] ?? [];
  const ok = allowed.includes('*') || allowed.some((a) => a === to || a === target);
  return ok ? undefined : `${file}:${line} may not import ${name} (${target})`;
}

const modules = globSync(
  Object.keys(mayImport).map((f) => `${f}/**/*.{ts,tsx}`),
  { cwd: root },
)
  .filter((f) => !/\.test\.tsx?$|(^|\/)test-[^/]*\.ts$|node_modules|web\/dist/.test(f))
  .sort();

test('every folder imports only what the law permits', () => {
  expect(modules.length).toBeGreaterThan(100);
  const found = modules.flatMap(importsOf);
  expect(found.length).toBeGreaterThan(300);
  expect(found.flatMap((f) => offence(f) ?? [])).toEqual([]);
});

test('the law sees a planted offence in either direction', () => {
  expect(offence({ file: 'src/govern/x.ts', line: 3, name: '#share' })).toBe(
    'src/govern/x.ts:3 may not import #share (src/share/index.ts)',
  );
  expect(offence({ file: 'src/share/x.ts', line: 1, name: '#govern' })).toBeUndefined();
  expect(offence({ file: 'src/share/x.ts', line: 1, name: '../govern/compile.ts' })).toContain('may not import');
  expect(offence({ file: 'rules/x.ts', line: 1, name: '#city/index' })).toContain('may not import');
  expect(offence({ file: 'libraries/x/y.ts', line: 1, name: '#kernel/errors' })).toContain('may not import');
  expect(offence({ file: 'src/kernel/x.ts', line: 1, name: '#elements/index' })).toContain('may not import');
});

test('the kernel speaks no government word, and the machine names no content', () => {
  const government = /\b(citizen|population|legal.?entity|enterprise|bureau|police|resident)\b/i;
  const content =
    /['"`](population|legal-entity|identity-number|credit-code|not-in-future|birth-matches-identity-number|exact-duplicate-rule)['"`]/;
  const guilty = modules
    .filter((f) => f.startsWith('src/'))
    .flatMap((f) =>
      readFileSync(join(root, f), 'utf8')
        .split('\n')
        .flatMap((line, i) => {
          const words = f.startsWith('src/kernel/') && !f.includes('policy/policy.ts') ? government.test(line) : false;
          return words || content.test(line) ? [`${f}:${i + 1}: ${line.trim()}`] : [];
        }),
    );
  expect(guilty).toEqual([]);
});

/** Lines that ask whether an element is a certain one, by its identifier: what sets it apart belongs into its declaration. */
function namesElement(text: string): readonly string[] {
  const ids = elements.map((e) => e.id).join('|');
  const element = String.raw`\b(?:[\w$]*[eE]lement|\w+\.element|(?:[\w$]*[eE]lement|means|chosen|e)\??\.id)`;
  const asks = new RegExp(
    String.raw`${element}\s*[!=]==?\s*['"](?:${ids})['"]|['"](?:${ids})['"]\s*[!=]==?\s*${element}\b|\('element', '(?:${ids})'\)`,
  );
  return text.split('\n').filter((line) => asks.test(line));
}

test('the machine asks what an element declares, never which one it is', () => {
  const machine = modules.filter((f) => f.startsWith('src/'));
  expect(machine.length).toBeGreaterThan(100);
  expect(machine.flatMap((f) => namesElement(readFileSync(join(root, f), 'utf8')).map((line) => `${f}: ${line.trim()}`))).toEqual([]);
});

test('that law sees a planted offence, and no type of a value', () => {
  const planted = [
    "if (element.id === 'name') return 0;",
    "return 'phone' !== chosen.element;",
    "e.id == 'sex'",
    "snapshot.get('element', 'date')",
  ];
  for (const line of planted) expect(namesElement(line)).toEqual([line]);
  expect(namesElement("governedType(element) === 'date' || element.type === 'number' || found.name === 'same'")).toEqual([]);
});
