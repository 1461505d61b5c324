import { usageError } from '../cli-error.js';
import type { InputRecord } from './input-record.js';

/** What is wrong with a text as JSON, and at which of its characters. */
export function jsonProblem(
  text: string,
): { readonly problem: string; readonly column: number } | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const problem = message.replace(/(?:, .*is not valid JSON| in JSON at position.*)$/s, '');
    return { problem: problem.replace(/^(.{80}).*$/s, '$1…'), column: endOfJson(text) + 1 };
  }
}

const token =
  /\s*(?:(?<mark>[{}[\],:])|(?<text>"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*")|(?<plain>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null))/iuy;

/** Where a text stops being JSON: the engine's own message does not always tell. */
function endOfJson(text: string): number {
  const open: string[] = [];
  let wanted = 'value';
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const found = token.exec(text);
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    const next = found === null ? undefined : nextWanted(wanted, found[0].trim(), open);
    if (found === null || next === undefined) return start;
    at = token.lastIndex;
    wanted = next;
  }
}

/** What may come after a token; nothing when the token may not stand there. */
function nextWanted(wanted: string, found: string, open: string[]): string | undefined {
  if (found === '}' || found === ']') return afterEnd(wanted, found, open);
  const isText = found.startsWith('"');
  if (wanted.startsWith('key')) return isText ? 'colon' : undefined;
  if (wanted === 'colon') return found === ':' ? 'value' : undefined;
  if (wanted.startsWith('comma')) {
    if (found !== ',') return undefined;
    return open.at(-1) === '{' ? 'key' : 'value';
  }
  if (!wanted.startsWith('value') || found === ',' || found === ':') return undefined;
  if (found === '{' || found === '[') {
    open.push(found);
    return found === '{' ? 'key or end' : 'value or end';
  }
  return open.length === 0 ? 'nothing' : 'comma or end';
}

function afterEnd(wanted: string, found: string, open: string[]): string | undefined {
  if (open.at(-1) !== (found === '}' ? '{' : '[') || !wanted.includes('end')) return undefined;
  open.pop();
  return open.length === 0 ? 'nothing' : 'comma or end';
}

/**
 * The messages of a JSON document, as their own text: the elements of an array, or the document.
 *
 * @throws CliError E_USAGE with line and column, unless `skip` is told
 */
export function* jsonElements(
  bytes: Buffer,
  skip?: (line: number, problem: string) => void,
): Generator<InputRecord, void, undefined> {
  const text = bytes.toString('utf8');
  const problem = jsonProblem(text);
  if (problem !== undefined) {
    const before = text.slice(0, problem.column - 1).split('\n');
    const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
    if (skip === undefined) {
      throw usageError(
        `the input is not JSON: line ${line}, column ${column}: ${problem.problem}; nothing was sent`,
        'mend it; --input ndjson reads one value a line, --input lines any text',
      );
    }
    return skip(line, problem.problem);
  }
  const start = text.search(/\S/);
  if (text[start] !== '[') {
    yield { payload: Buffer.from(text.trim()), line: 1 };
    return;
  }
  let line = 1;
  for (const element of elementTexts(text.slice(start))) {
    yield { payload: Buffer.from(element), line };
    line += 1;
  }
}

/** The texts of the elements of a well-formed JSON array; numbers keep all their digits. */
function* elementTexts(array: string): Generator<string, void, undefined> {
  let depth = 0;
  let from = 1;
  // Strings as a whole, so that brackets and commas in them do not count.
  for (const { 0: token, index } of array.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    const isEnd = (token === ',' && depth === 1) || (token === ']' && depth === 0);
    if (!isEnd) continue;
    const element = array.slice(from, index).trim();
    if (element !== '') yield element;
    from = index + 1;
  }
}
