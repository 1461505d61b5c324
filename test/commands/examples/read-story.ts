import { chapters } from './story.data.js';

/** One line of a chapter. */
export interface StoryLine {
  readonly text: string;
  /** Statuses it may end with, one but where the machine decides. */
  readonly exits: readonly number[];
  /** Why it is not run. */
  readonly reason?: string;
}

/** All chapters, each with its title. */
export const story: readonly { readonly title: string; readonly lines: readonly StoryLine[] }[] =
  Object.entries(chapters).map(([title, text]) => ({
    title,
    lines: text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map(parseLine),
  }));

function parseLine(line: string): StoryLine {
  const [text = '', claim = '0'] = line.split(' => ');
  return claim.startsWith('never: ')
    ? { text, exits: [0], reason: claim.slice('never: '.length) }
    : { text, exits: claim.split(' or ').map(Number) };
}

/** The words of a plain command of this program; undefined for what only a shell can run. */
export function plainWords(text: string): string[] | undefined {
  if (!text.startsWith('iggyctl ')) return undefined;
  const parts = [...text.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)];
  const isShell = parts.some(
    ([whole, single, double]) =>
      single === undefined && double === undefined && /[|<>&;$]/.test(whole),
  );
  return isShell
    ? undefined
    : parts.slice(1).map(([whole, single, double]) => single ?? double ?? whole);
}
