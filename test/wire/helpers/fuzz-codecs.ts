import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng, type Prng } from '../../../src/base/index.js';
import {
  annotate,
  type Codec,
  decode,
  encode,
  encodeSnapshot,
  encodeSuperblock,
  indexFile,
  journalFrame,
  offsetFile,
  partitionMarkFile,
  purgeGenerationFile,
  type SuperblockSlot,
  segmentFile,
  snapshot,
  snapshotClientTable,
  snapshotRetired,
  snapshotRings,
  superblockFile,
  WireError,
} from '../../../src/wire/index.js';
import { wireRegistry } from '../../../src/wire/registry.js';
import { mutated, randomBytes } from '../../helpers/mutate.js';
import { valuesOf } from './codec-values.js';
import { entryValues, hasSeveralForms } from './entry-values.js';
import { fullSnapshot, header } from './snapshot-sample.js';

interface Target {
  readonly name: string;
  readonly codec: Codec<unknown>;
  /** Encodings to damage. */
  readonly samples: (seed: number) => readonly Uint8Array[];
  readonly severalForms: boolean;
}

const files = {
  indexFile,
  journalFrame,
  offsetFile,
  partitionMarkFile,
  purgeGenerationFile,
  segmentFile,
  snapshotClientTable,
  snapshotRetired,
  snapshotRings,
} as const;

const mostSamples = 60;

function encodings(codec: Codec<unknown>, values: fc.Arbitrary<unknown>, seed: number) {
  return fc.sample(values, { seed, numRuns: mostSamples }).map((value) => encode(codec, value));
}

const targets: readonly Target[] = [
  ...wireRegistry.map((entry) => ({
    name: entry.name,
    codec: entry.codec,
    samples: (seed: number) => encodings(entry.codec, entryValues(entry), seed),
    // An empty confirmation is read as one that says nothing.
    severalForms: entry.name === 'response/send_messages' || hasSeveralForms(entry.codec),
  })),
  ...Object.entries<Codec<unknown>>(files).map(([name, codec]) => ({
    name: `file/${name}`,
    codec,
    samples: (seed: number) => encodings(codec, valuesOf(codec), seed),
    severalForms: true,
  })),
  {
    name: 'file/superblock',
    codec: superblockFile,
    samples: () => [[], [header, header]].map((viewHeaders) => encodeSuperblock(slot(viewHeaders))),
    severalForms: true,
  },
  {
    name: 'file/snapshot',
    codec: snapshot as Codec<unknown>,
    samples: () => [encodeSnapshot(fullSnapshot)],
    severalForms: true,
  },
];

function slot(viewHeaders: readonly Uint8Array[]): SuperblockSlot {
  const place = { cluster: 1n << 100n, replica: 2, replicaCount: 3, view: 7, logView: 5 };
  const checkpoint = { commitMax: 1000, checkpointOp: 900, checkpointChecksum: 0xdeadn };
  const record = { ...place, ...checkpoint, offsetFrontier: 65_536, lostUpTo: 3, viewHeaders };
  return { sequence: 9, record };
}

/**
 * Damaged encodings and random bytes, `rounds` of each, for every described structure: a value
 * that is the same when written and read again, or the declared error, with an amount of output
 * that the input bounds. The name of a failing test holds the seed that repeats it.
 */
export function describeCodecFuzz(rounds: number, seed: bigint): void {
  describe(`${rounds} damaged and random inputs each`, () => {
    for (const target of targets) {
      it(`${target.name} (seed ${seed})`, () => {
        const prng = createPrng(seed).fork(target.name);
        const samples = target.samples(Number(seed & 0x7fff_ffffn));
        for (let i = 0; i < rounds; i++) {
          tryOne(target, mutated(prng, prng.pick(samples)), prng);
          tryOne(target, randomBytes(prng, 200), prng);
        }
      });
    }
  });
}

function tryOne({ codec, severalForms }: Target, bytes: Uint8Array, prng: Prng): void {
  const value = attempt(codec, bytes);
  // Annotating does the same work a second time, and says so in an annotation per field.
  if (prng.chance(0.1)) expect(annotate(codec, bytes).ok).toBe(value !== refused);
  if (value === refused) return;
  if (amountOf(value) > 16 * bytes.length + 4096) {
    throw new Error(`${bytes.length} bytes became ${amountOf(value)} parts`);
  }
  const again = encode(codec, value);
  if (sameBytes(again, bytes)) return;
  if (!severalForms)
    throw new Error(`re-encoded differently: ${Buffer.from(bytes).toString('hex')}`);
  expect(attempt(codec, again)).toEqual(value);
}

const refused = Symbol('refused');

function attempt(codec: Codec<unknown>, bytes: Uint8Array): unknown {
  try {
    return decode(codec, bytes);
  } catch (error) {
    if (error instanceof WireError) return refused;
    throw error;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** Members, items and characters of a value: what it costs to hold. */
function amountOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return 1;
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const member of Object.values(value)) sum += amountOf(member);
  return sum;
}
