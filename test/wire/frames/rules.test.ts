import { describe, expect, it } from 'vitest';
import { setU32 } from '../../../src/base/index.js';
import {
  buildFrame,
  Command,
  checkFrame,
  EvictionReason,
  ForwardLogoutOutcome,
  ForwardRegisterOutcome,
  type FrameKind,
  frameSpecs,
  type HeaderInput,
  Operation,
  type Plane,
  parseFrame,
  sealFrame,
  type ValidationOptions,
  WireError,
} from '../../../src/wire/index.js';

/** Code, kind and text of the failure of a frame, or `ok`. */
function verdict(bytes: Uint8Array, kind: FrameKind, options: ValidationOptions = {}): string {
  try {
    checkFrame(bytes, kind, options);
    return 'ok';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return `${error.code} ${error.reason}`;
  }
}

function built<K extends FrameKind>(kind: K, input: HeaderInput<K>, bodySize = 0): Uint8Array {
  return buildFrame(kind, input, new Uint8Array(bodySize));
}

/** Changes one byte or the size, and seals the frame again so that only the rules can object. */
function changed(bytes: Uint8Array, kind: FrameKind, offset: number, value: number): Uint8Array {
  const copy = bytes.slice();
  if (offset === 48) setU32(copy, 48, value);
  else copy[offset] = value;
  if (frameSpecs[kind].sealed) sealFrame(copy);
  return copy;
}

const request = {
  client: 1n,
  session: 1n,
  request: 1n,
  operation: Operation.CreateStream,
} as const;

describe('header rules', () => {
  it('accept the smallest legal header of every kind', () => {
    const legal: { readonly [K in FrameKind]?: HeaderInput<K> } = {
      Request: request,
      RoutedRequest: request,
      Eviction: { client: 1n, reason: EvictionReason.NoSession },
      RequestPrepares: { fromOp: 1n, toOp: 1n },
      RequestStateChunk: { len: 1 },
      ForwardRegister: { client: 1n, nonce: 1n },
      ForwardRegisterResult: { client: 1n, nonce: 1n },
      ForwardLogout: { client: 1n, nonce: 1n, session: 1n, request: 1n },
      ForwardLogoutResult: { client: 1n, nonce: 1n },
    };
    for (const kind of Object.keys(frameSpecs) as FrameKind[]) {
      expect(verdict(built(kind, legal[kind] ?? {}), kind), kind).toBe('ok');
    }
  });

  it('judge a request: client, operation, session, request', () => {
    const of = (input: HeaderInput<'Request'>): string =>
      verdict(built('Request', { ...request, ...input }), 'Request');
    expect(of({ client: 0n })).toBe('WIRE_FIELD client must not be 0');
    expect(of({ client: 0n, operation: Operation.Reserved })).toMatch(/client/);
    expect(of({ operation: Operation.Reserved })).toMatch(/Reserved/);
    expect(of({ operation: Operation.Register })).toMatch(/session 0/);
    expect(of({ operation: Operation.Register, session: 0n })).toMatch(/request 0/);
    expect(of({ operation: Operation.Register, session: 0n, request: 0n })).toBe('ok');
    expect(of({ session: 0n, request: 0n })).toMatch(/session must/);
    expect(of({ request: 0n })).toMatch(/request must/);
    expect(of({ operation: Operation.NonReplicated, session: 0n, request: 0n })).toBe('ok');
    expect(of({ reserved: new Uint8Array(55).fill(1), release: 9 })).toBe('ok');
  });

  it('report undefined enum bytes as bit patterns, before anything else', () => {
    const undefinedOperation = changed(built('Request', request), 'Request', 176, 77);
    expect(verdict(undefinedOperation, 'Request')).toBe(
      'WIRE_BIT_PATTERN Operation has no value 77',
    );
    const ok = built('PrepareOk', {});
    ok[192] = 5;
    expect(verdict(ok, 'PrepareOk')).toMatch(/^WIRE_BIT_PATTERN/);
    const command = built('Request', request);
    command[60] = 30;
    expect(verdict(command, 'Request')).toBe('WIRE_BIT_PATTERN Command has no value 30');
  });

  it('check the seal before the fields', () => {
    const bytes = built('RequestPrepares', { fromOp: 3n, toOp: 2n });
    expect(verdict(bytes, 'RequestPrepares')).toMatch(/^WIRE_FIELD/);
    bytes[100] = 1;
    expect(verdict(bytes, 'RequestPrepares')).toMatch(/^WIRE_CHECKSUM_FRAME/);
    bytes.fill(0, 0, 16);
    expect(verdict(bytes, 'RequestPrepares')).toMatch(/^WIRE_CHECKSUM_FRAME/);
  });

  it('name the kind of a wrong command as the protocol does', () => {
    const kinds = (kind: FrameKind): unknown => {
      try {
        checkFrame(built('Prepare', {}), kind);
      } catch (error) {
        if (error instanceof WireError) return [error.code, error.details];
      }
      return undefined;
    };
    expect(kinds('Reply')).toEqual([
      'WIRE_COMMAND',
      { kind: 'ReplyInvalidCommand', expected: Command.Reply, found: Command.Prepare },
    ]);
    expect(kinds('Commit')).toMatchObject(['WIRE_COMMAND', { kind: 'CommitInvalidCommand' }]);
    expect(kinds('RepairRangeReply')).toMatchObject([
      'WIRE_COMMAND',
      { kind: 'InvalidCommand', expected: Command.RepairDone },
    ]);
  });

  it('judge an eviction: size, client, padding, reason, window', () => {
    const legal = { client: 1n, reason: EvictionReason.NoSession } as const;
    const of = (input: HeaderInput<'Eviction'>, body = 0): string =>
      verdict(built('Eviction', { ...legal, ...input }, body), 'Eviction');
    expect(of({ client: 0n }, 1)).toBe('WIRE_SIZE size must be 256, found 257');
    expect(of({ client: 0n })).toMatch(/client/);
    expect(of({ reservedFrame: new Uint8Array(66).fill(1) })).toMatch(/reserved_frame/);
    expect(of({ reserved: new Uint8Array(103).fill(1) })).toMatch(/reserved must/);
    expect(of({ reason: EvictionReason.Reserved })).toMatch(/reason/);
    expect(of({ serverProtocolVersion: 1 })).toMatch(/only IncompatibleProtocol/);
    const window = { reason: EvictionReason.IncompatibleProtocol } as const;
    expect(of(window)).toMatch(/degenerate/);
    const version = { serverProtocolVersion: 5, serverProtocolVersionMin: 5 };
    expect(of({ ...window, ...version })).toBe('ok');
    expect(of({ ...window, ...version, serverProtocolVersion: 4 })).toMatch(/degenerate/);
    expect(verdict(changed(built('Eviction', legal), 'Eviction', 255, 16), 'Eviction')).toMatch(
      /^WIRE_BIT_PATTERN/,
    );
  });

  it('judge prepares: both paddings', () => {
    for (const kind of ['Prepare', 'RepairPrepare'] as const) {
      const bytes = built(kind, {});
      expect(verdict(changed(bytes, kind, 62, 1), kind)).toMatch(/reserved_frame/);
      expect(verdict(changed(bytes, kind, 255, 1), kind)).toMatch(/reserved must/);
      expect(verdict(changed(bytes, kind, 209, 1), kind)).toBe('ok');
    }
  });

  it('judge view-change frames: release, views, ops, body, bitsets', () => {
    for (const kind of [
      'StartViewChange',
      'DoViewChange',
      'StartView',
      'RequestStartView',
    ] as const) {
      expect(verdict(built(kind, { release: 1 }), kind), kind).toMatch(/release/);
    }
    const of = (input: HeaderInput<'DoViewChange'>, body = 0): string =>
      verdict(built('DoViewChange', input, body), 'DoViewChange');
    expect(of({ logView: 2, view: 1 })).toMatch(/log_view/);
    expect(of({ commit: 2n, op: 1n })).toMatch(/commit/);
    expect(of({ commit: 2n ** 63n, op: 2n ** 63n })).toBe('ok');
    expect(of({}, 255)).toMatch(/whole number/);
    expect(of({}, 256 * 129)).toMatch(/more than 128/);
    expect(of({ nackBitset: 4n }, 512)).toMatch(/bits beyond/);
    expect(of({ nackBitset: 2n, presentBitset: 1n }, 512)).toBe('ok');
    expect(of({ presentBitset: 2n ** 128n - 1n }, 256 * 128)).toBe('ok');
    expect(verdict(built('StartView', { commit: 2n }, 0), 'StartView')).toMatch(/commit/);
    expect(verdict(built('StartView', {}, 300), 'StartView')).toMatch(/whole number/);
  });

  it('judge frames without a body by their size', () => {
    for (const kind of ['Commit', 'RequestStateTransfer', 'HeartbeatAnswer'] as const) {
      expect(verdict(built(kind, {}, 1), kind), kind).toBe('WIRE_SIZE size must be 256, found 257');
    }
    expect(verdict(built('RequestStateChunk', { len: 0 }, 1), 'RequestStateChunk')).toMatch(/len/);
    expect(verdict(built('RequestStateChunk', { len: 1 }, 1), 'RequestStateChunk')).toMatch(/SIZE/);
    expect(verdict(built('PrepareOk', {}, 1), 'PrepareOk')).toBe('ok');
  });

  it('judge offers of a state', () => {
    const of = (input: HeaderInput<'StateTransferTarget'>, body = 0): string =>
      verdict(built('StateTransferTarget', input, body), 'StateTransferTarget');
    expect(of({ available: 2 })).toMatch(/available/);
    expect(of({ unavailableTransient: 2 })).toMatch(/unavailable_transient/);
    expect(of({ available: 1, unavailableTransient: 1 })).toMatch(/offer/);
    expect(of({}, 1)).toMatch(/no body/);
    expect(of({ available: 1 }, 1)).toBe('ok');
    const chunk = changed(built('StateChunk', {}), 'StateChunk', 48, 255);
    expect(verdict(chunk, 'StateChunk')).toMatch(/^WIRE_FIELD size/);
  });

  it('judge a range of prepares', () => {
    for (const [fromOp, toOp, ok] of [
      [0n, 5n, false],
      [6n, 5n, false],
      [5n, 5n, true],
    ] as const) {
      const result = verdict(built('RequestPrepares', { fromOp, toOp }), 'RequestPrepares');
      expect(result === 'ok').toBe(ok);
    }
  });

  it('judge forwarded logins and logouts', () => {
    const ids = { client: 1n, nonce: 1n };
    const register = (input: HeaderInput<'ForwardRegisterResult'>): string =>
      verdict(built('ForwardRegisterResult', { ...ids, ...input }), 'ForwardRegisterResult');
    const failed = { outcome: ForwardRegisterOutcome.NotPrimary } as const;
    expect(register({ epoch: 7n, watermark: 2n, origin: 3n })).toBe('ok');
    expect(register({ ...failed, epoch: 1n })).toMatch(/failure/);
    expect(register({ ...failed, watermark: 1n })).toMatch(/failure/);
    expect(register({ ...failed, origin: 1n })).toMatch(/failure/);
    expect(register({ nonce: 0n })).toMatch(/nonce/);
    expect(register({ client: 0n, nonce: 0n })).toMatch(/client/);
    expect(register({ reserved: new Uint8Array(71).fill(1) })).toMatch(/reserved/);
    const logout = { ...ids, session: 1n, request: 1n };
    const forwarded = (input: HeaderInput<'ForwardLogout'>): string =>
      verdict(built('ForwardLogout', { ...logout, ...input }), 'ForwardLogout');
    expect(forwarded({ session: 0n, request: 0n })).toMatch(/session/);
    expect(forwarded({ request: 0n })).toMatch(/request/);
    const answer = { ...ids, outcome: ForwardLogoutOutcome.Canceled, commit: 1n } as const;
    expect(verdict(built('ForwardLogoutResult', answer), 'ForwardLogoutResult')).toMatch(/commit/);
    const beyond = changed(built('ForwardLogoutResult', ids), 'ForwardLogoutResult', 255, 5);
    expect(verdict(beyond, 'ForwardLogoutResult')).toMatch(/^WIRE_BIT_PATTERN/);
  });

  it('check last that the declared size is there', () => {
    const bytes = built('Prepare', {}, 10);
    expect(verdict(bytes.subarray(0, 265), 'Prepare')).toMatch(/^WIRE_COMMAND size 266/);
    expect(verdict(changed(bytes, 'Prepare', 48, 255), 'Prepare')).toMatch(
      /^WIRE_COMMAND size 255/,
    );
    expect(verdict(bytes.subarray(0, 100), 'Prepare')).toMatch(/^WIRE_COMMAND a header/);
  });
});

describe('planes', () => {
  const arrive = (command: number, plane: Plane, options: ValidationOptions = {}): string => {
    const bytes = new Uint8Array(256);
    bytes[60] = command;
    setU32(bytes, 48, 256);
    sealFrame(bytes);
    try {
      return parseFrame(bytes, plane, options).kind;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return error.code;
    }
  };
  const all = Object.values(Command);

  it('let only requests in from clients', () => {
    const refused = all.filter((each) => each !== Command.Request);
    expect(refused.map((each) => arrive(each, 'client'))).toEqual(
      refused.map(() => 'WIRE_COMMAND'),
    );
  });

  it('have clients accept replies and evictions only', () => {
    const through = all.filter((each) => arrive(each, 'server') !== 'WIRE_COMMAND');
    expect(through).toEqual([Command.Reply, Command.Eviction]);
  });

  it('dispatch on replica links what official nodes dispatch, when told to', () => {
    const official = { official: true };
    expect(arrive(Command.Reply, 'replica', official)).toBe('WIRE_CLIENT_BOUND');
    expect(arrive(Command.Eviction, 'replica', official)).toBe('WIRE_CLIENT_BOUND');
    for (const command of [0, 1, 2, 3, 4, 14, 15, 16]) {
      expect(arrive(command, 'replica', official)).toBe('WIRE_COMMAND');
    }
    expect(arrive(Command.PrepareOk, 'replica', official)).toBe('PrepareOk');
  });

  it('also dispatch heartbeat answers and handed-on replies between our nodes', () => {
    expect(arrive(Command.Pong, 'replica')).toBe('HeartbeatAnswer');
    expect(arrive(Command.Reply, 'replica')).toBe('Reply');
    expect(arrive(Command.Eviction, 'replica')).toBe('WIRE_CLIENT_BOUND');
    expect(arrive(Command.Ping, 'replica')).toBe('WIRE_COMMAND');
  });

  it('keep handshake frames to the handshake', () => {
    expect(arrive(Command.ReplicaHello, 'handshake')).toBe('ReplicaHello');
    expect(arrive(Command.Prepare, 'handshake')).toBe('WIRE_COMMAND');
  });

  it('refuse an origin from official nodes, which leave these bytes zero', () => {
    const result = { client: 1n, nonce: 1n, epoch: 3n, origin: 2n };
    const bytes = built('ForwardRegisterResult', result);
    expect(verdict(bytes, 'ForwardRegisterResult')).toBe('ok');
    expect(verdict(bytes, 'ForwardRegisterResult', { official: true })).toMatch(/reserved/);
  });

  it('show an unsealed Pong as the unused command it is', () => {
    const bytes = built('PingPong', { command: Command.Pong });
    expect(parseFrame(bytes, 'any').kind).toBe('PingPong');
  });
});
