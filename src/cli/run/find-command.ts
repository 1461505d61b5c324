import { topicAliases, verbAliases } from './aliases.data.js';

/** The commands there are, by id with colons. */
export interface CommandIndex {
  has(id: string): boolean;
  /** True when some command's id begins with this and a colon. */
  isTopic(id: string): boolean;
}

/** A command line cut into the command and its words. */
export interface FoundCommand {
  /** Id with colons; a command, a topic, or nothing that is known. */
  readonly id: string;
  readonly rest: readonly string[];
}

/** A global flag as far as it matters for finding the command. */
export interface FlagShape {
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly takesValue: boolean;
}

/** Finds the command in `argv`; global flags may stand before and between its words. */
export function findCommand(
  argv: readonly string[],
  index: CommandIndex,
  flags: ReadonlyMap<string, FlagShape>,
): FoundCommand {
  const rest: string[] = [];
  let id = '';
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') return { id, rest: [...rest, ...argv.slice(at)] };
    if (word.startsWith('-') && word !== '-') {
      rest.push(word);
      const next = argv[at + 1];
      if (takesNext(word, flags) && next !== undefined) {
        rest.push(next);
        at += 1;
      }
      continue;
    }
    const longer = extended(id, word, index);
    if (longer === undefined && id !== '') return { id, rest: [...rest, ...argv.slice(at)] };
    if (longer === undefined) return { id: word, rest: [...rest, ...argv.slice(at + 1)] };
    id = longer;
  }
  return { id, rest };
}

/** The id with one more word, alias or not, if there is something of that name. */
function extended(id: string, word: string, index: CommandIndex): string | undefined {
  const known = (candidate: string) => index.has(candidate) || index.isTopic(candidate);
  const join = (last: string) => (id === '' ? last : `${id}:${last}`);
  if (known(join(word))) return join(word);
  const full =
    id === '' ? topicAliases[word] : (verbAliases[id]?.[word] ?? verbAliases['*']?.[word]);
  return full !== undefined && known(join(full)) ? join(full) : undefined;
}

function takesNext(word: string, flags: ReadonlyMap<string, FlagShape>): boolean {
  if (word.includes('=')) return false;
  if (word.startsWith('--')) {
    const name = word.slice(2);
    for (const [known, { aliases, takesValue }] of flags) {
      if (known === name || aliases?.includes(name)) return takesValue;
    }
    return false;
  }
  if (word.length !== 2) return false;
  for (const { char, takesValue } of flags.values()) if (char === word[1]) return takesValue;
  return false;
}
