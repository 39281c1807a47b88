/** What the arguments order: the command, what it is about, and its options. Whatever would be ignored is refused. */
import { parseArgs } from 'node:util';
import { settings } from '#kernel/config';
import { Refusal } from '#kernel/errors';
import './usage-errors.ts';

interface Command {
  /** What has to be named behind it. */
  readonly argument: string | null;
  readonly options: readonly string[];
}

const client = ['data', 'user', 'json'];

const commands = {
  up: { argument: null, options: ['data', 'port', 'scale', 'seed', 'node', 'reset'] },
  plan: { argument: null, options: client },
  apply: { argument: null, options: client },
  run: { argument: '<source>', options: client },
  upload: { argument: '<file>', options: [...client, 'yes', 'to', 'new', 'encoding'] },
} as const satisfies Record<string, Command>;
export type CommandName = keyof typeof commands;

const options: Readonly<Record<string, { type: 'string' | 'boolean' }>> = {
  ...Object.fromEntries(
    Object.values(settings)
      .filter((s) => s.flag)
      .map((s) => [s.flag.slice(2), { type: 'string' as const }]),
  ),
  user: { type: 'string' },
  to: { type: 'string' },
  encoding: { type: 'string' },
  reset: { type: 'boolean' },
  json: { type: 'boolean' },
  yes: { type: 'boolean' },
  new: { type: 'boolean' },
  help: { type: 'boolean' },
};

/** What was ordered; `help` for the page of usage. */
export interface Usage {
  readonly command: CommandName | 'help';
  /** The source or the file; empty where the command has none. */
  readonly argument: string;
  /** The value of an option. */
  readonly text: Readonly<Record<string, string>>;
  /** Options that are simply given. */
  readonly given: ReadonlySet<string>;
}

/** Reads the arguments. @throws Refusal USAGE_… naming what cannot be carried out */
export function readUsage(args: readonly string[]): Usage {
  // Not strict: the parser's own complaints are English, and a negative number behind an option is a value that its setting refuses.
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const [text, given, positionals]: [Record<string, string>, Set<string>, string[]] = [{}, new Set(), []];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = token.rawName;
    const spec = Object.hasOwn(options, token.name) && option.startsWith('--') ? options[token.name] : undefined;
    if (!spec) throw new Refusal('USAGE_OPTION_UNKNOWN', { option });
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw new Refusal('USAGE_OPTION_BARE', { option });
      given.add(token.name);
    } else {
      if (!token.value || (token.value.startsWith('--') && !token.inlineValue)) throw new Refusal('USAGE_OPTION_VALUE', { option });
      text[token.name] = token.value;
    }
  }
  const [command, argument, ...surplus] = positionals;
  if (given.has('help') || command === undefined || command === 'help') return { command: 'help', argument: '', text, given };
  if (!Object.hasOwn(commands, command)) throw new Refusal('USAGE_COMMAND_UNKNOWN', { command });
  const spec: Command = commands[command as CommandName];
  if (spec.argument !== null && argument === undefined) throw new Refusal('USAGE_ARGUMENT_MISSING', { command, argument: spec.argument });
  const more = spec.argument === null && argument !== undefined ? [argument, ...surplus] : surplus;
  if (more.length > 0) throw new Refusal('USAGE_ARGUMENT_SURPLUS', { argument: more.join(' ') });
  const unused = [...Object.keys(text), ...given].find((o) => !spec.options.includes(o));
  if (unused !== undefined) throw new Refusal('USAGE_OPTION_UNUSED', { command, option: `--${unused}` });
  if (given.has('new') && text['to'] !== undefined) throw new Refusal('USAGE_OPTIONS_OPPOSED', { option: '--to', other: '--new' });
  return { command: command as CommandName, argument: argument ?? '', text, given };
}
