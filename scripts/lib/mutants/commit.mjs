import { on } from './on.mjs';
import { ackRange, provenance } from './shared.mjs';

/** Acknowledgements, the commit point and what leads to it. */
export const commitMutants = [
  {
    id: 'M01',
    bug: 'commit with one acknowledgement less',
    caughtBy: ['S9'],
    budget: 20,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/pipeline.ts',
        find: 'countReplicas(pending.acks) < quorum',
        replace: `countReplicas(pending.acks) < (${on('M01')} && quorum > 1 ? quorum - 1 : quorum)`,
      },
    ],
  },
  {
    id: 'M02',
    bug: 'a repeated acknowledgement counts twice',
    caughtBy: ['S9'],
    budget: 100,
    run: { profile: 'lossy', replicas: 5 },
    edits: [
      {
        file: 'src/consensus/rules/on-prepare-ok.ts',
        find: "else if (isAcknowledgedBy(pending, senderOf(frame))) ignore(r, 'duplicate_ack', frame);",
        replace: `else if (${on('M02')} && isAcknowledgedBy(pending, senderOf(frame))) countAck(r, pending, 30);
    else if (isAcknowledgedBy(pending, senderOf(frame))) ignore(r, 'duplicate_ack', frame);`,
      },
    ],
  },
  {
    id: 'M03',
    bug: 'acknowledged before the sync has completed',
    caughtBy: ['S8', 'D1'],
    budget: 20,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/journal.ts',
        find: '  const write = ++r.writeCounter;\n  const { op, checksum } = entry;',
        replace: `  const write = ++r.writeCounter;\n  const { op, checksum } = entry;\n  if (${on('M03')}) r.landed.push(op);`,
      },
    ],
  },
  {
    id: 'M10',
    bug: 'a prepare is taken and acknowledged whatever its parent',
    note: 'together with the discarding of held entries that contradict the log of the view',
    caughtBy: ['S26', 'S1'],
    budget: 100,
    run: { profile: 'stranded', replicas: 3, clients: 6, faults: 'relapse,crash-after' },
    edits: [
      {
        file: 'src/consensus/rules/on-prepare.ts',
        find: 'below !== undefined && below !== prepareParent(frame)',
        replace: `!${on('M10')} && below !== undefined && below !== prepareParent(frame)`,
      },
      {
        file: 'src/consensus/acks.ts',
        find: 'if (next.parent !== below && !isExempt) return;',
        replace: `if (!${on('M10')} && next.parent !== below && !isExempt) return;`,
      },
      {
        file: 'src/consensus/verify.ts',
        find: '    if (entry.checksum !== canonical) {',
        replace: `    if (${on('M10')} && entry.checksum !== canonical) {\n      r.canonical.set(op, entry.checksum);\n    } else if (entry.checksum !== canonical) {`,
      },
    ],
  },
  {
    id: 'M11',
    bug: 'prepares of an older view are taken',
    caughtBy: ['S13'],
    budget: 200,
    run: { profile: 'lossy', replicas: 3, faults: 'isolate,crash-after,relapse' },
    edits: [
      {
        file: 'src/consensus/rules/on-prepare.ts',
        find: '} else if (prepareView(frame) < r.view) {',
        replace: `} else if (!${on('M11')} && prepareView(frame) < r.view) {`,
      },
      provenance,
    ],
  },
  {
    id: 'M12',
    bug: 'a prepare above a gap is taken and acknowledged',
    caughtBy: ['S26'],
    budget: 50,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/rules/on-prepare.ts',
        find: '} else if (op > r.head + 1 &&',
        replace: `} else if (!${on('M12')} && op > r.head + 1 &&`,
      },
      ackRange,
    ],
  },
  {
    id: 'M13',
    bug: 'the commit point of any heartbeat is taken, also of an old one',
    caughtBy: ['S3', 'S16'],
    budget: 100,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/rules/on-commit.ts',
        find: 'r.commitMax = Math.max(r.commitMax, commit);',
        replace: `r.commitMax = ${on('M13')} ? commit : Math.max(r.commitMax, commit);`,
      },
    ],
  },
  {
    id: 'M18',
    bug: 'a reply is made and sent when the request is prepared',
    caughtBy: ['S16'],
    budget: 100,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/prepare-request.ts',
        find: "import { fillPrepare } from './frame/prepare.js';",
        replace:
          "import { fillPrepare } from './frame/prepare.js';\nimport { fillReply } from './frame/reply.js';",
      },
      {
        file: 'src/consensus/prepare-request.ts',
        find: '  appendEntry(r, entry, r.view);',
        replace: `  appendEntry(r, entry, r.view);
  if (${on('M18')} && r.plane === 'metadata' && admitted.operation >= Operation.CreateStream) {
    const reply = fillReply(new Uint8Array(headerSize + 4), frame, new Uint8Array(4));
    answer(r, proposal.token, { kind: 'committed', op, reply });
    r.pipeline.last.token = -1;
  }`,
      },
    ],
  },
  {
    id: 'M27',
    bug: 'timestamp straight from the clock',
    caughtBy: ['S17'],
    budget: 20,
    run: { profile: 'swarm', replicas: 3, faults: 'clock-step,crash,isolate' },
    edits: [
      {
        file: 'src/consensus/prepare-request.ts',
        find: 'Math.max(r.now, r.timestampFloor + 1);',
        replace: `${on('M27')} ? r.now : Math.max(r.now, r.timestampFloor + 1);`,
      },
    ],
  },
  {
    id: 'M30',
    bug: 'the timer of repeated prepares stops when it has fired once',
    caughtBy: ['W1', 'W7'],
    budget: 50,
    run: { profile: 'lossy', replicas: 3, clients: 1 },
    edits: [
      {
        file: 'src/consensus/rules/on-tick.ts',
        find: 'r.timeouts.prepare.backOff(r.prng);',
        replace: `if (${on('M30')}) r.timeouts.prepare.stop();\n  else r.timeouts.prepare.backOff(r.prng);`,
      },
    ],
  },
  {
    id: 'M43',
    bug: 'prepares go along the chain only, nobody bridges a dead member',
    caughtBy: ['W1', 'W8'],
    budget: 50,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/acks.ts',
        find: 'if (hop === 1 || isSilent(r, before))',
        replace: `if (hop === 1 || (!${on('M43')} && isSilent(r, before)))`,
      },
      {
        file: 'src/consensus/rules/on-tick.ts',
        find: 'if (to === r.self || isAcknowledgedBy(pending, to)) continue;',
        replace: `if (to === r.self || isAcknowledgedBy(pending, to)) continue;\n    if (${on('M43')} && to !== (r.self + 1) % r.replicaCount) continue;`,
      },
    ],
  },
  {
    id: 'M51',
    bug: 'acknowledged above a hole',
    caughtBy: ['S26'],
    budget: 100,
    run: { profile: 'lossy', replicas: 3 },
    edits: [ackRange],
  },
];
