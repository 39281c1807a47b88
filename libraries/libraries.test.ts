/** The libraries as documents: they pass their own check, and what is sensitive is masked or has a stated reason. */

import { expect, test } from 'vitest';
import { checkDocument, type Find } from '#declare';
import { codeLists, elements } from '#elements/index';
import { libraries, services } from './index.ts';

const documents: Readonly<Record<string, readonly { readonly id: string }[]>> = {
  library: libraries,
  service: services,
  element: elements,
  'code-list': codeLists,
};
const find: Find = (kind, id) => documents[kind]?.find((d) => d.id === id) as never;

test.each(libraries)('$id passes its check', (l) => expect(checkDocument('library', l, find)).toEqual([]));
test.each(services)('$id passes its check', (s) => expect(checkDocument('service', s, find)).toEqual([]));

test('every field of a library is fed by a table', () => {
  for (const l of libraries)
    for (const f of l.fields)
      expect(
        l.feeds.some((feed) => feed.map[f.name] !== undefined),
        `${l.id}.${f.name}`,
      ).toBe(true);
});

test('ids are said once', () => {
  const ids = [...libraries, ...services].map((d) => d.id);
  expect(new Set(ids).size).toBe(ids.length);
});
