import { type DecodeFlag, decodeFlags } from './flags.data.js';
import type { DecodeFlags } from './request.js';

/** Global flags that need nothing but the command line to be understood. */
const globalFlags: readonly DecodeFlag[] = [
  { name: 'output', char: 'o', type: 'option', summary: '', group: 'Output' },
  { name: 'json', type: 'boolean', summary: '', group: 'Output' },
  { name: 'quiet', char: 'q', type: 'boolean', summary: '', group: 'Output' },
  {
    name: 'color',
    type: 'option',
    options: ['auto', 'always', 'never'],
    summary: '',
    group: 'Output',
  },
];

const byName: ReadonlyMap<string, DecodeFlag> = new Map(
  [...decodeFlags, ...globalFlags].flatMap((flag): [string, DecodeFlag][] => {
    const long: [string, DecodeFlag] = [`--${flag.name}`, flag];
    return flag.char === undefined ? [long] : [long, [`-${flag.char}`, flag]];
  }),
);

const switchedOff: ReadonlyMap<string, DecodeFlag> = new Map(
  decodeFlags
    .filter((flag) => flag.onByDefault === true)
    .map((flag) => [`--no-${flag.name}`, flag]),
);

export interface FastParsed {
  readonly flags: DecodeFlags;
  readonly words: readonly string[];
}

type Values = Record<string, string | number | boolean | (string | number)[]>;

/**
 * Reads the arguments behind `decode`, or returns undefined for anything out of the ordinary:
 * unknown flags, missing or wrong values, flags given twice, help. The command framework then
 * reads them and says what is wrong, so both agree by construction.
 */
export function parseFast(argv: readonly string[]): FastParsed | undefined {
  const values: Values = {};
  const words: string[] = [];
  for (let at = 0; at < argv.length; ) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (word.startsWith('-') && word !== '-') {
      const used = takeFlag(values, word, argv[at + 1]);
      if (used === 0) return undefined;
      at += used;
    } else {
      words.push(word);
      at += 1;
    }
  }
  return { flags: values as DecodeFlags, words };
}

/** Takes in one flag; returns how many words it used, 0 when it is out of the ordinary. */
function takeFlag(values: Values, word: string, next: string | undefined): number {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  const name = equals < 0 ? word : word.slice(0, equals);
  const off = switchedOff.get(name);
  const flag = off ?? byName.get(name);
  if (flag === undefined) return 0;
  if (flag.type === 'boolean') {
    if (equals >= 0) return 0;
    values[flag.name] = off === undefined;
    return 1;
  }
  const text = equals < 0 ? next : word.slice(equals + 1);
  if (text === undefined || text.startsWith('-') || !setValue(values, flag, text)) return 0;
  return equals < 0 ? 2 : 1;
}

function setValue(values: Values, flag: DecodeFlag, text: string): boolean {
  if (flag.options !== undefined && !flag.options.includes(text)) return false;
  const value = flag.type === 'integer' ? integer(flag, text) : text;
  if (value === undefined) return false;
  const before = values[flag.name];
  if (flag.multiple === true) {
    values[flag.name] = Array.isArray(before) ? [...before, value] : [value];
    return true;
  }
  if (before !== undefined) return false;
  values[flag.name] = value;
  return true;
}

function integer(flag: DecodeFlag, text: string): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = flag;
  return value >= min && value <= max ? value : undefined;
}
