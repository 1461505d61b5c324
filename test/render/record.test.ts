import { expect, it } from 'vitest';
import { renderRecord } from '../../src/render/index.js';

it('shows aligned labels and values, with words for missing and boolean values', () => {
  const text = renderRecord([
    { label: 'Client ID', value: '0x01' },
    { label: 'Op', value: 7n },
    { label: 'Primary', value: null },
    { label: 'Healthy', value: true },
  ]);
  expect(text).toBe('Client ID  0x01\nOp         7\nPrimary    -\nHealthy    yes');
});

it('cuts values that do not fit the terminal', () => {
  expect(renderRecord([{ label: 'A', value: 'abcdefghij' }], { width: 10 })).toBe('A  abcdef…');
});
