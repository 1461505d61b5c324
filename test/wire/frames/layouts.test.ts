import { describe, expect, it } from 'vitest';
import { type FrameKind, frameSpecs, genericHeader } from '../../../src/wire/index.js';
import { golden } from '../helpers/golden.js';

// The layouts were written down from the protocol, not from our descriptions.
interface Layout {
  readonly commands: readonly number[];
  readonly sealed: boolean;
  readonly fields: readonly (readonly [name: string, type: string, offset: number, size: number])[];
}

const layouts = golden<Readonly<Record<string, Layout>>>('header-layouts.json');
const camel = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

describe('headers', () => {
  it('describe every header of the protocol and no other', () => {
    expect([...Object.keys(frameSpecs), 'Generic'].sort()).toEqual(Object.keys(layouts).sort());
  });

  it.each(Object.entries(layouts))(
    '%s has its fields where the protocol puts them',
    (name, layout) => {
      const spec = name === 'Generic' ? undefined : frameSpecs[name as FrameKind];
      const codec = spec?.codec ?? genericHeader;
      const shape = codec.shape;
      if (shape.kind !== 'struct') throw new Error('not a struct');
      const offsets: Readonly<Record<string, number>> = codec.offsetOf;
      for (const [field, type, offset, size] of layout.fields) {
        const isPadding = type === 'bytes' && field.startsWith('reserved');
        const ours = shape.fields.find((each) => each.name === camel(field));
        expect(ours, field).toBeDefined();
        // Extensions take bytes out of padding, which then begins later or is shorter.
        if (isPadding) continue;
        expect(offsets[camel(field)], field).toBe(offset);
        expect(ours?.codec.size, field).toBe(size);
      }
      expect(codec.size).toBe(256);
      if (spec === undefined) return;
      expect([...spec.commands].sort((a, b) => a - b)).toEqual(layout.commands);
      expect(spec.sealed).toBe(layout.sealed);
    },
  );
});
