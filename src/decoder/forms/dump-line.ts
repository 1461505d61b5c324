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
  const { text } = line;
  const bytes: number[] = [];
  let at = line.start;
  while (bytes.length < options.limit) {
    const from = at;
    while (isBlank(text.charCodeAt(at))) at += 1;
    if (bytes.length > 0 && at - from >= options.gutterGap) break;
    let end = at;
    while (digitOf(text.charCodeAt(end)) >= 0) end += 1;
    const isGroup = end > at && (end - at) % 2 === 0;
    // A group that touches something else is text of the gutter.
    if (!isGroup || (end < text.length && !isBlank(text.charCodeAt(end)))) break;
    const first = bytes.length;
    for (let i = at; i < end; i += 2) {
      bytes.push((digitOf(text.charCodeAt(i)) << 4) | digitOf(text.charCodeAt(i + 1)));
    }
    if (!line.colon && end - at > 2) reverseFrom(bytes, first);
    at = end;
  }
  if (bytes.length > options.limit) bytes.length = options.limit;
  return bytes;
}

function reverseFrom(bytes: number[], first: number): void {
  for (let low = first, high = bytes.length - 1; low < high; low++, high--) {
    const kept = bytes[low] ?? 0;
    bytes[low] = bytes[high] ?? 0;
    bytes[high] = kept;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** The value of a hexadecimal digit, or -1; also for what is past the end. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
