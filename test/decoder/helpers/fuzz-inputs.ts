import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { createPrng, type Prng } from '../../../src/base/index.js';
import { DecodeInputError } from '../../../src/decoder/index.js';
import { type DecodeSettings, decodeAll } from '../../helpers/decoded.js';
import { mutated, randomBytes } from '../../helpers/mutate.js';
import { type Captured, ipPacket, links, pcapFile, pcapngFile } from '../../helpers/packets.js';
import * as frames from '../../helpers/sample-frames.js';

const folder = new URL('../fixtures/', import.meta.url);
const stream = frames.joined([
  frames.createStream('orders', 1n),
  frames.getStream(3, 2n),
  frames.streamReply('orders', 2n),
  frames.prepareFrame(9n),
  frames.commitFrame(9n),
]);

function packets(): Captured[] {
  const { wrap } = links.ethernet;
  const pieces = [0, 100, 700, 650].map((at) => ({ at, data: stream.subarray(at, at + 600) }));
  return pieces.map(({ at, data }, index) => ({
    bytes: wrap(
      ipPacket({ from: ['10.0.0.1', 50_000], to: ['10.0.0.2', 8090], sequence: 1000 + at, data }),
    ),
    timeMicros: 1_755_770_400_000_000 + index,
  }));
}

const capture = { linkType: links.ethernet.linkType, bigEndian: false, nanos: false };

/** What is damaged: one input of every form. */
function samples(): ReadonlyMap<string, Uint8Array> {
  const all = new Map<string, Uint8Array>();
  for (const name of readdirSync(folder)) all.set(name, readFileSync(new URL(name, folder)));
  all.set('binary', stream);
  all.set('json array', Buffer.from(JSON.stringify([...stream])));
  all.set('json buffer', Buffer.from(JSON.stringify(Buffer.from(stream))));
  all.set('pcap', pcapFile(packets(), capture));
  all.set('pcapng', pcapngFile(packets(), capture));
  return all;
}

function settings(prng: Prng): DecodeSettings {
  const choice: DecodeSettings = {
    resync: prng.chance(0.5),
    pair: prng.chance(0.5),
    verify: prng.chance(0.7),
    layout: prng.chance(0.2) ? 'origin' : 'current',
  };
  return prng.chance(0.5) ? choice : { ...choice, pieces: [1 + prng.below(300)] };
}

/**
 * Damaged inputs and random bytes, `rounds` of each, for every input form: frames, reports of
 * what is wrong, or the declared error. The name of a failing test holds the seed.
 */
export function describeInputFuzz(rounds: number, seed: bigint): void {
  describe(`${rounds} damaged and random inputs each`, () => {
    for (const [name, sample] of samples()) {
      it(`${name} (seed ${seed})`, () => {
        const prng = createPrng(seed).fork(name);
        for (let i = 0; i < rounds; i++) {
          tryOne(prng, mutated(prng, sample));
          tryOne(prng, randomBytes(prng, 600));
        }
      });
    }
  });
}

function tryOne(prng: Prng, bytes: Uint8Array): void {
  try {
    const { frames: found, bad, partials } = decodeAll(bytes, settings(prng));
    const reports = found.length + bad.length + partials.length;
    // Every report stands for bytes of the input.
    if (reports > bytes.length + 1) throw new Error(`${reports} reports for ${bytes.length} bytes`);
  } catch (error) {
    if (!(error instanceof DecodeInputError)) throw error;
  }
}
