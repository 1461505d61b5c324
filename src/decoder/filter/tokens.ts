import { DecodeInputError } from '../errors.js';

/** A piece of a filter expression. */
export interface Token {
  readonly kind: 'name' | 'value' | 'compare' | 'and' | 'or' | 'not' | 'open' | 'close' | 'end';
  readonly text: string;
  /** Counts from 1. */
  readonly column: number;
}

const blank = /\s+/y;
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['and', /&&|\band\b/y],
  ['or', /\|\||\bor\b/y],
  ['compare', /==|!=|>=|<=|!~|=|>|<|~/y],
  ['not', /!|\bnot\b/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['value', /"(?:[^"\\]|\\.)*"|'[^']*'|0x[0-9a-fA-F]+|-?\d[\w.]*/y],
  ['name', /[A-Za-z_][\w.[\]]*/y],
];

/** Cuts a filter expression into tokens. @throws INPUT_FILTER */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = match(blank, text, at);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const token = nextToken(text, at);
    if (token === undefined) {
      throw filterError(at + 1, `"${text[at] ?? ''}" is not part of a filter expression`);
    }
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return tokens;
}

/** An `INPUT_FILTER` error that names the column. */
export function filterError(column: number, problem: string): DecodeInputError {
  const message = `cannot read the filter: column ${column}: ${problem}`;
  return new DecodeInputError('INPUT_FILTER', message, { column });
}

function nextToken(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    const found = match(pattern, text, at);
    if (found !== undefined) return { kind, text: found, column: at + 1 };
  }
  return undefined;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
