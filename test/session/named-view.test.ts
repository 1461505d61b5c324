import { expect, it } from 'vitest';
import { namedView } from '../../src/session/index.js';
import { buildFrame, Command, Operation } from '../../src/wire/index.js';

function reply(operation: Operation, status = 0): Uint8Array {
  return buildFrame(
    'Reply',
    { command: Command.Reply, view: 7, operation, status },
    new Uint8Array(),
  );
}

it('is told by replies about what was committed, and by no others', () => {
  expect(namedView(reply(Operation.CreateStream))).toBe(7);
  expect(namedView(reply(Operation.SendMessages))).toBe(7);
  expect(namedView(reply(Operation.CreateStream, 40))).toBeUndefined();
  for (const operation of [Operation.Register, Operation.NonReplicated, Operation.Logout]) {
    expect(namedView(reply(operation))).toBeUndefined();
  }
});
