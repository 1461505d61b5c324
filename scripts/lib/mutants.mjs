// Faults planted on purpose, for the test build only (scripts/build.mjs --mutants). Each changes one
// place of the product while `simulate run --mutant ID` names it; `find` occurs exactly once.
const on = (id) => `(globalThis.iggyctlMutant === '${id}')`;

export const mutants = [
  {
    id: 'M01',
    file: 'src/consensus/pipeline.ts',
    find: 'countReplicas(pending.acks) < quorum',
    replace: `countReplicas(pending.acks) < (${on('M01')} && quorum > 1 ? quorum - 1 : quorum)`,
  },
  {
    id: 'M04',
    file: 'src/consensus/gate.ts',
    find: 'r.viewDurable === r.view &&\n    r.logViewDurable === r.logView &&',
    replace: `(${on('M04')} || (r.viewDurable === r.view && r.logViewDurable === r.logView)) &&`,
  },
  {
    id: 'M05',
    file: 'src/consensus/recover.ts',
    find: '  r.view = record.view;\n  r.logView = record.logView;',
    replace: `  r.view = ${on('M05')} ? 0 : record.view;\n  r.logView = ${on('M05')} ? 0 : record.logView;`,
  },
  {
    id: 'M06',
    file: 'src/consensus/merge.ts',
    find: 'Math.max(...votes.map((vote) => vote.logView));',
    replace: `${on('M06')} ? [...votes].sort((a, b) => b.op - a.op)[0].logView : Math.max(...votes.map((vote) => vote.logView));`,
  },
  {
    id: 'M07',
    file: 'src/consensus/merge.ts',
    find: 'Math.max(commitMax, ...canonical.map((vote) => vote.op));',
    replace: `${on('M07')} ? Math.min(...votes.map((vote) => vote.op)) : Math.max(commitMax, ...canonical.map((vote) => vote.op));`,
  },
  {
    id: 'M08',
    file: 'src/consensus/merge.ts',
    find: 'nacks >= quorums.nack',
    replace: `nacks >= quorums.nack - (${on('M08')} ? 1 : 0)`,
  },
  {
    id: 'M14',
    file: 'src/wire/frames/seal.ts',
    find: 'return matchesChecksum(frame, at.checksum, frame, sealStart, headerSize);',
    replace: `return ${on('M14')} || matchesChecksum(frame, at.checksum, frame, sealStart, headerSize);`,
  },
  {
    id: 'M20',
    file: 'src/consensus/client-table/client-table.ts',
    find: '    entry.epoch = register.op;',
    replace: `    entry.epoch = register.op;\n    if (${on('M20')}) entry.watermark = 0n;`,
  },
  {
    id: 'M23',
    file: 'src/consensus/client-table/slots.ts',
    find: 'entry.latestCommit < oldest.latestCommit',
    replace: `(!${on('M23')} && entry.latestCommit < oldest.latestCommit)`,
  },
  {
    id: 'M26',
    file: 'src/consensus/client-table/client-table.ts',
    find: "const strict = policy === 'strict';",
    replace: `const strict = ${on('M26')} || policy === 'strict';`,
  },
  {
    id: 'M27',
    file: 'src/consensus/prepare-request.ts',
    find: 'Math.max(r.now, r.timestampFloor + 1);',
    replace: `${on('M27')} ? r.now : Math.max(r.now, r.timestampFloor + 1);`,
  },
  {
    id: 'M33',
    file: 'src/consensus/reads.ts',
    find: 'if (isConfirmed && r.commitMin >= read.readOp) return 0;',
    replace: `if (${on('M33')} || (isConfirmed && r.commitMin >= read.readOp)) return 0;`,
  },
  {
    id: 'M39',
    file: 'src/consensus/prepare-request.ts',
    find: '  r.timestampFloor = timestamp;',
    replace: `  r.timestampFloor = timestamp + (${on('M39')} ? Math.floor(Math.random()) : 0);`,
  },
  {
    id: 'M42',
    file: 'src/consensus/quorum.ts',
    find: 'viewChange: replicaCount === 2 ? 2 : rest,',
    replace: `viewChange: ${on('M42')} ? Math.floor(replicaCount / 2) + 1 : replicaCount === 2 ? 2 : rest,`,
  },
  {
    id: 'M51',
    file: 'src/consensus/acks.ts',
    find: 'if (op > r.runTop || op > r.head',
    replace: `if ((!${on('M51')} && op > r.runTop) || op > r.head`,
  },
];

/** The source of a file with its mutants planted; `undefined` when it has none. */
export function withMutants(file, source) {
  const mine = mutants.filter((mutant) => mutant.file === file);
  if (mine.length === 0) return undefined;
  let patched = source;
  for (const { id, find, replace } of mine) {
    if (patched.split(find).length !== 2) throw new Error(`${id} does not fit ${file} any more`);
    patched = patched.replace(find, () => replace);
  }
  return patched;
}
