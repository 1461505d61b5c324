import {
  getU32,
  getU64,
  getU128,
  isZeroBytes,
  setU32,
  setU64,
  setU64Number,
  setU128,
  tryGetU64Number,
} from '../../base/index.js';
import {
  Command,
  ForwardLogoutOutcome,
  ForwardRegisterOutcome,
  forwardLogoutHeader,
  forwardLogoutResultHeader,
  forwardRegisterHeader,
  forwardRegisterResultHeader,
  frameView,
  headerSize,
  sealFrame,
  verifySeal,
} from '../../wire/index.js';

/** What a backup asks the primary of the metadata group to propose. */
export type ForwardPayload =
  | { readonly kind: 'register'; readonly clientId: bigint; readonly userId: number }
  | {
      readonly kind: 'logout';
      readonly clientId: bigint;
      readonly session: number;
      readonly request: bigint;
    };

/** A forward as it arrived at the primary. */
export interface ReceivedForward {
  readonly replica: number;
  readonly nonce: bigint;
  readonly payload: ForwardPayload;
}

/** How a forward ended, as the primary tells it. Numbers are 0 unless `outcome` is 0 (Ok). */
export type ForwardResult =
  | {
      readonly kind: 'register';
      readonly outcome: number;
      readonly epoch: number;
      readonly watermark: bigint;
      readonly origin: number;
    }
  | { readonly kind: 'logout'; readonly outcome: number; readonly commit: number };

/** An answer as it arrived at the backup. */
export interface ReceivedResult {
  readonly nonce: bigint;
  readonly clientId: bigint;
  readonly result: ForwardResult;
}

interface Sender {
  readonly cluster: bigint;
  readonly view: number;
  readonly replica: number;
}

const register = forwardRegisterHeader.offsetOf;
const registerResult = forwardRegisterResultHeader.offsetOf;
const logout = forwardLogoutHeader.offsetOf;
const logoutResult = forwardLogoutResultHeader.offsetOf;

/** A sealed ForwardRegister or ForwardLogout. */
export function forwardFrame(
  from: Sender & { readonly nonce: bigint; readonly payload: ForwardPayload },
): Uint8Array {
  const { nonce, payload } = from;
  if (payload.kind === 'register') {
    const frame = controlFrame(Command.ForwardRegister, from);
    setU128(frame, register.client, payload.clientId);
    setU128(frame, register.nonce, nonce);
    setU32(frame, register.userId, payload.userId);
    sealFrame(frame);
    return frame;
  }
  const frame = controlFrame(Command.ForwardLogout, from);
  setU128(frame, logout.client, payload.clientId);
  setU128(frame, logout.nonce, nonce);
  setU64Number(frame, logout.session, payload.session);
  setU64(frame, logout.request, payload.request);
  sealFrame(frame);
  return frame;
}

/** A sealed ForwardRegisterResult or ForwardLogoutResult. */
export function forwardResultFrame(
  from: Sender & {
    readonly nonce: bigint;
    readonly clientId: bigint;
    readonly result: ForwardResult;
  },
): Uint8Array {
  const { nonce, clientId, result } = from;
  if (result.kind === 'register') {
    const frame = controlFrame(Command.ForwardRegisterResult, from);
    setU128(frame, registerResult.nonce, nonce);
    setU128(frame, registerResult.client, clientId);
    setU64Number(frame, registerResult.epoch, result.epoch);
    setU64(frame, registerResult.watermark, result.watermark);
    setU64Number(frame, registerResult.origin, result.origin);
    frame[registerResult.outcome] = result.outcome;
    sealFrame(frame);
    return frame;
  }
  const frame = controlFrame(Command.ForwardLogoutResult, from);
  setU128(frame, logoutResult.nonce, nonce);
  setU128(frame, logoutResult.client, clientId);
  setU64Number(frame, logoutResult.commit, result.commit);
  frame[logoutResult.outcome] = result.outcome;
  sealFrame(frame);
  return frame;
}

/** A ForwardRegister or ForwardLogout, or `undefined` when a rule of the frame is broken. */
export function parseForward(frame: Uint8Array): ReceivedForward | undefined {
  if (!isIntact(frame)) return undefined;
  const replica = frameView.replica(frame);
  const clientId = getU128(frame, register.client);
  const nonce = getU128(frame, register.nonce);
  if (clientId === 0n || nonce === 0n) return undefined;
  if (frameView.command(frame) === Command.ForwardRegister) {
    if (!isZeroBytes(frame, register.reserved, headerSize)) return undefined;
    const userId = getU32(frame, register.userId);
    return { replica, nonce, payload: { kind: 'register', clientId, userId } };
  }
  const session = tryGetU64Number(frame, logout.session);
  const request = getU64(frame, logout.request);
  if (session <= 0 || request === 0n) return undefined;
  if (!isZeroBytes(frame, logout.reserved, headerSize)) return undefined;
  return { replica, nonce, payload: { kind: 'logout', clientId, session, request } };
}

/** A ForwardRegisterResult or ForwardLogoutResult, or `undefined` when a rule is broken. */
export function parseForwardResult(frame: Uint8Array): ReceivedResult | undefined {
  if (!isIntact(frame)) return undefined;
  const nonce = getU128(frame, registerResult.nonce);
  const clientId = getU128(frame, registerResult.client);
  if (clientId === 0n || nonce === 0n) return undefined;
  const result =
    frameView.command(frame) === Command.ForwardRegisterResult
      ? parseRegisterResult(frame)
      : parseLogoutResult(frame);
  return result === undefined ? undefined : { nonce, clientId, result };
}

function parseRegisterResult(frame: Uint8Array): ForwardResult | undefined {
  const at = registerResult;
  const outcome = frame[at.outcome] ?? 0;
  const epoch = tryGetU64Number(frame, at.epoch);
  const origin = tryGetU64Number(frame, at.origin);
  const watermark = getU64(frame, at.watermark);
  if (outcome > ForwardRegisterOutcome.ClientIdOwnedByAnotherUser) return undefined;
  if (epoch < 0 || origin < 0 || !isZeroBytes(frame, at.reserved, at.outcome)) return undefined;
  const isOk = outcome === ForwardRegisterOutcome.Ok;
  if (isOk ? epoch === 0 : epoch !== 0 || watermark !== 0n || origin !== 0) return undefined;
  return { kind: 'register', outcome, epoch, watermark, origin };
}

function parseLogoutResult(frame: Uint8Array): ForwardResult | undefined {
  const at = logoutResult;
  const outcome = frame[at.outcome] ?? 0;
  const commit = tryGetU64Number(frame, at.commit);
  if (outcome > ForwardLogoutOutcome.Canceled) return undefined;
  if (commit < 0 || !isZeroBytes(frame, at.reserved, at.outcome)) return undefined;
  if (outcome !== ForwardLogoutOutcome.Ok && commit !== 0) return undefined;
  return { kind: 'logout', outcome, commit };
}

function controlFrame(command: Command, from: Sender): Uint8Array {
  const frame = new Uint8Array(headerSize);
  frameView.put.cluster(frame, from.cluster);
  frameView.put.size(frame, headerSize);
  frameView.put.view(frame, from.view);
  frameView.put.command(frame, command);
  frameView.put.replica(frame, from.replica);
  return frame;
}

function isIntact(frame: Uint8Array): boolean {
  return frame.length === headerSize && frameView.size(frame) === headerSize && verifySeal(frame);
}
