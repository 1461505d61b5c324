import { lookUp } from './lookup.js';
import { shellScript } from './scripts.data.js';
import { type Candidate, suggest } from './suggest.js';
import { readTree } from './tree.js';

/**
 * Answers `completion SHELL` and `completion --query -- WORDS`, which the scripts of the shells ask.
 *
 * @returns what is to be printed, or undefined for any other command line.
 */
export async function completionText(args: readonly string[]): Promise<string | undefined> {
  const [first = '', second] = args;
  if (first === '--query' && second === '--') return await answer(args.slice(2));
  return args.length === 1 ? shellScript(first) : undefined;
}

/** One candidate a line, a tab and what it is behind it. Whatever goes wrong, nothing is said. */
async function answer(words: readonly string[]): Promise<string> {
  try {
    const tree = readTree();
    if (tree === undefined) return '';
    const { candidates, lookup, connection } = suggest(tree, words);
    const found = lookup === undefined ? [] : await lookUp(lookup, connection);
    const typed = words.at(-1) ?? '';
    const all: Candidate[] = [...candidates, ...found.map((value) => ({ value }))];
    return all
      .filter(({ value }) => value.startsWith(typed))
      .map(({ value, about }) => `${printable(value)}${about ? `\t${printable(about)}` : ''}\n`)
      .join('');
  } catch {
    return '';
  }
}

/** Names come from a server: nothing in them may move the cursor or begin a line. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
