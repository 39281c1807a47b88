/** The recorded requests of a corpus: files in the form of the OWASP Core Rule Set's regression tests, and files that are bodies. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { bytesOf } from './send.ts';

export interface Recorded {
  readonly name: string;
  /** The request as it was sent to somebody else's server. */
  readonly bytes: Buffer;
  /** Every text a caller could have meant by it: names and values of the query and of the body, header values, and the path. */
  readonly texts: readonly string[];
}

interface Input {
  readonly method?: string;
  readonly uri?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly encoded_request?: string;
}

/** Every file below a folder. */
export const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith(ending))
    .sort()
    .map((f) => join(folder, f));

/** Reads all requests below a folder. */
export function readCorpus(folder: string): Recorded[] {
  return filesIn(folder, '.yaml').flatMap((file) => {
    const { tests = [] } = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as {
      tests?: readonly { readonly stages: readonly { readonly input: Input }[] }[];
    };
    return tests.flatMap((t, n) => t.stages.map((s) => recorded(`${file.slice(folder.length + 1)}#${n + 1}`, s.input)));
  });
}

function recorded(name: string, input: Input): Recorded {
  const headers = Object.fromEntries(Object.entries(input.headers ?? {}).map(([n, v]) => [n, String(v)]));
  const body =
    input.data === undefined || input.data === null ? '' : typeof input.data === 'string' ? input.data : JSON.stringify(input.data);
  const path = input.uri ?? '/';
  const bytes = input.encoded_request
    ? Buffer.from(input.encoded_request, 'base64')
    : bytesOf({ method: input.method ?? 'GET', path, headers, body: body ? Buffer.from(body) : undefined });
  const query = path.includes('?') ? path.slice(path.indexOf('?') + 1) : '';
  const texts = [path, body, query, ...pairs(query), ...pairs(body), ...Object.values(headers)];
  return { name, bytes, texts: [...new Set(texts.filter((t) => t !== ''))] };
}

/** Names and values of a form, decoded where they can be. */
const pairs = (form: string): string[] => [...new URLSearchParams(form)].flat();
