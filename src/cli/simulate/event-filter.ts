import { usageError } from '../cli-error.js';
import type { WrittenEvent } from './trace-file.js';

/** Reads a value that events are compared by. */
type Field = (event: WrittenEvent) => string | number | undefined;

const fields: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['event', ({ n }) => n],
  ['tick', ({ t }) => t],
  ['node', ({ r }) => r],
  ['kind', ({ k }) => k],
  ['op', ({ op }) => op],
  ['view', ({ k, text }) => viewIn(k, text)],
  ['text', ({ text }) => text],
]);

type Comparison = (left: number, right: number) => boolean;

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['>=', (a, b) => a >= b],
  ['<=', (a, b) => a <= b],
  ['>', (a, b) => a > b],
  ['<', (a, b) => a < b],
]);

/**
 * A test of events, such as `kind=view && node=r1`, `op=12`, `tick>=400`, `text~StartView`.
 * @throws CliError E_USAGE
 */
export function eventFilter(flag: string, text: string): (event: WrittenEvent) => boolean {
  const tests = text.split('&&').map((term) => testOf(flag, term.trim()));
  return (event) => tests.every((test) => test(event));
}

function testOf(flag: string, term: string): (event: WrittenEvent) => boolean {
  const [, name = '', sign = '', value = ''] =
    /^([a-z]+)\s*(>=|<=|!=|=|>|<|~)\s*(.+)$/.exec(term) ?? [];
  const field = fields.get(name);
  if (field === undefined) {
    const known = [...fields.keys()].join(', ');
    throw usageError(`${flag}: "${term}" is not a comparison of one of ${known}`);
  }
  // Replicas may be called by their number alone.
  const wanted = name === 'node' && /^\d+$/.test(value) ? `r${value}` : value;
  const compare = comparisons.get(sign);
  if (compare !== undefined) {
    const bound = Number(wanted);
    if (Number.isNaN(bound)) throw usageError(`${flag}: "${value}" is not a number`);
    return (event) => {
      const found = field(event);
      return typeof found === 'number' && compare(found, bound);
    };
  }
  if (sign === '~') return (event) => String(field(event) ?? '').includes(wanted);
  return (event) => (String(field(event)) === wanted) === (sign === '=');
}

/** The view that an event is about: a change to it, or a frame that names it. */
function viewIn(kind: string, text: string): number | undefined {
  const found = kind === 'view' ? text : /\bview (\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
