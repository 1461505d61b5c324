import { getU32, Slab } from '../../base/index.js';
import {
  Command,
  decodeResult,
  frameView,
  type OperationResult,
  replyView,
} from '../../wire/index.js';
import { digestOf } from '../trace/trace-hash.js';
import type { CanonicalLog } from './canonical-log.js';
import { isRefusal } from './refusal.js';
import type { Report } from './verdict.js';

const slabBytes = 64 * 1024;

interface Given {
  readonly digest: number;
  readonly bytes: Uint8Array;
}

/** Judges what nodes answer clients: after the commit, as the reference says, and always the same. */
export class ReplyChecker {
  readonly #canonical: CanonicalLog;
  readonly #report: Report;
  /** By op: what answers it is for one client and request. */
  readonly #given = new Map<number, Given>();
  readonly #copies = new Slab(slabBytes, slabBytes);
  repeats = 0;

  constructor(canonical: CanonicalLog, report: Report) {
    this.#canonical = canonical;
    this.#report = report;
  }

  /** A frame for a client leaves a node. */
  answered(node: number, frame: Uint8Array): void {
    if (frame.length < 256 || frameView.command(frame) !== Command.Reply) return;
    const operation = replyView.operation(frame);
    const isMetadata = operation >= firstOperation && operation < firstOfPartitions;
    if (!isMetadata || replyView.status(frame) !== 0) return;
    const op = Number(replyView.op(frame));
    if (op === 0) return;
    const entry = this.#canonical.get(op);
    const client = replyView.client(frame);
    const request = replyView.request(frame);
    const fail = (failureClass: 'S' | 'C', invariant: string, detail: string) =>
      this.#report({ class: failureClass, invariant, detail, node });
    const isMatch = entry?.client === client && entry.request === request;
    const result = decodeResult(frame.subarray(256));
    // A refusal carries the commit point of whoever refuses, which may be any client's op.
    if (!result.ok && (!isMatch || isRefusal(frame))) return;
    if (entry === undefined) {
      fail('S', 'S16', `an answer to op ${op} left before it was committed`);
      return;
    }
    if (!isMatch) {
      const whose = `request ${entry.request} of client ${entry.client}`;
      fail(
        'C',
        'C7',
        `op ${op} is ${whose}, answered as request ${request} of client ${client}, operation ${operation}`,
      );
      return;
    }
    this.#compare(result, entry.expected, op, fail);
    this.#repeat(frame, op, fail);
  }

  #compare(
    result: OperationResult,
    expected: CanonicalEntryExpected,
    op: number,
    fail: (failureClass: 'S' | 'C', invariant: string, detail: string) => void,
  ): void {
    if (expected === undefined) return;
    if (result.ok !== expected.ok) {
      const code = result.ok ? 'success' : `code ${result.code}`;
      fail('S', 'S16', `op ${op} was answered with ${code}, the reference says otherwise`);
    } else if (!result.ok && !expected.ok && result.code !== expected.code) {
      fail('S', 'S16', `op ${op} was answered ${result.code}, the reference says ${expected.code}`);
    } else if (result.ok && expected.ok && expected.id >= 0) {
      // Every record that is created begins with its id.
      const id = getU32(result.payload, 0);
      if (id !== expected.id) {
        fail('S', 'S16', `op ${op} made id ${id}, the reference says ${expected.id}`);
      }
    }
  }

  #repeat(
    frame: Uint8Array,
    op: number,
    fail: (failureClass: 'S' | 'C', invariant: string, detail: string) => void,
  ): void {
    const before = this.#given.get(op);
    if (before === undefined) {
      this.#given.set(op, { digest: digestOf(frame), bytes: this.#copies.copy(frame) });
      return;
    }
    this.repeats += 1;
    if (before.digest === digestOf(frame) && isEqual(before.bytes, frame)) return;
    const client = replyView.client(frame);
    const request = replyView.request(frame);
    fail('C', 'C2', `two answers to ${client}/${request}/${op} differ`);
  }
}

type CanonicalEntryExpected = NonNullable<ReturnType<CanonicalLog['get']>>['expected'];

/** Operations below this are logins, logouts and reads. */
const firstOperation = 64;
/** Operations from here on are answered by the groups of partitions. */
const firstOfPartitions = 160;

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
