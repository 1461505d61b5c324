import { type Codec, codec, xxh3 } from '../../wire/index.js';

const { array, bytes, enumU8, field, struct, u32, u64, u8 } = codec;

const artifactKind = enumU8('Artifact', {
  snapshot: 0,
  client_table: 1,
  segment: 2,
  consumer_offsets: 3,
});

const entry = struct('Artifact', {
  kind: field(artifactKind, 'What is offered.'),
  frontier: field(u64, 'How far it reaches: a sequence number, a base offset or an op.'),
  len: field(u64, 'Size in bytes.'),
  checksum: field(u64, 'XXH3-64 of its bytes.'),
});

const shape = {
  magic: field(bytes(4), 'ISM1.'),
  count: field(u32, 'Number of entries.'),
  entry_length: field(u8, 'Bytes of one entry.'),
} as const;

const head = struct('StateManifest', shape);
const entrySize = 25;

/** Reads entries of a length that the manifest itself gives; what is longer is passed over. */
interface ManifestEntry {
  readonly kind: number;
  readonly frontier: bigint;
  readonly len: bigint;
  readonly checksum: bigint;
}

/**
 * What a replica offers to one that needs its state.
 * @source Iggy consensus protocol, state manifest
 */
export const manifestCodec: Codec<{
  readonly count: number;
  readonly entry_length: number;
  readonly entries: readonly ManifestEntry[];
}> = {
  ...{ type: 'StateManifest', size: undefined, minSize: 17, composite: true },
  shape: { kind: 'mapped', inner: array(u8, entry), to: (value) => value },
  read(reader) {
    const { count, entry_length } = head.read(reader);
    const entries: ManifestEntry[] = [];
    for (let i = 0; i < count && entry_length >= entrySize; i++) {
      entries.push(reader.field(`entries[${i}]`, entry, ''));
      if (entry_length > entrySize) {
        reader.field('more', bytes(entry_length - entrySize), 'Of a later version.');
      }
    }
    reader.field('trailer', u64, 'XXH3-64 of everything before it.');
    return { count, entry_length, entries };
  },
  write: () => undefined,
};

/** True when the trailer of a manifest is the hash of what precedes it. */
export function isManifestIntact(body: Uint8Array): boolean {
  if (body.length < 8) return false;
  const end = body.length - 8;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return view.getBigUint64(end, true) === xxh3(body, 0, end);
}
