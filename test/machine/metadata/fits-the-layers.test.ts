import { expect, test } from 'vitest';
import type { StateMachine } from '../../../src/consensus/index.js';
import type { MetadataView } from '../../../src/server/index.js';
import { newMachine } from './metadata-harness.js';

test('is what consensus replicates and what the server reads', () => {
  const machine = newMachine();
  const replicated: StateMachine = machine;
  const view: MetadataView = machine;

  expect(replicated).toBe(view);
});
