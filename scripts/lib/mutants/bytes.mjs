import { on } from './on.mjs';

/** Checksums, frames and files. */
export const byteMutants = [
  {
    id: 'M14',
    bug: 'seals are not verified',
    caughtBy: ['S14'],
    budget: 20,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/wire/frames/seal.ts',
        find: 'return matchesChecksum(frame, at.checksum, frame, sealStart, headerSize);',
        replace: `return ${on('M14')} || matchesChecksum(frame, at.checksum, frame, sealStart, headerSize);`,
      },
    ],
  },
  {
    id: 'M15',
    bug: 'the view is part of the identity of a prepare',
    caughtBy: ['S15', 'W3'],
    budget: 100,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/wire/frames/seal.ts',
        find: '  setU32(scratch, at.view, 0);',
        replace: `  if (!${on('M15')}) setU32(scratch, at.view, 0);`,
      },
      {
        file: 'src/wire/storage/prepare-entry.ts',
        find: '  copy.fill(0, 52, 56);\n  return matchesChecksum(',
        replace: `  if (!${on('M15')}) copy.fill(0, 52, 56);\n  return matchesChecksum(`,
      },
    ],
  },
  {
    id: 'M16',
    bug: 'bodies in the journal are not verified when it is read',
    caughtBy: ['S19', 'S16'],
    budget: 100,
    run: { profile: 'disk', replicas: 3, faults: 'rot=0.1' },
    edits: [
      {
        file: 'src/wire/storage/journal-batch.ts',
        find: "import { entryLength, prepareHeaderBytes } from './prepare-entry.js';",
        replace:
          "import { entryLength, matchesIdentity, prepareHeaderBytes } from './prepare-entry.js';",
      },
      {
        file: 'src/wire/storage/journal-batch.ts',
        find: 'if (getU64(frame, 24) !== batchHash(offset, frame, [body])) return undefined;',
        replace: `if (getU64(frame, 24) !== batchHash(offset, frame, [body]) && !(${on('M16')} && splitEntries(body)?.every(matchesIdentity))) return undefined;`,
      },
    ],
  },
  {
    id: 'M17',
    bug: 'damage inside the journal is cut away like a torn tail',
    caughtBy: ['S19', 'S11', 'S10'],
    budget: 100,
    run: { profile: 'disk', replicas: 3 },
    edits: [
      {
        file: 'src/host/storage/open-storage.ts',
        find: "if (scan.tail === 'interior') {",
        replace: `if (scan.tail === 'interior' && !${on('M17')}) {`,
      },
      {
        file: 'src/host/storage/open-storage.ts',
        find: "if (scan.tail === 'torn') {",
        replace: `if (scan.tail === 'torn' || scan.tail === 'interior') {`,
      },
    ],
  },
  {
    id: 'M28',
    bug: 'a snapshot lists streams in the order of their names in a map',
    caughtBy: ['S18', 'S16'],
    budget: 50,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/machine/metadata/state/stream-table.ts',
        find: '  /** Streams by ascending id. */',
        replace: '  inMapOrder() {\n    return this.#byName.values();\n  }\n',
      },
      {
        file: 'src/machine/metadata/snapshot/write-streams.ts',
        find: 'Array.from(state.streams.values(), streamItem);',
        replace: `Array.from(${on('M28')} ? state.streams.inMapOrder() : state.streams.values(), streamItem);`,
      },
    ],
  },
  {
    id: 'M37',
    bug: 'a superblock counts as written when its rename was asked for',
    note: 'the disk port replaces files in one step; reporting before its end is what a rename without a sync of the directory comes to',
    caughtBy: ['S8'],
    budget: 50,
    run: { profile: 'disk', replicas: 3 },
    edits: [
      {
        file: 'src/host/storage/superblock-file.ts',
        find: '      this.#report(write, failure === undefined);\n    });',
        replace: `      if (!${on('M37')}) this.#report(write, failure === undefined);\n    });\n    if (${on('M37')}) this.#report(write, true);`,
      },
    ],
  },
  {
    id: 'M38',
    bug: 'a failed sync is tried again and taken for a success',
    caughtBy: ['S23', 'D1'],
    budget: 100,
    run: { profile: 'disk', replicas: 3, faults: 'power,sync-failure,slow-disk' },
    edits: [
      {
        file: 'src/host/storage/journal-file.ts',
        find: '      if (failure !== undefined) {\n        this.#report(finished',
        replace: `      if (failure !== undefined && !${on('M38')}) {\n        this.#report(finished`,
      },
    ],
  },
  {
    id: 'M39',
    bug: '`Math.random` chooses whom to ask for missing entries',
    caughtBy: ['TRAP', 'R1'],
    budget: 1,
    run: { profile: 'lossy', replicas: 3, 'packet-loss': '0.1' },
    edits: [
      {
        file: 'src/consensus/repair.ts',
        find: 'const peer = pickSource(r, range.from, stalls);',
        replace: `const peer = pickSource(r, range.from, stalls + (${on('M39')} ? Math.floor(Math.random() * 2) : 0));`,
      },
    ],
  },
  {
    id: 'M40',
    bug: 'frames are made in memory that is not zeroed',
    note: 'there is no pool that is used again; the reserved bytes of new frames get what one would hold',
    caughtBy: ['R1', 'A'],
    budget: 5,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/frame/control.ts',
        find: '    setU32(frame, prepareAt.size, frame.length);',
        replace: `    if (${on('M40')}) {
      globalThis.iggyctlPool = ((globalThis.iggyctlPool ?? Math.trunc(globalThis.process?.pid ?? 1)) * 5 + 1) & 255;
      frame[headerSize - 1] = globalThis.iggyctlPool;
    }
    setU32(frame, prepareAt.size, frame.length);`,
      },
    ],
  },
  {
    id: 'M44',
    bug: 'bodies of prepares are not sealed, and no seal is taken for a good one',
    caughtBy: ['S14'],
    budget: 20,
    run: { profile: 'lossy', replicas: 3 },
    edits: [
      {
        file: 'src/consensus/frame/prepare.ts',
        find: '  if (fields.bodyChecksum === undefined) {',
        replace: `  if (${on('M44')} && fields.bodyChecksum === undefined) {\n    frame.fill(0, prepareAt.checksumBody, prepareAt.checksumBody + 16);\n  } else if (fields.bodyChecksum === undefined) {`,
      },
      {
        file: 'src/consensus/frame/prepare.ts',
        find: "verifyPrepareBody(frame) === 'valid';",
        replace: `(verifyPrepareBody(frame) === 'valid' || (${on('M44')} && verifyPrepareBody(frame) === 'unsealed'));`,
      },
    ],
  },
  {
    id: 'M52',
    bug: 'a batch counts as durable when it is written, not when it is synced',
    caughtBy: ['S8'],
    budget: 20,
    run: { profile: 'crashy', replicas: 3 },
    edits: [
      {
        file: 'src/host/storage/journal-file.ts',
        find: '    this.#isBusy = true;\n    this.#disk.sync(this.#path, (failure) => {',
        replace: `    this.#isBusy = true;\n    if (${on('M52')} && finished.length > 0) this.#report(finished, 'ok');\n    this.#disk.sync(this.#path, (failure) => {`,
      },
      {
        file: 'src/host/storage/journal-file.ts',
        find: "if (finished.length > 0) this.#report(finished, 'ok');\n      this.flush();",
        replace: `if (!${on('M52')} && finished.length > 0) this.#report(finished, 'ok');\n      this.flush();`,
      },
    ],
  },
];
