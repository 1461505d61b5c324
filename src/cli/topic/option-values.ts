import type { IggyClient } from '../../client/index.js';
import type { Option, OptionDescription, TypedValue } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { parseDuration, parseSize } from '../values.js';

/** What an option is for. */
export type OptionScope = 'topic' | 'stream';

/** Kinds of values as the protocol numbers them. */
const kinds = { string: 2, bool: 3, uint32: 11, uint64: 12 } as const;

/**
 * Turns `key=value` of `--set` into options of the kinds that the server's catalogue names.
 *
 * @throws CliError E_USAGE that names the nearest key, or the form that was expected
 */
export async function optionsOf(
  texts: readonly string[],
  scope: OptionScope,
  client: () => Promise<IggyClient>,
): Promise<readonly Option[]> {
  if (texts.length === 0) return [];
  const pairs = texts.map(pairOf);
  const catalogue = await (await client()).system.describeOptions(scope);
  const keys = new Set<string>();
  return pairs.map(({ key, text }) => {
    if (keys.has(key)) throw usageError(`--set: ${key} is given twice`);
    keys.add(key);
    const description = catalogue.find((each) => each.key === key);
    if (description === undefined) throw unknownOption(key, scope, catalogue);
    return { key, kind: description.kind, value: typedOf(key, text, description.kind) };
  });
}

function pairOf(text: string): { readonly key: string; readonly text: string } {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw usageError(`--set: "${text}" is not of the form key=value`);
  }
  return { key: text.slice(0, at), text: text.slice(at + 1) };
}

function unknownOption(key: string, scope: OptionScope, catalogue: readonly OptionDescription[]) {
  if (catalogue.length === 0) return usageError(`--set: a ${scope} has no options on this server`);
  const known = catalogue.map((each) => each.key);
  const near = nearest(key, known);
  const help = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  return usageError(`--set: a ${scope} has no option ${key}; ${help}`, `iggyctl options ${scope}`);
}

function typedOf(key: string, text: string, kind: number): TypedValue {
  switch (kind) {
    case kinds.bool:
      if (text === 'true' || text === 'false') return text === 'true';
      throw usageError(`--set: ${key} is true or false, not "${text}"`);
    case kinds.uint32: {
      const value = quantity(key, text);
      if (value <= 0xffff_ffffn) return Number(value);
      throw usageError(`--set: ${key} is at most 4294967295`);
    }
    case kinds.uint64:
      return quantity(key, text);
    default:
      return text;
  }
}

/** A number as it is, a size or a duration, by the name of the option. */
function quantity(key: string, text: string): bigint {
  if (/^\d+$/.test(text)) return BigInt(text);
  if (text === 'unlimited' || text === 'never') return 0xffff_ffff_ffff_ffffn;
  if (text === 'server_default') return 0n;
  if (key.includes('expiry')) return BigInt(parseDuration(text, `--set ${key}`));
  return BigInt(parseSize(text, `--set ${key}`));
}
