import {
  blob,
  type CodecValue,
  enumU8,
  lengthPrefixed,
  mapped,
  u8,
  u32,
  union,
  variant,
} from '../../schema/index.js';

/** How the partition of a batch is chosen. */
export const partitioningKind = { balanced: 1, partition: 2, key: 3 } as const;

/** Round robin (1), this partition (2), or the partition that a key hashes to (3). */
export type Partitioning =
  | { readonly kind: 1 }
  | { readonly kind: 2; readonly value: number }
  | { readonly kind: 3; readonly value: Uint8Array };

const noValue = enumU8('Length', { none: 0 });

const choice = union('Partitioning', u8, {
  balanced: variant(1, noValue, 'Round robin; the length is 0.'),
  partition: variant(2, lengthPrefixed(u8, u32, { min: 4, max: 4 }), 'Partition id.'),
  key: variant(3, blob(u8, { min: 1 }), 'Key, 1..255 bytes; XXH32 modulo the partition count.'),
});

/** `{u8 kind, u8 length, value}`. @source Iggy binary protocol, Partitioning */
export const partitioning = mapped<CodecValue<typeof choice>, Partitioning>(
  'Partitioning',
  choice,
  (choice) => {
    if (choice.kind === 'partition') return { kind: 2, value: choice.value };
    return choice.kind === 'key' ? { kind: 3, value: choice.value } : { kind: 1 };
  },
  (value) => {
    if (value.kind === 2) return { kind: 'partition', value: value.value };
    return value.kind === 3 ? { kind: 'key', value: value.value } : { kind: 'balanced', value: 0 };
  },
);
