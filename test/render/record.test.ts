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

it('begins with a header line where it stands for a table', () => {
  const pairs = [{ label: 'ID', value: 1 }];
  expect(renderRecord(pairs, { header: true })).toBe('Property  Value\nID        1');
});

it('cuts values that do not fit the terminal', () => {
  expect(renderRecord([{ label: 'A', value: 'abcdefghij' }], { width: 10 })).toBe('A  abcdef…');
});
