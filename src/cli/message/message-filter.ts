import { isIggyctlError } from '../../base/index.js';
import { compileFilterOf, type FilterValue } from '../../decoder/index.js';
import { usageError } from '../cli-error.js';
import type { Field } from '../output/result.js';
import type { MessageFields } from './message-result.js';

const names = ['partition', 'offset', 'id', 'timestamp', 'length', 'payload'] as const;

const getters: Readonly<Record<(typeof names)[number], (message: MessageFields) => FilterValue>> = {
  partition: ({ partition }) => BigInt(partition),
  offset: ({ offset }) => offset,
  id: ({ id }) => id,
  timestamp: ({ timestamp }) => timestamp ?? undefined,
  length: ({ length }) => BigInt(length),
  payload: ({ payload_text: text, payload_hex: hex }) => text ?? hex,
};

/**
 * Compiles a filter on messages: the fields above, `headers.NAME`, and `json.a.b` for parts of a
 * payload that is JSON.
 *
 * @throws CliError E_USAGE with the column of the mistake
 */
export function compileMessageFilter(
  text: string | undefined,
): ((message: MessageFields) => boolean) | undefined {
  if (text === undefined) return undefined;
  try {
    return compileFilterOf<MessageFields>(text, {
      getterOf,
      names: () => [...names, 'headers.NAME', 'json.NAME'],
    });
  } catch (error) {
    if (!isIggyctlError(error)) throw error;
    throw usageError(`--filter: ${error.message}`);
  }
}

function getterOf(name: string): ((message: MessageFields) => FilterValue) | undefined {
  const known = names.find((each) => each === name);
  if (known !== undefined) return getters[known];
  const [head, ...path] = name.split('.');
  if (path.length === 0) return undefined;
  if (head === 'headers') {
    const wanted = path.join('.');
    return ({ headers }) => headers.find(({ key }) => key === wanted)?.value;
  }
  return head === 'json' ? ({ payload_json: root }) => scalar(at(root, path)) : undefined;
}

function at(root: Field, path: readonly string[]): Field {
  let value: Field = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, Field>>)[key];
  }
  return value;
}

function scalar(value: Field): FilterValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : String(value);
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
