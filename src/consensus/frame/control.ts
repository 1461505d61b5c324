import { getU32, Slab, setU32, setU64, setU64Number, setU128 } from '../../base/index.js';
import { Command, sealFrame } from '../../wire/index.js';
import type { ReplicaConfig } from '../config.js';
import { groupIncarnationAt, groupOffset, headerSize, prepareAt } from './layout.js';

/** Control frames are soon forgotten; prepares live until the next checkpoint. */
const slabBytes = 32 * 1024;
const firstSlabBytes = 2 * 1024;

/** Headers with everything that never changes for one replica of one group, by command. */
export class FrameTemplates {
  readonly #config: ReplicaConfig;
  readonly #byCommand: Uint8Array[] = [];
  // A group that does little never needs a large one.
  readonly #slab = new Slab(firstSlabBytes, slabBytes);

  constructor(config: ReplicaConfig) {
    this.#config = config;
  }

  /** The shared template of a command; not to be changed. */
  of(command: number): Uint8Array {
    const made = this.#byCommand[command] ?? template(this.#config, command);
    this.#byCommand[command] = made;
    return made;
  }

  /** A new, unsealed frame of a command, with room for `bodySize` bytes behind the header. */
  frame(command: number, view: number, bodySize = 0): Uint8Array {
    return this.#begin(this.#slab.take(headerSize + bodySize), command, view);
  }

  /** The same around a body that has room for a header in front of it. */
  frameAround(command: number, view: number, body: Uint8Array): Uint8Array {
    const start = body.byteOffset - headerSize;
    const frame = new Uint8Array(body.buffer, start, headerSize + body.length);
    return this.#begin(frame, command, view);
  }

  #begin(frame: Uint8Array, command: number, view: number): Uint8Array {
    frame.set(this.of(command));
    setU32(frame, prepareAt.size, frame.length);
    setU32(frame, prepareAt.view, view);
    return frame;
  }
}

/** Seals a control frame; the last step. Returns it for use in an expression. */
export function sealed(frame: Uint8Array): Uint8Array {
  sealFrame(frame);
  return frame;
}

/** Sender of a control frame; on prepares this is the builder instead. */
export function senderOf(frame: Uint8Array): number {
  return frame[prepareAt.replica] ?? 0;
}

export function viewOf(frame: Uint8Array): number {
  return getU32(frame, prepareAt.view);
}

export function commandOf(frame: Uint8Array): number {
  return frame[prepareAt.command] ?? 0;
}

function template(config: ReplicaConfig, command: number): Uint8Array {
  const header = new Uint8Array(headerSize);
  if (groupOffset(command) < 0) return header;
  setU128(header, prepareAt.cluster, config.cluster);
  setU32(header, prepareAt.size, headerSize);
  header[prepareAt.command] = command;
  header[prepareAt.replica] = config.replica;
  setU64(header, groupOffset(command), config.group);
  const isPrepare = command === Command.Prepare || command === Command.RepairPrepare;
  if (!isPrepare) setU64Number(header, groupIncarnationAt, config.groupIncarnation);
  return header;
}
