import { describe, expect, it } from 'vitest';
import { setU32, setU64, setU64Number } from '../../../src/base/index.js';
import { CanonicalLog } from '../../../src/simulator/check/canonical-log.js';
import { CommitDelayJudge } from '../../../src/simulator/check/commit-delay.js';
import { FencingJudge } from '../../../src/simulator/check/fencing.js';
import { ForeignReplyJudge } from '../../../src/simulator/check/foreign-replies.js';
import type { JudgeContext } from '../../../src/simulator/check/judge.js';
import { leftoversOf } from '../../../src/simulator/check/leaks.js';
import { LoginJudge } from '../../../src/simulator/check/login-rules.js';
import { LogoutJudge } from '../../../src/simulator/check/logout-rules.js';
import { judgeNumber } from '../../../src/simulator/check/number-rules.js';
import { OldFrameJudge } from '../../../src/simulator/check/old-frames.js';
import { IdentityJudge } from '../../../src/simulator/check/prepare-identity.js';
import { ProgressWatch } from '../../../src/simulator/check/progress.js';
import { ProofJudge } from '../../../src/simulator/check/proof.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import { ViewChecker } from '../../../src/simulator/check/view-checker.js';
import { makePlan } from '../../../src/simulator/index.js';
import { ReferenceSessions } from '../../../src/simulator/model/reference-sessions.js';
import type { SimNode } from '../../../src/simulator/world/sim-node.js';
import {
  Command,
  commands,
  EvictionReason,
  encode,
  Operation,
  prepareHeader,
  replyView,
  requestView,
} from '../../../src/wire/index.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

const client = 77n;
const created = (name: string) => encode(commands.create_stream.request, { name, options: [] });

function bench(now = { tick: 0 }) {
  const found: Violation[] = [];
  const report = (violation: Violation) => found.push(violation);
  const canonical = new CanonicalLog({ clientSlots: 4, retiredSlots: 2 }, report);
  const context: JudgeContext = {
    plan: makePlan({ seed: 1n, profile: 'calm', ticks: 100 }),
    nodes: [],
    canonical,
    report,
    tick: () => now.tick,
    mark: () => undefined,
    isOpen: () => true,
  };
  const rules = () => found.map(({ invariant }) => invariant);
  return { context, canonical, report, rules, now };
}

/** A node of which judges see as much as they look at. */
function node(state: object = {}, extra: object = {}): SimNode {
  const status = { view: 3, logView: 3, status: 'normal', head: 5, commitMin: 5, commitMax: 5 };
  const replica = {
    status: { ...status, requestQueueLength: 0, pipelineLength: 0 },
    clientTable: () => ({ live: [], retired: [] }),
    state: {
      votes: [],
      pipeline: [],
      log: { size: 1 },
      runTop: 5,
      svcSenders: 0,
      reads: { pending: [] },
      staged: { size: 0 },
      pendingWrites: { size: 0 },
      transferStage: 'idle',
      table: { session: () => undefined },
      ...state,
    },
    ...extra,
  };
  const host = { replica, status: replica.status, outstanding: () => ({ proposals: 0 }) };
  return { index: 1, starts: 1, host } as unknown as SimNode;
}

function request(operation: number, number: bigint, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(256 + body.length);
  frame.set(body, 256);
  requestView.put.size(frame, frame.length);
  requestView.put.command(frame, Command.Request);
  requestView.put.client(frame, client);
  requestView.put.request(frame, number);
  requestView.put.operation(frame, operation);
  return frame;
}

function reply(operation: number, op: number, number: bigint, code = 0): Uint8Array {
  const body = new Uint8Array(code === 0 ? 4 : 12);
  if (code > 0) {
    setU32(body, 0, 1);
    setU32(body, 4, 0);
    setU32(body, 8, code);
  }
  const frame = new Uint8Array(256 + body.length);
  frame.set(body, 256);
  replyView.put.command(frame, Command.Reply);
  replyView.put.size(frame, frame.length);
  replyView.put.client(frame, client);
  replyView.put.op(frame, BigInt(op));
  replyView.put.request(frame, number);
  replyView.put.operation(frame, operation);
  return frame;
}

function chain(...entries: { operation: number; request: bigint; body?: Uint8Array }[]) {
  let parent = 0n;
  return entries.map((entry, i) => {
    const frame = makePrepare({ op: i + 1, parent, client, ...entry });
    parent = new DataView(frame.buffer).getBigUint64(prepareHeader.offsetOf.checksum, true);
    return frame;
  });
}

const register = { operation: Operation.Register, request: 0n };
const create = (number: bigint, name = 'a') => ({
  operation: Operation.CreateStream,
  request: number,
  body: created(name),
});

describe('judges of single rules', () => {
  it('S13: a frame of an earlier view that changes something', () => {
    const { context, rules } = bench();
    const judge = new OldFrameJudge(context);
    const old = makePrepare({ op: 6, view: 2, builder: 2 });
    const target = node();
    judge.delivered(target, old, () => undefined);
    expect(rules()).toEqual([]);
    judge.delivered(target, old, () => {
      Object.assign(target.host?.replica.state ?? {}, { runTop: 6 });
    });
    expect(rules()).toEqual(['S13']);
  });

  it('S11: an op is given up for a quorum of nacks, and what was built upon it goes with it', () => {
    const { canonical, report, rules } = bench();
    const [one, two, three] = chain(create(1n), create(2n), create(3n));
    const judged = (nackQuorum: number, kept: readonly Uint8Array[]) => {
      const vote = (suffix: readonly Uint8Array[], nack: bigint) => ({
        ...{ logView: 1, op: suffix.length, commit: 0, suffix, nack, present: 0n },
      });
      const long = vote([three!, two!, one!], 0b010n);
      const votes = [long, vote([two!, one!], 0b01n), vote([two!, one!], 0b01n)];
      const log = { opHead: kept.length, commitMax: 0, headers: kept };
      const target = Object.assign(node({ decided: { votes, log } }), { ledger: {} });
      new ViewChecker(canonical, nackQuorum, report).observe(target);
    };
    judged(3, [one!]);
    judged(4, [three!, two!, one!]);
    expect(rules()).toEqual([]);
    judged(4, [one!]);
    judged(3, [two!, one!]);
    expect(rules()).toEqual(['S11', 'S11']);
  });

  it('S15: one entry with two identities', () => {
    const { context, rules } = bench();
    const judge = new IdentityJudge(context);
    const frame = makePrepare({ op: 1 });
    judge.sent(node(), frame);
    const later = frame.slice();
    setU32(later, prepareHeader.offsetOf.view, 4);
    judge.sent(node(), later);
    expect(rules()).toEqual([]);
    setU64(later, prepareHeader.offsetOf.checksum, 1n);
    judge.sent(node(), later);
    expect(rules()).toEqual(['S15']);
    // Sealed right, but with other bytes where nothing but its identity may differ.
    const other = makePrepare({ op: 1, view: 9 });
    setU32(other, prepareHeader.offsetOf.op, 2);
    judge.sent(node(), other);
    expect(rules()).toEqual(['S15', 'S15']);
  });

  it('S22: what a node at rest still waits for', () => {
    expect(leftoversOf(node())).toBeUndefined();
    expect(leftoversOf(node({ pendingWrites: { size: 2 } }))).toBe('2 journal writes');
    expect(leftoversOf(node({ repair: {} }))).toBe('1 repair sessions');
  });

  it('C4: an entry behind the login that took its session over', () => {
    const { context, canonical, rules } = bench();
    const judge = new FencingJudge(context);
    const [login, again, late] = chain(register, register, create(1n));
    canonical.committed(login!, { node: 0, view: 0 });
    judge.answered({ node: node(), connection: 1, frame: reply(Operation.Register, 1, 0n) });
    const frame = request(Operation.CreateStream, 1n, created('a'));
    judge.arrived({ node: node(), connection: 1, frame });
    canonical.committed(again!, { node: 0, view: 0 });
    canonical.committed(late!, { node: 0, view: 0 });
    judge.committed(canonical.get(3)!);
    expect(rules()).toEqual(['C4']);
  });

  it('C4: a fenced session that is answered from the cache', () => {
    const { context, canonical, rules } = bench();
    const judge = new FencingJudge(context);
    for (const frame of chain(register, create(1n)))
      canonical.committed(frame, { node: 0, view: 0 });
    judge.answered({ node: node(), connection: 1, frame: reply(Operation.Register, 1, 0n) });
    const fenced = node({ table: { session: () => ({ epoch: 9 }) } });
    const frame = request(Operation.CreateStream, 1n, created('a'));
    judge.arrived({ node: fenced, connection: 1, frame });
    const refused = reply(Operation.CreateStream, 2, 1n, 58);
    judge.answered({ node: fenced, connection: 1, frame: refused });
    expect(rules()).toEqual([]);
    const cached = reply(Operation.CreateStream, 2, 1n);
    judge.answered({ node: fenced, connection: 1, frame: cached });
    expect(rules()).toEqual(['C4']);
  });

  it('C5: a login that loses the watermark, doubles its client, or is answered by another', () => {
    const { context, canonical, rules } = bench();
    const judge = new LoginJudge(context);
    const frames = chain(register, create(4n), register);
    for (const frame of frames) canonical.committed(frame, { node: 0, view: 0 });
    const at = (...live: object[]) =>
      node({}, { status: { commitMin: 3 }, clientTable: () => ({ live, retired: [] }) });
    const good = { client, epoch: 3, watermark: 4n };
    const entry = canonical.get(3)!;
    judge.committed(entry, frames[2]!, at(good));
    expect(rules()).toEqual([]);
    judge.committed(entry, frames[2]!, at({ ...good, watermark: 0n }));
    judge.committed(entry, frames[2]!, at(good, good));
    judge.answered({ node: node(), connection: 1, frame: reply(Operation.Register, 2, 0n) });
    expect(rules()).toEqual(['C5', 'C5', 'C5']);
  });

  it('C14: a login that is told another origin than its entry has', () => {
    const { context, canonical, rules } = bench();
    const judge = new LoginJudge(context);
    for (const frame of chain(register, register)) {
      canonical.committed(frame, { node: 0, view: 0 });
      judge.committed(canonical.get(canonical.head)!, frame, node());
    }
    const answer = (origin: bigint) => {
      const frame = reply(Operation.Register, 2, 0n);
      replyView.put.context(frame, origin << 64n);
      judge.answered({ node: node(), connection: 1, frame });
    };
    answer(0n);
    answer(1n);
    expect(rules()).toEqual([]);
    answer(2n);
    expect(rules()).toEqual(['C14']);
  });

  it('C7: the answer to another client, and to what was never asked', () => {
    const { context, rules } = bench();
    const judge = new ForeignReplyJudge(context);
    const frame = request(Operation.CreateStream, 3n, created('a'));
    judge.arrived({ node: node(), connection: 1, frame });
    const answer = (connection: number, bytes: Uint8Array) =>
      judge.answered({ node: node(), connection, frame: bytes });
    answer(1, reply(Operation.CreateStream, 2, 3n));
    answer(1, reply(Operation.CreateStream, 2, 4n, 58));
    expect(rules()).toEqual([]);
    answer(1, reply(Operation.CreateStream, 2, 4n));
    answer(2, reply(Operation.CreateStream, 2, 3n));
    const foreign = reply(Operation.CreateStream, 2, 3n);
    replyView.put.client(foreign, client + 1n);
    answer(1, foreign);
    expect(rules()).toEqual(['C7', 'C7', 'C7']);
  });

  it('C8: a logout that ends a session nobody ended', () => {
    const open = new Set([1, 2]);
    const { context, canonical, rules } = bench();
    const judge = new LogoutJudge({ ...context, isOpen: (_node, id) => open.has(id) });
    const logout = { operation: Operation.Logout, request: 0n };
    for (const frame of chain(register, logout)) canonical.committed(frame, { node: 0, view: 0 });
    const at = node();
    const entry = canonical.get(2)!;
    const knock = request(Operation.Register, 0n, new Uint8Array(0));
    judge.arrived({ node: at, connection: 1, frame: knock });
    judge.committed(entry);
    expect(rules()).toEqual([]);
    judge.answered({ node: at, connection: 1, frame: reply(Operation.Register, 1, 0n) });
    judge.committed(entry);
    expect(rules()).toEqual(['C8']);
    judge.arrived({ node: at, connection: 1, frame: knock });
    judge.committed(entry);
    judge.answered({ node: at, connection: 1, frame: reply(Operation.Register, 1, 0n, 57) });
    // Put off: the session before may be about to end, and a repeat of the login be told so first.
    judge.committed(entry);
    judge.answered({ node: at, connection: 1, frame: reply(Operation.Register, 1, 0n) });
    open.delete(1);
    judge.committed(entry);
    expect(rules()).toEqual(['C8']);
  });

  it('C8: a logout that was asked for', () => {
    const { context, canonical, rules } = bench();
    const judge = new LogoutJudge(context);
    const logout = { operation: Operation.Logout, request: 0n };
    for (const frame of chain(register, logout)) canonical.committed(frame, { node: 0, view: 0 });
    judge.answered({ node: node(), connection: 1, frame: reply(Operation.Register, 1, 0n) });
    const frame = request(Operation.Logout, 0n, new Uint8Array(0));
    judge.arrived({ node: node(), connection: 1, frame });
    judge.committed(canonical.get(2)!);
    expect(rules()).toEqual([]);
  });

  it('C11: a login without a right password, and a password that is forwarded', () => {
    const { context, canonical, rules } = bench();
    const judge = new ProofJudge(context);
    const [login] = chain(register);
    canonical.committed(login!, { node: 0, view: 0 });
    const knock = (password: string) =>
      encode(commands.login_register.request, {
        ...{ protocol_version: 1, sdk_name: 'x', sdk_version: '0', context: null },
        ...{ username: 'iggy', password },
      });
    const arrive = (password: string) =>
      judge.arrived({
        node: node(),
        connection: 1,
        frame: request(Operation.Register, 0n, knock(password)),
      });
    arrive('wrong');
    judge.committed(canonical.get(1)!);
    expect(rules()).toEqual(['C11']);
    arrive('secret');
    judge.committed(canonical.get(1)!);
    expect(rules()).toEqual(['C11']);
    const forward = request(Operation.Register, 0n, knock('secret'));
    forward[60] = Command.ForwardRegister;
    judge.sent(node(), forward);
    expect(rules()).toEqual(['C11', 'C11']);
  });

  it('C11: a session that is given to another user; C13: a repeat after an eviction', () => {
    const { report, rules } = bench();
    const sessions = new ReferenceSessions({ clientSlots: 1, retiredSlots: 2 }, report);
    const entry = (op: number, operation: number, who: bigint, number = 0n, userId = 0) => ({
      ...{ op, operation, client: who, request: number, userId },
    });
    sessions.apply(entry(1, Operation.Register, 1n));
    sessions.apply(entry(2, Operation.Register, 1n, 0n, 5));
    sessions.apply(entry(3, Operation.CreateStream, 1n, 1n));
    sessions.apply(entry(4, Operation.Register, 2n));
    sessions.apply(entry(5, Operation.CreateStream, 1n, 1n));
    expect(rules()).toEqual(['C11', 'C13']);
  });

  it('W7: nothing moves although something is pending', () => {
    const { report, rules } = bench();
    const watch = new ProgressWatch(0, report);
    const still = { commits: 1, answered: 1, held: 1, transferred: 0 };
    watch.observe(50, still, true);
    watch.observe(3000, still, false);
    watch.observe(5900, still, true);
    expect(rules()).toEqual([]);
    watch.observe(6000, still, true);
    expect(rules()).toEqual(['W7']);
  });

  it('W8: commits that wait for a member that is down', () => {
    const { context, canonical, rules, now } = bench();
    const judge = new CommitDelayJudge(context);
    judge.isMeasuring = true;
    const [frame] = chain(create(1n));
    judge.sent(node(), frame!);
    canonical.committed(frame!, { node: 0, view: 0 });
    judge.committed(canonical.get(1)!);
    judge.judge();
    expect(rules()).toEqual([]);
    const late = new CommitDelayJudge(context);
    late.isMeasuring = true;
    late.sent(node(), frame!);
    now.tick = 500;
    late.committed(canonical.get(1)!);
    late.judge();
    expect(rules()).toEqual(['W8']);
  });
});

describe('the rules of request numbers', () => {
  const eviction = (reason: number) => {
    const frame = new Uint8Array(256);
    frame[60] = Command.Eviction;
    frame[255] = reason;
    setU64Number(frame, 128, 1);
    return frame;
  };
  const answer = (code = 0) => reply(Operation.CreateStream, 4, 1n, code);
  const rule = (kind: Parameters<typeof judgeNumber>[0]['kind'], frame: Uint8Array) =>
    judgeNumber({ kind }, frame).broken?.invariant;

  it('C9: a number above the watermark is admitted', () => {
    expect(rule('fresh', answer())).toBeUndefined();
    expect(rule('fresh', answer(58))).toBeUndefined();
    expect(rule('fresh', answer(59))).toBe('C9');
    expect(rule('fresh', eviction(EvictionReason.SessionTooLow))).toBeUndefined();
    expect(rule('fresh', eviction(EvictionReason.SessionError))).toBe('C9');
  });

  it('C10: a used number with another body is refused', () => {
    expect(rule('reuse', answer(3))).toBeUndefined();
    expect(rule('reuse', answer(59))).toBeUndefined();
    expect(rule('reuse', answer())).toBe('C10');
    expect(rule('reuse', answer(1012))).toBe('C10');
  });

  it('C12: a repeat is answered as before, or as applied already', () => {
    expect(rule('repeat', answer())).toBeUndefined();
    expect(rule('repeat', answer(59))).toBeUndefined();
    expect(rule('repeat', answer(3))).toBe('C12');
  });

  it('C4 and C11: sessions that are over and wrong passwords get nothing', () => {
    expect(rule('zombie', eviction(EvictionReason.SessionTooLow))).toBeUndefined();
    expect(rule('zombie', answer())).toBe('C4');
    expect(rule('wrong-login', eviction(EvictionReason.InvalidCredentials))).toBeUndefined();
    expect(rule('wrong-login', reply(Operation.Register, 3, 0n))).toBe('C11');
  });
});
