import { on } from './on.mjs';
import { nacked, provenance } from './shared.mjs';

/** View changes: votes, merges, announcements and what is remembered of them. */
export const viewMutants = [
  {
    id: 'M04',
    bug: 'frames leave before the record of the view is durable',
    caughtBy: ['S8'],
    budget: 50,
    run: { profile: 'disk', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/gate.ts',
        find: 'r.viewDurable === r.view &&\n    r.logViewDurable === r.logView &&',
        replace: `(${on('M04')} || (r.viewDurable === r.view && r.logViewDurable === r.logView)) &&`,
      },
    ],
  },
  {
    id: 'M05',
    bug: 'the view is forgotten at a restart',
    caughtBy: ['S5'],
    budget: 20,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/recover.ts',
        find: '  r.view = record.view;\n  r.logView = record.logView;',
        replace: `  r.view = ${on('M05')} ? 0 : record.view;\n  r.logView = ${on('M05')} ? 0 : record.logView;`,
      },
    ],
  },
  {
    id: 'M06',
    bug: 'the longest log wins instead of that of the newest view',
    caughtBy: ['S11', 'S10', 'S1'],
    budget: 300,
    run: { profile: 'stranded', replicas: 3, clients: 6, faults: 'relapse,crash-after' },
    edits: [
      {
        file: 'src/consensus/merge.ts',
        find: 'Math.max(...votes.map((vote) => vote.logView));',
        replace: `${on('M06')} ? [...votes].sort((a, b) => b.op - a.op)[0].logView : Math.max(...votes.map((vote) => vote.logView));`,
      },
    ],
  },
  {
    id: 'M07',
    bug: 'the head of a new view is the least of the votes',
    caughtBy: ['S10'],
    budget: 100,
    run: { profile: 'crashy', replicas: 5 },
    edits: [
      {
        file: 'src/consensus/merge.ts',
        find: 'Math.max(commitMax, ...canonical.map((vote) => vote.op));',
        replace: `${on('M07')} ? Math.min(...votes.map((vote) => vote.op)) : Math.max(commitMax, ...canonical.map((vote) => vote.op));`,
      },
    ],
  },
  {
    id: 'M08',
    bug: 'one nack less discards an op',
    caughtBy: ['S11'],
    budget: 500,
    run: { profile: 'crashy', replicas: 5 },
    edits: [
      {
        file: 'src/consensus/merge.ts',
        find: 'nacks >= quorums.nack',
        replace: `nacks >= quorums.nack - (${on('M08')} ? 1 : 0)`,
      },
    ],
  },
  {
    id: 'M09',
    bug: 'a replica that lost its log nacks what it may have held',
    caughtBy: ['S25'],
    budget: 500,
    run: { profile: 'stranded', replicas: 5, clients: 6, faults: 'forget' },
    edits: [nacked],
  },
  {
    id: 'M29',
    bug: 'a StartView for an earlier life or an earlier probe is taken',
    caughtBy: ['S13', 'S11'],
    budget: 500,
    run: { profile: 'crashy', replicas: 3, clients: 6, faults: 'echo' },
    edits: [
      {
        file: 'src/consensus/rules/on-start-view.ts',
        find: "    r.status === 'recovering' &&\n    nonce !== 0n &&",
        replace: `    !${on('M29')} && r.status === 'recovering' &&\n    nonce !== 0n &&`,
      },
      {
        file: 'src/consensus/rules/on-start-view.ts',
        find: "return r.status === 'recovering' && op < r.head && nonce !== probeNonce(r);",
        replace: `return !${on('M29')} && r.status === 'recovering' && op < r.head && nonce !== probeNonce(r);`,
      },
    ],
  },
  {
    id: 'M31',
    bug: 'a deaf replica asks for one view after the other',
    caughtBy: ['W5', 'W2'],
    budget: 100,
    run: { profile: 'deaf', replicas: 5 },
    edits: [
      {
        file: 'src/consensus/rules/on-tick.ts',
        find: 'countReplicas(r.viewChangePeers) >= r.quorums.viewChange - 1',
        replace: `${on('M31')} || countReplicas(r.viewChangePeers) >= r.quorums.viewChange - 1`,
      },
    ],
  },
  {
    id: 'M42',
    bug: 'view change by plain majority',
    caughtBy: ['S12', 'S10'],
    budget: 300,
    run: { profile: 'partition', replicas: 7 },
    edits: [
      {
        file: 'src/consensus/quorum.ts',
        find: 'viewChange: replicaCount === 2 ? 2 : rest,',
        replace: `viewChange: ${on('M42')} ? Math.floor(replicaCount / 2) + 1 : replicaCount === 2 ? 2 : rest,`,
      },
    ],
  },
  {
    id: 'M45',
    bug: 'the headers of a view are not written with its number',
    caughtBy: ['S27', 'S10'],
    budget: 100,
    run: { profile: 'stranded', replicas: 3, clients: 6, faults: 'relapse,crash-after' },
    edits: [
      {
        file: 'src/consensus/superblock.ts',
        find: '    viewHeaders,\n  };',
        replace: `    viewHeaders: ${on('M45')} ? [] : viewHeaders,\n  };`,
      },
    ],
  },
  {
    id: 'M46',
    bug: 'an op known by its header alone is not nacked',
    caughtBy: ['W2'],
    budget: 300,
    run: { profile: 'stranded', replicas: 5, clients: 6, faults: 'strand' },
    edits: [nacked],
  },
  {
    id: 'M49',
    bug: 'the builder of a prepare is not compared with its view',
    caughtBy: ['S1'],
    budget: 300,
    run: { profile: 'forged', replicas: 3, clients: 6, faults: 'forge' },
    edits: [provenance],
  },
  {
    id: 'M50',
    bug: 'a primary that hears nobody goes on',
    caughtBy: ['W1', 'W2'],
    budget: 50,
    run: { profile: 'deaf', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/quorum-check.ts',
        find: 'return r.quorums.replication > 1 && r.ticks',
        replace: `return !${on('M50')} && r.quorums.replication > 1 && r.ticks`,
      },
    ],
  },
  {
    id: 'M53',
    bug: 'the headers of a view are dropped when the next one begins',
    caughtBy: ['S27', 'S10'],
    budget: 200,
    run: { profile: 'stranded', replicas: 3, clients: 6, faults: 'relapse,crash-after' },
    edits: [
      {
        file: 'src/consensus/view-change.ts',
        find: "  r.status = 'view-change';\n",
        replace: `  r.status = 'view-change';\n  if (${on('M53')}) r.viewHeaders = new Map();\n`,
      },
    ],
  },
  {
    id: 'M54',
    bug: 'a vote does not say where the offsets of a lost log ended',
    caughtBy: ['D2', 'D3'],
    budget: 100,
    run: { profile: 'crashy', replicas: 3, workload: 'send', groups: 1, faults: 'power,blackout' },
    edits: [
      {
        file: 'src/consensus/own-suffix.ts',
        find: 'doViewChangeAt.offsetFloor, r.machine',
        replace: `doViewChangeAt.offsetFloor, ${on('M54')} ? 0 : r.machine`,
      },
    ],
  },
];
