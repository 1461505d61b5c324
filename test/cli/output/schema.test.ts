import { describe, expect, it } from 'vitest';
import { schemaText } from '../../../src/cli/output/schema.js';
import { parseShape, schemaOfShape } from '../../../src/cli/output/shape-parser.js';
import { resultShapes } from '../../../src/cli/output/shapes.data.js';
import { schemaProblems } from '../../helpers/json-schema.js';

const shape = schemaOfShape(
  parseShape('id n, name s?, ~tags[] {key s, at t}, state (up down), more {*: u64}?'),
);

describe('the shape of a result', () => {
  it('describes members of members, words, nulls and names that are data', () => {
    const value = { id: 1, name: null, state: 'up', more: { a: '1' } };
    expect(schemaProblems(shape, value)).toEqual([]);
    const tags = [{ key: 'a', at: '2026-11-23T00:00:00.000001Z' }];
    expect(schemaProblems(shape, { ...value, tags, more: null, extra: 1 })).toEqual([]);
  });

  it('tells what does not fit, and where', () => {
    const value = { id: '1', state: 'odd', more: { a: 1 }, tags: [{ key: 'a' }] };
    expect(schemaProblems(shape, value)).toEqual([
      '$.name is missing',
      '$.id: "1" is no number',
      '$.tags[0].at is missing',
      '$.state: "odd" not of ["up","down"]',
      '$.more.a: 1 is no string',
    ]);
  });

  it('is refused when it is not well written', () => {
    for (const text of ['id x', 'id', 'a {b n', 'a n, b n }', 'a (b']) {
      expect(() => parseShape(text)).toThrow();
    }
  });
});

describe('schemas', () => {
  it('exist for every kind, alone and as a list', () => {
    for (const kind of Object.keys(resultShapes)) {
      // An option has a field called kind, and is only ever in a list.
      if (kind !== 'option') {
        expect(JSON.parse(schemaText(kind)).properties.kind).toEqual({ const: kind });
      }
      const list = JSON.parse(schemaText(`${kind}.list`));
      expect(list.required).toEqual(['kind', 'v', 'items']);
    }
  });

  it('name all kinds that a command can print', () => {
    expect(JSON.parse(schemaText('stream|stream.list')).anyOf).toHaveLength(2);
    expect(() => schemaText('nothing')).toThrow('no result with a schema');
  });
});
