/** What an actor of a benchmark does. */
type Role = 'produce' | 'consume' | 'produce-and-consume' | 'ping' | 'login' | 'decode';

/** One kind of benchmark. */
export interface BenchKind {
  readonly name: string;
  readonly short: string;
  readonly about: string;
  /** Who takes part; `consume` alone reads what was sent before the clock starts. */
  readonly roles: readonly Role[];
  /** Consumers are members of a group and share the partitions. */
  readonly isGroup: boolean;
  /** Every actor keeps to one partition; otherwise the partitions are used in turn. */
  readonly isPinned: boolean;
}

const kind = (
  [name, short]: readonly [string, string],
  about: string,
  roles: readonly Role[],
  { isGroup = false, isPinned = false } = {},
): BenchKind => ({ name, short, about, roles, isGroup, isPinned });

/** The kinds of the official benchmark, and three more. */
export const benchKinds: readonly BenchKind[] = [
  kind(['pinned-producer', 'pp'], 'each producer to a partition of its own', ['produce'], {
    isPinned: true,
  }),
  kind(['pinned-consumer', 'pc'], 'each consumer from a partition of its own', ['consume'], {
    isPinned: true,
  }),
  kind(['pinned-producer-and-consumer', 'ppc'], 'both at once', ['produce', 'consume'], {
    isPinned: true,
  }),
  kind(['balanced-producer', 'bp'], 'producers to all partitions in turn', ['produce']),
  kind(['balanced-consumer-group', 'bcg'], 'members of a group share the partitions', ['consume'], {
    isGroup: true,
  }),
  kind(['balanced-producer-and-consumer-group', 'bpcg'], 'both at once', ['produce', 'consume'], {
    isGroup: true,
  }),
  kind(
    ['end-to-end-producing-consumer', 'e2e'],
    'each actor sends a batch and reads it back',
    ['produce-and-consume'],
    { isPinned: true },
  ),
  kind(
    ['end-to-end-producing-consumer-group', 'e2ecg'],
    'each actor sends, and reads as a member of a group',
    ['produce-and-consume'],
    { isGroup: true },
  ),
  kind(['ping', 'ping'], 'a request without a log', ['ping']),
  kind(['login', 'login'], 'connect, log in, register, log out', ['login']),
  kind(['decode', 'decode'], 'explain a frame, without a server', ['decode']),
];
