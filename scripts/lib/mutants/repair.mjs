import { on } from './on.mjs';

/** Repair, state transfer, partitions. */
export const repairMutants = [
  {
    id: 'M32',
    bug: 'missing entries are always asked of the same peer',
    caughtBy: ['W4', 'W7'],
    budget: 100,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/repair-source.ts',
        find: 'return r.primary === r.self ? undefined : r.primary;',
        replace: `return r.primary === r.self ? undefined : ${on('M32')} && r.replicaCount > 2 ? [1, 2].map((hop) => (r.primary + hop) % r.replicaCount).find((each) => each !== r.self) : r.primary;`,
      },
    ],
  },
  {
    id: 'M36',
    bug: 'a received state is installed without its client table',
    // C6 asks for the same evictions "also after a state transfer", and may come first.
    caughtBy: ['S16', 'C6', 'C14'],
    budget: 200,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/install.ts',
        find: '  r.table.restore(contents.sessions);',
        replace: `  if (!${on('M36')}) r.table.restore(contents.sessions);`,
      },
    ],
  },
  {
    id: 'M47',
    bug: 'a repair begins again above the last applied op each time',
    caughtBy: ['W4', 'W7'],
    budget: 50,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/repair.ts',
        find: '    if (r.log.has(op) || r.staged.has(op)) continue;',
        replace: `    if ((r.log.has(op) || r.staged.has(op)) && !${on('M47')}) continue;`,
      },
    ],
  },
  {
    id: 'M34',
    bug: 'a poll returns what is in the log, committed or not',
    caughtBy: ['D7'],
    budget: 20,
    run: { profile: 'lossy', replicas: 3, workload: 'send', groups: 1, ticks: 4000, clients: 8 },
    edits: [
      {
        file: 'src/machine/partitions/admit.ts',
        find: '  state.tail.logged(entry);\n',
        replace: `  state.tail.logged(entry);
  if (${on('M34')} && entry.operation === Operation.SendMessages) {
    state.ahead ??= new Map();
    state.ahead.set(entry.op, entry.body.slice());
  }
`,
      },
      {
        file: 'src/machine/partitions/poll.ts',
        find: "import { partitionLimits } from './partition-config.js';",
        replace: `import { getU32 } from '../../base/index.js';
import { batchAt } from '../../wire/index.js';
import { partitionLimits } from './partition-config.js';

function withUncommitted(state, read, wanted) {
  if (!${on('M34')}) return read;
  let { chunks, count, byteLength, lastOffset } = read;
  for (const [op, body] of state.ahead ?? []) {
    if (op <= state.appliedOp || count >= wanted || count === 0) continue;
    const messages = getU32(body, batchAt.messageCount);
    chunks = [...chunks, body];
    count += messages;
    byteLength += body.length;
    lastOffset += messages;
  }
  return { chunks, count, byteLength, lastOffset };
}`,
      },
      {
        file: 'src/machine/partitions/poll.ts',
        find: 'const { chunks, count, byteLength, lastOffset } = read;',
        replace:
          'const { chunks, count, byteLength, lastOffset } = withUncommitted(state, read, query.count);',
      },
    ],
  },
  {
    id: 'M35',
    bug: 'after a restart offsets begin where the segments end',
    caughtBy: ['D2'],
    budget: 50,
    run: { profile: 'crashy', replicas: 1, workload: 'send', groups: 1, faults: 'power,blackout' },
    edits: [
      {
        file: 'src/machine/partitions/frontier.ts',
        find: "  if (ack === 'memory') state.mintFloor =",
        replace: `  if (${on('M35')}) state.mintFloor = 0;
  else if (ack === 'memory') state.mintFloor =`,
      },
    ],
  },
];
