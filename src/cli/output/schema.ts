import { usageError } from '../cli-error.js';
import { parseShape, type Schema, schemaOfShape } from './shape-parser.js';
import { resultShapes } from './shapes.data.js';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema of a command's result as one line, or an error for commands without a result.
 *
 * @param kind - kind of the result, of a list with `.list` behind it; several with `|` between them
 */
export function schemaText(kind: string | undefined): string {
  const schemas = kind?.split('|').map(schemaOfKind) ?? [];
  const [first] = schemas;
  if (first === undefined) throw withoutSchema();
  const schema = schemas.length === 1 ? first : { anyOf: schemas };
  return `${JSON.stringify({ $schema: dialect, ...schema })}\n`;
}

function schemaOfKind(kind: string): Schema {
  const itemKind = kind.replace(/\.list$/, '');
  const shape = resultShapes[itemKind];
  if (shape === undefined) throw withoutSchema();
  const item = parseShape(shape);
  if (itemKind === kind) return envelope(kind, item.properties, item.required);
  return envelope(kind, { items: { type: 'array', items: schemaOfShape(item) } }, ['items']);
}

function withoutSchema(): Error {
  return usageError('this command has no result with a schema');
}

function envelope(
  kind: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): Schema {
  return {
    type: 'object',
    required: ['kind', 'v', ...required],
    properties: { kind: { const: kind }, v: { const: 1 }, ...properties },
  };
}
