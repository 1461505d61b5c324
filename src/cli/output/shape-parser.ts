/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** The members of an object, and the names of those that are always there. */
export interface ObjectShape {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  /** What all members are like whose names are data. */
  readonly others?: Schema;
}

const scalars: Readonly<Record<string, Schema>> = {
  s: { type: 'string' },
  n: { type: 'number' },
  b: { type: 'boolean' },
  t: { type: 'string', format: 'date-time' },
  u64: { type: 'string', pattern: '^[0-9]+$' },
  u128: { type: 'string', pattern: '^(0x[0-9a-f]{32}|[0-9]+)$' },
  json: {},
};

/**
 * Reads a list of fields as `shapes.data.ts` writes them.
 *
 * @example parseShape('id n, name s?, ~topics[] {id n}, state (up down)')
 */
export function parseShape(text: string): ObjectShape {
  const parser = new ShapeParser(text);
  const shape = parser.fields();
  parser.end();
  return shape;
}

/** The schema of an object with those members. */
export function schemaOfShape({ properties, required, others }: ObjectShape): Schema {
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(others === undefined ? {} : { additionalProperties: others }),
  };
}

class ShapeParser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/\[\]|[{}(),?~*:]|[^\s{}(),?~*:[\]]+/g) ?? [];
  }

  fields(): ObjectShape {
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    let others: Schema | undefined;
    while (this.#peek !== undefined && this.#peek !== '}') {
      const isAlways = !this.#take('~');
      const name = this.#next();
      if (name === '*') this.#expect(':');
      const schema = this.#type();
      if (name === '*') others = schema;
      else {
        properties[name] = schema;
        if (isAlways) required.push(name);
      }
      if (!this.#take(',')) break;
    }
    return { properties, required, ...(others === undefined ? {} : { others }) };
  }

  end(): void {
    if (this.#peek !== undefined) throw new Error(`${this.#peek} is not expected in a shape`);
  }

  #type(): Schema {
    const isArray = this.#take('[]');
    const isNullableArray = isArray && this.#take('?');
    const one = this.#one();
    const item = this.#take('?') ? nullable(one) : one;
    if (!isArray) return item;
    const array = { type: 'array', items: item };
    return isNullableArray ? nullable(array) : array;
  }

  #one(): Schema {
    if (this.#take('{')) {
      const shape = this.fields();
      this.#expect('}');
      return schemaOfShape(shape);
    }
    if (this.#take('(')) {
      const words: string[] = [];
      while (!this.#take(')')) words.push(this.#next());
      return { enum: words };
    }
    const name = this.#next();
    const found = scalars[name];
    if (found === undefined) throw new Error(`${name} is no type of a shape`);
    return found;
  }

  get #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#peek;
    if (token === undefined) throw new Error('a shape ends too early');
    this.#at += 1;
    return token;
  }

  #take(token: string): boolean {
    if (this.#peek !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new Error(`${token} is missing in a shape`);
  }
}

function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}
