import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/render/index.js';

const takesNone = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

describe('displayWidth', () => {
  it('counts one column for every character but marks, formats and wide ones', () => {
    for (let code = 0x20; code < 0x3000; code += 1) {
      if (code === 0x7f || (code >= 0x1100 && code <= 0x115f) || code >= 0x2e80) continue;
      const char = String.fromCharCode(code);
      expect(displayWidth(char), code.toString(16)).toBe(takesNone.test(char) ? 0 : 1);
    }
  });

  it('counts two columns for East Asian and pictorial characters, beside narrow ones too', () => {
    for (const char of ['字', 'が', '한', '！', '🚀']) {
      expect(displayWidth(char)).toBe(2);
      expect(displayWidth(`▏${char} · e\u0301`)).toBe(7);
    }
  });
});
