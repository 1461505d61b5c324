import { Config, Help } from '@oclif/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { filled, wrappedWords } from '../../../src/cli/run/help-text.js';

const names = { bin: 'iggyctl', command: 'topic create' };

describe('names in help', () => {
  it('are filled in without the framework, which does the rest', () => {
    const template = vi.fn((text: string) => `[${text}]`);
    expect(filled('plain 50 %', names, template)).toBe('plain 50 %');
    const example = '<%= config.bin %> <%= command.id %> shop';
    expect(filled(example, names, template)).toBe('iggyctl topic create shop');
    expect(template).not.toHaveBeenCalled();
    expect(filled('<%= config.bin %> <%= config.root %>', names, template)).toBe(
      '[iggyctl <%= config.root %>]',
    );
    expect(filled('<%= command.id %>', { ...names, command: undefined }, template)).toBe(
      '[<%= command.id %>]',
    );
  });
});

describe('lines of help', () => {
  class Framework extends Help {
    static lines(text: string, columns: number): string {
      const help = new Framework(new Config({ root: import.meta.url }), { maxWidth: columns });
      return help.wrap(text, 0);
    }
  }
  const word = fc.stringMatching(/^[!-$&-;=?-~]{1,12}$/);

  it('are broken where the framework breaks them', () => {
    const words = fc.array(word, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 90 }), (all, columns) => {
        const text = all.join(' ');
        expect(wrappedWords(text, columns)).toBe(Framework.lines(text, columns));
      }),
    );
  });

  it('are left to the framework when they are not plain words, or these are too long', () => {
    for (const text of ['a\nb', ' a', 'a  b', 'é', '\u001b[1ma\u001b[22m', '', 'x'.repeat(11)]) {
      expect(wrappedWords(text, 10)).toBeUndefined();
    }
  });
});
