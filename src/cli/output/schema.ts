import { usageError } from '../cli-error.js';
import { resultShapes } from './shapes.data.js';

type Schema = Readonly<Record<string, unknown>>;

const scalars: Readonly<Record<string, Schema>> = {
  s: { type: 'string' },
  n: { type: 'number' },
  b: { type: 'boolean' },
  t: { type: 'string', format: 'date-time' },
  u64: { type: 'string', pattern: '^[0-9]+$' },
  u128: { type: 'string', pattern: '^(0x[0-9a-f]{32}|[0-9]+)$' },
};

/** The JSON Schema of a kind of result as one line, or an error for commands without a result. */
export function schemaText(kind: string | undefined): string {
  const shape = kind === undefined ? undefined : resultShapes[kind.replace(/\.list$/, '')];
  if (kind === undefined || shape === undefined) {
    throw usageError('this command has no result with a schema');
  }
  const item = objectSchema(kind.replace(/\.list$/, ''), shape, kind.endsWith('.list'));
  const schema = kind.endsWith('.list')
    ? envelope(kind, { items: { type: 'array', items: item } })
    : item;
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema })}\n`;
}

function objectSchema(kind: string, shape: string, isItem: boolean): Schema {
  const properties = Object.fromEntries(
    shape.split(/,\s*/).map((part) => {
      const [name = '', type = ''] = part.split(' ');
      return [name.replace('[]', ''), fieldSchema(name, type)];
    }),
  );
  if (!isItem) return envelope(kind, properties);
  return { type: 'object', required: Object.keys(properties), properties };
}

function fieldSchema(name: string, type: string): Schema {
  if (type.startsWith('{')) return { type: 'object' };
  const base = scalars[type.replace('?', '')] ?? {};
  if (name.endsWith('[]')) return { type: 'array', items: base };
  return type.endsWith('?') ? { anyOf: [base, { type: 'null' }] } : base;
}

function envelope(kind: string, properties: Schema): Schema {
  return {
    type: 'object',
    required: ['kind', 'v', ...Object.keys(properties)],
    properties: { kind: { const: kind }, v: { const: 1 }, ...properties },
  };
}
