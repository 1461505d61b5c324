import type { FrameView } from '../explain/frame-view.js';
import { type FilterValue, fieldGetter, knownNames } from './field-value.js';
import { filterError, type Token, tokenize } from './tokens.js';

/** True for frames to keep. */
export type Filter = (view: FrameView) => boolean;

/**
 * Compiles a filter expression: comparisons `name op value` with `=` `==` `!=` `>` `>=` `<` `<=`,
 * `~` (contains) and `!~`, joined by `&&` and `||`, negated by `!`, grouped by parentheses. Names
 * are those of the output: `command`, `operation`, any header field, `body.…`. A bare name asks
 * whether the frame has it and it is not zero. Text is compared without regard to case.
 * @throws INPUT_FILTER
 */
export function compileFilter(text: string): Filter {
  return compileFilterOf(text, { getterOf: fieldGetter, names: knownNames });
}

/** The names that a filter may use on something. */
export interface FilterFields<T> {
  /** Reads the field of this name; nothing when there is no such field. */
  getterOf(name: string): ((item: T) => FilterValue) | undefined;
  names(): readonly string[];
}

/** Like {@link compileFilter}, for anything that has named fields. @throws INPUT_FILTER */
export function compileFilterOf<T>(text: string, fields: FilterFields<T>): (item: T) => boolean {
  return new FilterParser(tokenize(text), fields).whole();
}

const deepest = 100;

type Test<T> = (item: T) => boolean;

class FilterParser<T> {
  readonly #tokens: readonly Token[];
  readonly #fields: FilterFields<T>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], fields: FilterFields<T>) {
    this.#tokens = tokens;
    this.#fields = fields;
  }

  whole(): Test<T> {
    const filter = this.#either();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw filterError(rest.column, `"${rest.text}" is not expected here`);
    return filter;
  }

  #either(): Test<T> {
    let left = this.#both();
    while (this.#take('or')) {
      const [first, second] = [left, this.#both()];
      left = (view) => first(view) || second(view);
    }
    return left;
  }

  #both(): Test<T> {
    let left = this.#single();
    while (this.#take('and')) {
      const [first, second] = [left, this.#single()];
      left = (view) => first(view) && second(view);
    }
    return left;
  }

  #single(): Test<T> {
    const token = this.#peek();
    this.#depth += 1;
    if (this.#depth > deepest) throw filterError(token.column, 'too many levels');
    try {
      if (this.#take('not')) {
        const inner = this.#single();
        return (view) => !inner(view);
      }
      if (!this.#take('open')) return this.#comparison();
      const inner = this.#either();
      const close = this.#peek();
      if (!this.#take('close')) throw filterError(close.column, 'expected )');
      return inner;
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Test<T> {
    const name = this.#next();
    if (name.kind !== 'name') {
      throw filterError(name.column, 'expected the name of a field, such as command or view');
    }
    const get = this.#fields.getterOf(name.text);
    if (get === undefined) {
      const near = nearest(name.text, this.#fields.names());
      throw filterError(name.column, `there is no field "${name.text}"; did you mean ${near}?`);
    }
    const compare = this.#peek();
    if (!this.#take('compare')) return (view) => isSet(get(view));
    const value = this.#next();
    if (value.kind !== 'value' && value.kind !== 'name') {
      throw filterError(value.column, 'expected a value');
    }
    const test = comparison(compare.text, unquote(value.text));
    return (view) => test(get(view));
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #take(kind: Token['kind']): boolean {
    if (this.#peek().kind !== kind) return false;
    this.#at += 1;
    return true;
  }
}

function isSet(value: FilterValue): boolean {
  if (typeof value === 'object') return true;
  return value !== undefined && value !== 0n && value !== '';
}

function unquote(text: string): string {
  if (text.startsWith("'")) return text.slice(1, -1);
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

/** A test of one value; a field that a frame does not have passes `!=` and `!~` only. */
function comparison(operator: string, wanted: string): (value: FilterValue) => boolean {
  const lower = wanted.toLowerCase();
  const number = asNumber(wanted);
  const equals = (value: FilterValue): boolean => {
    if (typeof value === 'bigint') return value === number;
    if (typeof value === 'string') return value.toLowerCase() === lower;
    return value !== undefined && (value.code === number || value.name.toLowerCase() === lower);
  };
  const contains = (value: FilterValue): boolean => {
    const text = typeof value === 'object' ? value.name : value?.toString();
    return text?.toLowerCase().includes(lower) ?? false;
  };
  const ordered = (test: (difference: bigint) => boolean) => (value: FilterValue) => {
    const found = typeof value === 'object' ? value.code : value;
    return typeof found === 'bigint' && number !== undefined && test(found - number);
  };
  switch (operator) {
    case '=':
    case '==':
      return equals;
    case '!=':
      return (value) => !equals(value);
    case '~':
      return contains;
    case '!~':
      return (value) => !contains(value);
    case '>':
      return ordered((difference) => difference > 0n);
    case '>=':
      return ordered((difference) => difference >= 0n);
    case '<':
      return ordered((difference) => difference < 0n);
    default:
      return ordered((difference) => difference <= 0n);
  }
}

function asNumber(text: string): bigint | undefined {
  return /^(?:0x[0-9a-f]+|-?\d+)$/i.test(text) ? BigInt(text) : undefined;
}

/** The candidate with the fewest edits. */
function nearest(text: string, candidates: readonly string[]): string {
  let best = candidates[0] ?? '';
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = editDistance(text, candidate);
    if (edits < fewest) {
      fewest = edits;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const change = (row[k - 1] ?? 0) + (a[i - 1] === b[k - 1] ? 0 : 1);
      next.push(Math.min(change, (row[k] ?? 0) + 1, (next[k - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
