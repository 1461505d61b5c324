// Goal: whatever a client sends, it gets exactly one answer or its connection is closed, and the
// server never throws. Method: random requests, most of them nearly right, on connections with and
// without a session; everything the server asks for is answered.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandList, Operation } from '../../src/wire/index.js';
import { loginBody, loginFrame, requestFrame, X, Y } from './harness/requests.js';
import { ScriptNode } from './harness/script-node.js';
import { addTopic, group, join, ScriptPartition } from './harness/topics.js';

const ident = fc.constantFrom([1, 4, 0, 0, 0, 0], [2, 1, 115], [2, 1, 116], [1, 4, 9, 0, 0, 0]);

/** Bodies that many commands accept at least in part. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.array(ident, { minLength: 1, maxLength: 4 }).map((parts) => Uint8Array.from(parts.flat())),
  fc
    .tuple(
      fc.constantFrom(1, 2),
      fc.array(ident, { maxLength: 3 }),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([kind, parts, rest]) => Uint8Array.of(kind, ...parts.flat(), ...rest)),
  fc.constant(loginBody()),
  fc.constant(loginBody({ password: 'wrong' })),
);

const operation = fc.oneof(
  fc.constantFrom(...Object.values(Operation)),
  fc.integer({ min: 0, max: 255 }),
);
const code = fc.oneof(
  fc.constantFrom(...commandList.map((command) => command.code)),
  fc.integer({ min: 0, max: 700 }),
);

const requests = fc.record({
  operation,
  code,
  body,
  client: fc.constantFrom(X, Y, 0n),
  session: fc.constantFrom(0, 9, 8),
  request: fc.constantFrom(0, 1, 7),
  stamp: fc.constantFrom(false, true, 5n),
  consistency: fc.constantFrom(0, 1, 2),
});

function serving(isBound: boolean): ScriptNode {
  const node = new ScriptNode();
  addTopic(node, 2);
  node.partitions.set(group(0), new ScriptPartition());
  const elsewhere = new ScriptPartition();
  Object.assign(elsewhere.status, { isActingPrimary: false, primary: 1 });
  node.partitions.set(group(1), elsewhere);
  node.open(1);
  if (isBound) {
    node.login(1, loginFrame(), 9);
    join(node, X);
  }
  return node;
}

/** Answers whatever the server waits for, until it waits for nothing. */
function answerEverything(node: ScriptNode): void {
  for (let i = 0; i < 3; i++) {
    while (node.proposals.length > 0) node.decide({ kind: 'refused', code: 58 });
    while (node.partitionProposals.length > 0) node.decidePartition({ kind: 'refused', code: 57 });
    for (const { token } of node.reads.splice(0)) {
      node.step({ kind: 'read-outcome', token, code: 0, now: node.now });
    }
    for (const { job } of node.collections.splice(0)) {
      node.step({ kind: 'snapshot-collected', job, archive: undefined, now: node.now });
    }
  }
  node.ticks(510);
  while (node.partitionProposals.length > 0) node.decidePartition({ kind: 'refused', code: 57 });
}

test('every request is answered once, or its connection is closed', () => {
  fc.assert(
    fc.property(requests, fc.boolean(), (fields, isBound) => {
      const node = serving(isBound);
      const first = node.send(1, requestFrame(fields.operation, fields.body, fields));
      answerEverything(node);
      const answers = first.length + node.taken(1).length;

      expect(node.closed.has(1) ? 1 : answers).toBe(1);
    }),
    { numRuns: 600 },
  );
});

test('frames of other replicas never throw', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 256, maxLength: 330 }),
      fc.constantFrom(5, 8, 26, 27, 28, 29, 13),
      (bytes, command) => {
        const node = serving(true);
        bytes[60] = command;
        node.step({ kind: 'replica-frame', frame: bytes, now: node.now });
      },
    ),
    { numRuns: 200 },
  );
});
