import { topicSummaries } from '../run/aliases.data.js';
import { findCommand } from '../run/find-command.js';
import type { CommandTree, TreeFlag } from './tree.js';

/** One thing that may be typed. */
export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** Names that only files or a server can tell. */
export type Lookup =
  | { readonly kind: 'contexts' }
  | { readonly kind: 'clusters' }
  | { readonly kind: 'streams' }
  | { readonly kind: 'topics'; readonly stream: string }
  | { readonly kind: 'groups'; readonly stream: string; readonly topic: string };

/** What may stand at the place of the cursor. */
export interface Suggestion {
  readonly candidates: readonly Candidate[];
  readonly lookup?: Lookup;
  /** Words of the command line that choose the server, such as `-C NAME`. */
  readonly connection: Readonly<Record<string, string>>;
}

const connectionFlags = ['config', 'context', 'server'];

/**
 * What may be typed in place of the last word.
 *
 * @param words - behind the program's name; the last one is being typed and may be empty.
 */
export function suggest(tree: CommandTree, words: readonly string[]): Suggestion {
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? '';
  if (before.includes('--')) return { candidates: [], connection: {} };
  const ids = Object.keys(tree.commands);
  const index = {
    has: (id: string) => tree.commands[id] !== undefined,
    isTopic: (id: string) => ids.some((each) => each.startsWith(`${id}:`)),
  };
  const { id, rest } = findCommand(before, index, new Map(Object.entries(tree.flags)));
  const flags = { ...tree.flags, ...tree.commands[id]?.flags };
  const { values, positionals, open } = read(rest, flags);
  const connection = Object.fromEntries(
    connectionFlags.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  );
  if (open !== undefined) return { ...valuesOf(open, flags), connection };
  if (typed.startsWith('-')) return { candidates: flagsOf(flags), connection };
  const inner = positionals.length === 0 ? below(id, tree) : [];
  if (tree.commands[id] === undefined) return { candidates: inner, connection };
  const found = argumentsOf(id, positionals, tree);
  return { candidates: [...inner, ...found.candidates], ...lookupOf(found), connection };
}

function lookupOf({ lookup }: Pick<Suggestion, 'lookup'>): Pick<Suggestion, 'lookup'> {
  return lookup === undefined ? {} : { lookup };
}

/** Tells values of flags from arguments; `open` is a flag whose value is being typed. */
function read(rest: readonly string[], flags: Readonly<Record<string, TreeFlag>>) {
  const values: Record<string, string> = {};
  const positionals: string[] = [];
  let open: string | undefined;
  for (const word of rest) {
    if (open !== undefined) {
      values[open] = word;
      open = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      const name = nameOf(word, flags);
      const [, value] = /=(.*)$/.exec(word) ?? [];
      if (name !== undefined && value !== undefined) values[name] = value;
      else if (name !== undefined && flags[name]?.takesValue === true) open = name;
    } else {
      positionals.push(word);
    }
  }
  return { values, positionals, open };
}

function nameOf(word: string, flags: Readonly<Record<string, TreeFlag>>): string | undefined {
  const [head = ''] = word.split('=');
  if (head.startsWith('--')) return flags[head.slice(2)] === undefined ? undefined : head.slice(2);
  return Object.keys(flags).find((name) => flags[name]?.char === head[1] && head.length === 2);
}

function valuesOf(name: string, flags: Readonly<Record<string, TreeFlag>>) {
  if (name === 'context') return { candidates: [], lookup: { kind: 'contexts' } as const };
  if (name === 'local') return { candidates: [], lookup: { kind: 'clusters' } as const };
  return { candidates: (flags[name]?.options ?? []).map((value) => ({ value })) };
}

function flagsOf(flags: Readonly<Record<string, TreeFlag>>): Candidate[] {
  const all = Object.entries(flags).map(([name, { summary }]) => ({
    value: `--${name}`,
    about: summary,
  }));
  return [...all, { value: '--help', about: 'Show help.' }];
}

/** The next words of commands that begin with this id. */
function below(id: string, { commands }: CommandTree): Candidate[] {
  const prefix = id === '' ? '' : `${id}:`;
  const found = new Map<string, string>();
  for (const [known, { summary }] of Object.entries(commands)) {
    if (!known.startsWith(prefix) || known === id) continue;
    const [word = '', ...more] = known.slice(prefix.length).split(':');
    if (more.length === 0) found.set(word, summary);
    else if (!found.has(word)) found.set(word, topicSummaries[word] ?? '');
  }
  return [...found].map(([value, about]) => ({ value, about }));
}

function argumentsOf(
  id: string,
  positionals: readonly string[],
  { commands }: CommandTree,
): Pick<Suggestion, 'candidates' | 'lookup'> {
  const { args } = commands[id] ?? { args: [] };
  const arg = args[positionals.length];
  if (arg === undefined) return { candidates: [] };
  if (arg.options !== undefined) return { candidates: arg.options.map((value) => ({ value })) };
  const at = (name: string) => positionals[args.findIndex((each) => each.name === name)] ?? '';
  const [topic, verb] = id.split(':');
  const isNew = verb === 'create' || verb === 'up' || verb === 'import';
  if (topic === 'context' && (arg.name === 'name' || arg.name === 'from') && !isNew) {
    return { candidates: [], lookup: { kind: 'contexts' } };
  }
  if (topic === 'cluster' && arg.name === 'name' && !isNew) {
    return { candidates: [], lookup: { kind: 'clusters' } };
  }
  if (arg.name === 'stream') return { candidates: [], lookup: { kind: 'streams' } };
  if (arg.name === 'topic')
    return { candidates: [], lookup: { kind: 'topics', stream: at('stream') } };
  if (arg.name !== 'group') return { candidates: [] };
  const lookup = { kind: 'groups', stream: at('stream'), topic: at('topic') } as const;
  return { candidates: [], lookup };
}
