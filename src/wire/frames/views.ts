import {
  getU32,
  getU64,
  getU64Number,
  getU128,
  setU32,
  setU64,
  setU64Number,
  setU128,
} from '../../base/index.js';
import type { FixedStructCodec, StructShape } from '../schema/index.js';
import { getGroupNumber, setGroupNumber } from './group.js';
import {
  commitHeader,
  doViewChangeHeader,
  genericHeader,
  heartbeatAnswerHeader,
  prepareHeader,
  prepareOkHeader,
  replyHeader,
  requestHeader,
  requestPreparesHeader,
  requestStartViewHeader,
  routedRequestHeader,
  startViewChangeHeader,
  startViewHeader,
} from './headers/index.js';

// Hot paths read single fields straight from the bytes; positions come from the descriptions. `decode` uses
// few of these views, and a bundler leaves out the others as making one has no effect of its own.

/** How to read and write one field in place. */
interface Access<T> {
  get(bytes: Uint8Array, offset: number): T;
  set(bytes: Uint8Array, offset: number, value: T): void;
}

const byte: Access<number> = {
  get: (bytes, offset) => bytes[offset] ?? 0,
  set(bytes, offset, value) {
    bytes[offset] = value;
  },
};
const u32: Access<number> = { get: getU32, set: setU32 };
/** A u64 as a number; refuses values above 2^53-1. */
const count: Access<number> = { get: getU64Number, set: setU64Number };
const u64: Access<bigint> = { get: getU64, set: setU64 };
const u128: Access<bigint> = { get: getU128, set: setU128 };
const group: Access<number> = { get: getGroupNumber, set: setGroupNumber };

type AccessValue<A> = A extends Access<infer T> ? T : never;

/**
 * Reads fields of a header in place: `view.op(bytes)`, or `view.op(bytes, start)` for a header
 * that begins at `start`; writes them with `view.put.op(bytes, value)`. The 256 bytes must be
 * there. u64 counters come as numbers and are NUMBER_OUT_OF_RANGE above 2^53-1.
 */
export type HeaderView<A> = {
  readonly [K in keyof A]: (bytes: Uint8Array, start?: number) => AccessValue<A[K]>;
} & {
  readonly put: {
    readonly [K in keyof A]: (bytes: Uint8Array, value: AccessValue<A[K]>, start?: number) => void;
  };
};

const prefix = {
  checksum: u128,
  checksumBody: u128,
  cluster: u128,
  size: u32,
  view: u32,
  release: u32,
  command: byte,
  replica: byte,
} as const;

/** A view of a header: of the prefix that all have, and of its own fields. */
function view<S extends StructShape, const A extends { readonly [K in keyof S]?: Access<unknown> }>(
  { offsetOf }: FixedStructCodec<S>,
  own: A,
): HeaderView<typeof prefix & A> {
  const readers: [string, unknown][] = [];
  const put: [string, unknown][] = [];
  for (const accesses of [prefix, own]) {
    for (const [name, access] of Object.entries<Access<unknown> | undefined>(accesses)) {
      if (access === undefined) continue;
      const { get, set } = access;
      const offset = offsetOf[name] ?? 0;
      const write = (bytes: Uint8Array, value: unknown, start = 0) =>
        set(bytes, start + offset, value);
      readers.push([name, (bytes: Uint8Array, start = 0) => get(bytes, start + offset)]);
      put.push([name, write]);
    }
  }
  // Not key by key: an object that grows beyond a dozen keys becomes a table that is slow to read.
  const made = Object.fromEntries([...readers, ['put', Object.fromEntries(put)]]);
  return made as HeaderView<typeof prefix & A>;
}

/** The common prefix of any consensus frame. */
export const frameView = /* @__PURE__ */ view(genericHeader, {});

export const requestView = /* @__PURE__ */ view(requestHeader, {
  client: u128,
  requestChecksum: u128,
  timestamp: u64,
  request: u64,
  operation: byte,
  session: u64,
  userId: u32,
  commandCode: u32,
  consistency: byte,
});

export const routedRequestView = /* @__PURE__ */ view(routedRequestHeader, {
  client: u128,
  requestChecksum: u128,
  timestamp: u64,
  request: u64,
  operation: byte,
  session: u64,
  userId: u32,
  commandCode: u32,
  consistency: byte,
  group,
});

export const replyView = /* @__PURE__ */ view(replyHeader, {
  requestChecksum: u128,
  context: u128,
  client: u128,
  op: u64,
  commit: u64,
  timestamp: u64,
  request: u64,
  operation: byte,
  status: u32,
});

/** Prepare and RepairPrepare. */
export const prepareView = /* @__PURE__ */ view(prepareHeader, {
  client: u128,
  parent: u128,
  requestChecksum: u128,
  op: count,
  commit: count,
  timestamp: count,
  request: u64,
  operation: byte,
  group,
  userId: u32,
});

export const prepareOkView = /* @__PURE__ */ view(prepareOkHeader, {
  parent: u128,
  prepareChecksum: u128,
  op: count,
  commit: count,
  timestamp: count,
  request: u64,
  operation: byte,
  group,
  groupIncarnation: count,
});

const commitFields = {
  commitChecksum: u128,
  timestampMonotonic: count,
  commit: count,
  group,
  groupIncarnation: count,
} as const;

export const commitView = /* @__PURE__ */ view(commitHeader, commitFields);
export const heartbeatAnswerView = /* @__PURE__ */ view(heartbeatAnswerHeader, commitFields);

export const startViewChangeView = /* @__PURE__ */ view(startViewChangeHeader, {
  group,
  groupIncarnation: count,
});

export const doViewChangeView = /* @__PURE__ */ view(doViewChangeHeader, {
  op: count,
  commit: count,
  logView: u32,
  offsetFloor: count,
  nackBitset: u128,
  presentBitset: u128,
  group,
  groupIncarnation: count,
});

export const startViewView = /* @__PURE__ */ view(startViewHeader, {
  op: count,
  commit: count,
  offsetFloor: count,
  incarnation: u128,
  group,
  groupIncarnation: count,
});

export const requestStartViewView = /* @__PURE__ */ view(requestStartViewHeader, {
  incarnation: u128,
  group,
  groupIncarnation: count,
});

export const requestPreparesView = /* @__PURE__ */ view(requestPreparesHeader, {
  nonce: u128,
  fromOp: count,
  toOp: count,
  group,
  groupIncarnation: count,
});
