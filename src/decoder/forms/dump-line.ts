/** One line of an offset dump, taken apart but with its bytes not yet read. */
export interface DumpLine {
  readonly indent: number;
  /** Digits of the offset as written; their radix is not known from one line. */
  readonly offset: string;
  /** True for `offset:`, the notation whose groups are in file order whatever their width. */
  readonly colon: boolean;
  /** Where the text after the offset begins. */
  readonly start: number;
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
}

const shape = /^([ \t]*)(?:0x)?([0-9a-fA-F]{4,16})(:?)(?=[ \t]|$)/;
const digits = /[0-9a-fA-F]+/y;

/** Takes a line apart, or returns undefined when it does not begin with an offset. */
export function splitDumpLine(text: string, number: number): DumpLine | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [whole, indent = '', offset = '', colon] = match;
  return {
    ...{ indent: indent.length, offset, colon: colon === ':' },
    ...{ start: whole.length, text, number },
  };
}

/** True when nothing but blanks follows the offset: the closing line of a dump. */
export function isLengthLine(line: DumpLine): boolean {
  return line.text.slice(line.start).trim() === '';
}

export interface TakeOptions {
  /** Bytes wanted at most. */
  readonly limit: number;
  /** So many blanks in a row begin the gutter. */
  readonly gutterGap: number;
}

/**
 * The bytes of a line, up to its gutter. Groups of more than two digits are little-endian words
 * unless the offset ends in a colon.
 */
export function takeBytes(line: DumpLine, options: TakeOptions): number[] {
  const bytes: number[] = [];
  let at = line.start;
  while (bytes.length < options.limit) {
    const from = at;
    while (line.text[at] === ' ' || line.text[at] === '\t') at += 1;
    if (bytes.length > 0 && at - from >= options.gutterGap) break;
    digits.lastIndex = at;
    const group = digits.exec(line.text)?.[0] ?? '';
    const after = line.text[at + group.length];
    const closed = after === undefined || after === ' ' || after === '\t';
    if (group === '' || group.length % 2 === 1 || !closed) break;
    const word: number[] = [];
    for (let i = 0; i < group.length; i += 2) word.push(Number.parseInt(group.slice(i, i + 2), 16));
    if (!line.colon) word.reverse();
    bytes.push(...word);
    at += group.length;
  }
  return bytes.slice(0, options.limit);
}
