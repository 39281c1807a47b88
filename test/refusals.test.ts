/** The catalogue of refusals: every sentence in both languages, with a hint, alike in form, and filled by whoever throws it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCatalogue } from '#kernel/errors';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'bin'], { encoding: 'utf8' })
  .split('\n')
  .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'));
for (const file of files.filter((f) => readFileSync(f, 'utf8').includes('defineErrors({')))
  await import(new URL(`../${file}`, import.meta.url).href);
const catalogue = [...errorCatalogue()];
const places = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ''))].toSorted();
/** A place of the English sentence is the same parameter, or its English twin. */
const meaning = (text: string): string[] => [...new Set(places(text).map((p) => p.replace(/En$/, '')))].toSorted();

test('knows every code the source names', () => {
  expect(catalogue.length).toBeGreaterThan(60);
  const named = files.flatMap((f) => [...readFileSync(f, 'utf8').matchAll(/new Refusal\(\s*'([A-Z_]+)'/g)].map((m) => m[1] ?? ''));
  const unknown = named.filter((code) => !errorCatalogue().has(code));
  expect(unknown).toEqual([]);
  const text = files.map((f) => readFileSync(f, 'utf8')).join('\n');
  const idle = catalogue.map(([code]) => code).filter((code) => (text.match(new RegExp(`\\b${code}\\b`, 'g')) ?? []).length < 2);
  expect(idle, 'never thrown').toEqual([]);
});

test.each(catalogue)('%s speaks both languages and says what to do', (code, spec) => {
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
  const [zh, en] = [
    [spec.zh, spec.hint.zh],
    [spec.en, spec.hint.en],
  ] as const;
  for (const text of zh) expect(text === '{hint}' || /\p{Script=Han}/u.test(text) || code === 'REMOTE_REFUSAL', text).toBe(true);
  for (const text of en) {
    expect(text).toMatch(/[a-z{]{2}/);
    expect(text).not.toMatch(/[\p{Script=Han}，。；：“”]/u);
  }
  for (const text of [...zh, ...en]) {
    expect(text.trim()).toBe(text);
    // What is left is JSON shown as an example.
    for (const braces of text.replaceAll(/\{\w+\}/g, '').match(/\{[^}]*\}?|\}/g) ?? []) expect(braces).toMatch(/^\{"[^{}]+\}$/);
  }
  // A sentence is put before other words and stands alone in a heading: no full stop. A hint is a sentence of its own: a full stop.
  for (const text of [spec.zh, spec.en]) expect(text).not.toMatch(/[.。!！]$/);
  for (const text of [spec.hint.zh, spec.hint.en].filter((t) => !/^\{\w+\}$/.test(t))) expect(text).toMatch(/[.。]$/);
  expect(meaning(spec.en)).toEqual(meaning(spec.zh));
  expect(meaning(spec.hint.en)).toEqual(meaning(spec.hint.zh));
});

test('whoever says no fills every place of the sentence', () => {
  const empty: string[] = [];
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const m of text.matchAll(/new Refusal\(\s*'([A-Z_]+)'\s*(,\s*\{|\)|,)/g)) {
      const spec = errorCatalogue().get(m[1] ?? '');
      const after = m.index + m[0].length;
      const given = m[2]?.endsWith('{') ? keysOf(text.slice(after)) : m[2] === ')' ? [] : null;
      if (!spec || !given) continue;
      const missing = [spec.zh, spec.en, spec.hint.zh, spec.hint.en].flatMap(places).filter((p) => !given.includes(p));
      if (missing.length > 0) empty.push(`${file}: ${m[1]} lacks ${[...new Set(missing)].join(', ')}`);
    }
  }
  expect(empty).toEqual([]);
});

/** Names of the properties of an object literal that has just been opened; null when one is spread into it. */
function keysOf(text: string): string[] | null {
  const parts: string[] = [''];
  let depth = 0;
  let quote = '';
  for (const [i, c] of [...text].entries()) {
    if (quote) {
      if (c === quote && text[i - 1] !== '\\') quote = '';
    } else if (/['"`]/.test(c)) quote = c;
    else if (/[([{]/.test(c)) depth += 1;
    else if (/[)\]}]/.test(c)) {
      depth -= 1;
      if (depth < 0) break;
    } else if (c === ',' && depth === 0) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += c;
  }
  const names = parts.map((p) => p.trim()).filter(Boolean);
  return names.some((n) => n.startsWith('...')) ? null : names.map((n) => /^['"]?(\w+)/.exec(n)?.[1] ?? '');
}
