import { prepareChecksum, prepareOp } from '../../../src/consensus/frame/prepare.js';
import type { Vote } from '../../../src/consensus/frame/suffix.js';
import { type Quorums, quorums } from '../../../src/consensus/index.js';
import { type MergedLog, mergeVotes } from '../../../src/consensus/merge.js';
import { makePrepare } from './prepares.js';

/** Uniform in 0..n-1. */
export type Below = (n: number) => number;

interface Member {
  logView: number;
  commit: number;
  /** Highest op it claims in a vote. */
  head: number;
  /** Entries it holds durably. */
  readonly held: Map<number, Uint8Array>;
  /** Headers of the log of `logView`. */
  headers: Map<number, Uint8Array>;
}

const ops = 2;

/**
 * One history of a few replicas over two ops and up to four views, with restarts: who adopts, who
 * votes and who gets what is drawn. Returns the first committed op that a later view lost.
 * @param remembers whether replicas keep the headers of the view they adopted
 */
export function historyLoses(n: number, below: Below, remembers: boolean): number | undefined {
  const history = new History(n, below, remembers);
  history.replicate(0, history.all);
  const views = 1 + below(4);
  for (let view = 1; view <= views; view++) {
    const lost = history.changeView(view);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

class History {
  readonly #members: readonly Member[];
  readonly #below: Below;
  readonly #remembers: boolean;
  readonly #quorums: Quorums;
  /** Identity by op. */
  readonly #committed = new Map<number, bigint>();

  constructor(n: number, below: Below, remembers: boolean) {
    this.#below = below;
    this.#remembers = remembers;
    this.#quorums = quorums(n);
    this.#members = Array.from({ length: n }, () => ({
      ...{ logView: 0, commit: 0, head: 0, held: new Map(), headers: new Map() },
    }));
  }

  get all(): readonly number[] {
    return this.#members.map((_, i) => i);
  }

  /** The primary of a view prepares what is left, and some of its followers get some of it. */
  replicate(view: number, followers: readonly number[]): void {
    const primary = this.#member(view % this.#members.length);
    const goal = primary.head + this.#below(ops - primary.head + 1);
    while (primary.head < goal) {
      const op = primary.head + 1;
      const parent = primary.held.get(op - 1);
      const frame = makePrepare({
        ...{ op, view, request: BigInt(view * 10 + op), commit: primary.commit },
        parent: parent === undefined ? 0n : prepareChecksum(parent),
      });
      primary.held.set(op, frame.slice(0, 256));
      primary.head = op;
    }
    for (const i of followers) this.#follow(this.#member(i), primary);
    for (let op = 1; op <= primary.head; op++) this.#settle(op, primary, followers);
  }

  /** A backup gets entries in order, as far as the draw says; nothing above a hole is acknowledged. */
  #follow(member: Member, primary: Member): void {
    const reach = this.#below(primary.head + 1);
    for (let op = 1; op <= reach; op++) {
      const entry = primary.held.get(op);
      if (entry !== undefined) member.held.set(op, entry);
      member.head = Math.max(member.head, op);
    }
  }

  #settle(op: number, primary: Member, followers: readonly number[]): void {
    const entry = primary.held.get(op);
    if (entry === undefined || (op > 1 && primary.commit < op - 1)) return;
    const holders = followers.filter((i) => isSame(this.#member(i).held.get(op), entry));
    if (holders.length < this.#quorums.replication) return;
    primary.commit = Math.max(primary.commit, op);
    this.#committed.set(op, prepareChecksum(entry));
  }

  /** Votes, merge, adoption by some. Returns an op that was committed and is gone. */
  changeView(view: number): number | undefined {
    const n = this.#members.length;
    const elect = view % n;
    for (const member of this.#members) if (this.#below(3) === 0) this.#restart(member);
    const voters = this.#some(elect, this.#quorums.viewChange);
    const outcome = mergeVotes(
      voters.map((i) => this.#vote(i)),
      this.#quorums,
    );
    if (outcome.kind !== 'ready') return undefined;
    const { log } = outcome;
    const named = new Map(log.headers.map((header) => [prepareOp(header), header]));
    for (const [op, checksum] of this.#committed) {
      const header = named.get(op);
      if (op > log.opHead) return op;
      if (header !== undefined && prepareChecksum(header) !== checksum) return op;
    }
    const followers = this.#some(elect, 1 + this.#below(n));
    for (const i of followers) this.#adopt(i, view, log);
    this.replicate(view, followers);
    return undefined;
  }

  #adopt(i: number, view: number, { opHead, commitMax, headers }: MergedLog): void {
    const named = new Map(headers.map((header) => [prepareOp(header), header]));
    const member = this.#member(i);
    for (const [op, entry] of member.held) {
      const header = named.get(op);
      const isOther = header !== undefined && !isSame(header, entry);
      if (op > opHead || isOther) member.held.delete(op);
    }
    member.logView = view;
    member.head = opHead;
    member.commit = Math.max(member.commit, commitMax);
    member.headers = new Map(this.#remembers ? named : []);
    // The elect starts only with all of it; everybody fetches what is committed.
    const isElect = i === view % this.#members.length;
    for (const [op, header] of named) if (isElect || op <= commitMax) member.held.set(op, header);
  }

  #restart(member: Member): void {
    const held = Math.max(0, ...member.held.keys());
    const announced = this.#remembers ? Math.max(0, ...member.headers.keys()) : 0;
    member.head = Math.max(held, announced, this.#remembers ? member.commit : 0);
    if (!this.#remembers) member.headers.clear();
  }

  #vote(replica: number): Vote {
    const { logView, head, commit, held, headers } = this.#member(replica);
    const suffix: (Uint8Array | undefined)[] = [];
    let present = 0n;
    let nack = 0n;
    for (let op = head; op >= Math.max(1, commit); op--) {
      const position = 1n << BigInt(head - op);
      suffix.push(held.get(op) ?? headers.get(op));
      if (held.has(op)) present |= position;
      else if (op > commit) nack |= position;
    }
    const numbers = { op: head, commit: Math.min(commit, head), offsetFloor: 0 };
    return { replica, logView, ...numbers, suffix, present, nack };
  }

  /** `count` members, one of them `first`. */
  #some(first: number, count: number): readonly number[] {
    const rest = this.all.filter((i) => i !== first);
    const chosen = [first];
    while (chosen.length < count && rest.length > 0) {
      chosen.push(...rest.splice(this.#below(rest.length), 1));
    }
    return chosen;
  }

  #member(i: number): Member {
    const member = this.#members[i];
    if (member === undefined) throw new RangeError(`there is no replica ${i}`);
    return member;
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && prepareChecksum(a) === prepareChecksum(b);
}
