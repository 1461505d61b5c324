import { describe, expect, it } from 'vitest';
import { createPrng, type Prng } from '../../../src/base/index.js';
import {
  annotate,
  buildFrame,
  decode,
  decodeManifest,
  decodeReply,
  detectFamily,
  type FrameFamily,
  type FrameKind,
  FrameSplitter,
  frameSpecs,
  type Plane,
  parseFrame,
  readSuffix,
  sealFrame,
  WireError,
} from '../../../src/wire/index.js';
import { wireRegistry } from '../../../src/wire/registry.js';

const kinds = Object.keys(frameSpecs) as readonly FrameKind[];
const planes: readonly Plane[] = ['client', 'server', 'replica', 'handshake', 'any'];
const families: readonly FrameFamily[] = [
  'consensus',
  'correlated-request',
  'correlated-response',
  'legacy-request',
  'legacy-response',
];

function onlyWireErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
}

/** A frame that looks right in part: random fields, mostly a right size, often a right seal. */
function almostFrame(prng: Prng): Uint8Array {
  const kind = prng.pick(kinds);
  const frame = buildFrame(kind, {}, prng.bytes(prng.below(700)));
  const damage = prng.below(20);
  for (let i = 0; i < damage; i++) frame[prng.below(frame.length)] = prng.below(256);
  if (prng.chance(0.7)) sealFrame(frame);
  return prng.chance(0.1) ? frame.subarray(0, prng.below(frame.length + 1)) : frame;
}

/**
 * Throws damaged and random bytes at everything that reads bytes from a socket. The name of a
 * failing test holds the seed that repeats it.
 */
export function describeDamagedBytes(rounds: number, seed: bigint): void {
  const each = (name: string, run: (prng: Prng) => void): void => {
    it(`${name} (seed ${seed})`, () => {
      const prng = createPrng(seed).fork(name);
      for (let i = 0; i < rounds; i++) run(prng);
    });
  };

  describe('random and damaged bytes', () => {
    each('parse as frames or give typed errors', (prng) => {
      const frame = almostFrame(prng);
      for (const plane of planes) onlyWireErrors(() => parseFrame(frame, plane));
    });

    each('never make reading a reply or guessing a family throw', (prng) => {
      const bytes = prng.chance(0.5) ? almostFrame(prng) : prng.bytes(prng.below(400));
      decodeReply(bytes);
      detectFamily(bytes);
    });

    each('are suffixes and manifests or give typed errors', (prng) => {
      const frame = buildFrame('StartView', { op: 9n }, prng.bytes(256 * prng.below(4)));
      frame[300 % frame.length] = prng.below(256);
      onlyWireErrors(() => readSuffix(frame, 9n));
      onlyWireErrors(() => decodeManifest(prng.bytes(prng.below(80))));
    });

    each('pass through splitters with bounded memory', (prng) => {
      const splitter = new FrameSplitter(prng.pick(families), 1000);
      for (let i = 0; i < 8; i++) {
        for (const frame of splitter.push(prng.bytes(prng.below(300)))) {
          expect(frame.length).toBeLessThanOrEqual(1000);
        }
        expect(splitter.pending).toBeLessThanOrEqual(1000);
      }
    });

    each('decode and annotate alike in every registered structure', (prng) => {
      const { codec } = prng.pick(wireRegistry);
      const bytes = prng.bytes(prng.below(200));
      // Small values are more often lengths and tags that fit.
      if (prng.chance(0.7)) for (let i = 0; i < bytes.length; i++) bytes[i] = prng.below(6);
      let failed = false;
      onlyWireErrors(() => {
        failed = true;
        decode(codec, bytes);
        failed = false;
      });
      expect(annotate(codec, bytes).ok).toBe(!failed);
    });
  });
}
