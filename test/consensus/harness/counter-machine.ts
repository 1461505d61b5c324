import {
  concatBytes,
  getU32,
  getU64,
  getU64Number,
  IggyctlError,
  setU32,
  setU64,
  setU64Number,
} from '../../../src/base/index.js';
import { decodeClientTable, encodeClientTable } from '../../../src/consensus/client-table/codec.js';
import type {
  Admission,
  AdmissionRequest,
  Applied,
  CommittedEntry,
  SnapshotContents,
  SnapshotSource,
  StateMachine,
} from '../../../src/consensus/index.js';
import { xxh3 } from '../../../src/wire/index.js';

class BadSnapshotError extends IggyctlError<'BAD_SNAPSHOT'> {
  constructor() {
    super('BAD_SNAPSHOT', 'not a snapshot of the counter', {});
  }
}

/** Operation whose body begins with a status it is to be denied with. */
export const deniedOperation = 149;
/** Operation that ends all sessions of the user in its body. */
export const endUserOperation = 143;
/** The others should hear of it at once. */
export const urgentOperation = 131;

/**
 * The smallest state machine worth replicating: a running hash of everything applied. Replies are
 * a successful result section and the count.
 */
export class CounterMachine implements StateMachine {
  count = 0;
  digest = 0n;
  readonly applied: number[] = [];
  readonly ended: bigint[] = [];
  readonly logged_ = new Set<number>();
  readonly snapshots: SnapshotSource;

  constructor() {
    this.snapshots = {
      encode: (contents) => this.#encode(contents),
      decode: (payload) => decodeSnapshot(payload).contents,
      restore: (payload) => {
        const decoded = decodeSnapshot(payload);
        this.count = decoded.count;
        this.digest = decoded.digest;
        return decoded.contents;
      },
    };
  }

  admit(request: AdmissionRequest): Admission {
    if (request.operation === deniedOperation) {
      return { kind: 'deny', status: request.body[0] ?? 0 };
    }
    return { kind: 'accept', operation: request.operation, body: request.body };
  }

  logged(entry: CommittedEntry): void {
    this.logged_.add(entry.op);
  }

  unlogged(op: number): void {
    this.logged_.delete(op);
  }

  apply(entry: CommittedEntry): Applied {
    this.count++;
    this.applied.push(entry.op);
    this.logged_.delete(entry.op);
    const state = new Uint8Array(32);
    setU64(state, 0, this.digest);
    setU64Number(state, 8, entry.op);
    setU64(state, 16, entry.request);
    setU64(state, 24, xxh3(entry.body));
    this.digest = xxh3(state);
    const body = new Uint8Array(12);
    setU64Number(body, 4, this.count);
    if (entry.operation === urgentOperation) return { body, isUrgent: true };
    return entry.operation === endUserOperation
      ? { body, endedUsers: [getU32(entry.body, 0)] }
      : { body };
  }

  endSession(client: bigint): void {
    this.ended.push(client);
  }

  #encode(contents: SnapshotContents): Uint8Array {
    const head = new Uint8Array(44);
    setU32(head, 0, 0x544e_4331);
    setU64Number(head, 4, contents.op);
    setU64Number(head, 12, contents.timestamp);
    setU64Number(head, 20, this.count);
    setU64(head, 28, this.digest);
    setU32(head, 36, contents.commitHeader?.length ?? 0);
    const table = encodeClientTable(contents.sessions);
    return concatBytes([head, contents.commitHeader ?? new Uint8Array(0), table]);
  }
}

function decodeSnapshot(payload: Uint8Array): {
  readonly count: number;
  readonly digest: bigint;
  readonly contents: SnapshotContents;
} {
  if (payload.length < 44 || getU32(payload, 0) !== 0x544e_4331) throw new BadSnapshotError();
  const headerLength = getU32(payload, 36);
  const sessions = decodeClientTable(payload.subarray(44 + headerLength));
  return {
    count: getU64Number(payload, 20),
    digest: getU64(payload, 28),
    contents: {
      op: getU64Number(payload, 4),
      timestamp: getU64Number(payload, 12),
      sessions,
      ...(headerLength === 0 ? {} : { commitHeader: payload.slice(44, 44 + headerLength) }),
    },
  };
}
