import { getU32, getU64 } from '../../base/index.js';
import { Command, prepareHeader, prepareView, xxh3 } from '../../wire/index.js';
import { digestOf } from '../trace/trace-hash.js';
import type { SimNode } from '../world/sim-node.js';
import type { Judge, JudgeContext } from './judge.js';

const at = prepareHeader.offsetOf;
/** A frame that is judged a second time is found the same. */
const rememberedOps = 64;

interface Known {
  readonly checksum: bigint;
  readonly view: number;
}

interface Judged extends Known {
  readonly frame: Uint8Array;
  /** It repeats what an earlier view sent. */
  readonly isLater: boolean;
}

/**
 * S15: a prepare that is sent again in a later view keeps its identity, which leaves out `view`. Two
 * headers that are equal but for `view` and the checksum must carry one checksum, the hash of the
 * header without them.
 */
export class IdentityJudge implements Judge {
  readonly #context: JudgeContext;
  /** By op, then by the digest of everything that may not change. */
  readonly #known = new Map<number, Map<number, Known>>();
  /** Frames judged last, by op, as they were then: the same one goes along the whole chain. */
  readonly #judged: (Judged | undefined)[] = [];

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  sent(node: SimNode, frame: Uint8Array): void {
    const command = frame[at.command];
    if (command !== Command.Prepare && command !== Command.RepairPrepare) return;
    const place = getU32(frame, at.op) % rememberedOps;
    const before = this.#judged[place];
    const checksum = getU64(frame, at.checksum);
    const view = prepareView.view(frame);
    if (before?.frame === frame && before.checksum === checksum && before.view === view) {
      if (before.isLater) this.#context.mark('prepare sent again in a later view');
      return;
    }
    const isLater = this.#judge(node, frame, { checksum, view });
    this.#judged[place] = { frame, checksum, view, isLater };
    if (isLater) this.#context.mark('prepare sent again in a later view');
  }

  #judge(node: SimNode, frame: Uint8Array, { checksum, view }: Known): boolean {
    if (checksum !== identityOf(frame)) {
      const detail = `r${node.index}: op ${prepareView.op(frame)} in view ${view} is not identified by its header without the view`;
      this.#context.report({ class: 'S', invariant: 'S15', detail, node: node.index });
      return false;
    }
    const op = prepareView.op(frame);
    const known = this.#knownAt(op, contentOf(frame), { checksum, view });
    if (known === undefined) return false;
    if (known.checksum === checksum) return known.view !== view;
    const detail = `r${node.index}: op ${op} has another identity in view ${view} than in view ${known.view}`;
    this.#context.report({ class: 'S', invariant: 'S15', detail, node: node.index });
    return true;
  }

  /** What was sent first with this content, or nothing where this is the first. */
  #knownAt(op: number, content: number, first: Known): Known | undefined {
    const entries = this.#known.get(op) ?? new Map<number, Known>();
    const known = entries.get(content);
    if (known !== undefined) return known;
    entries.set(content, first);
    this.#known.set(op, entries);
    return undefined;
  }
}

/** Digest of everything in a prepare's header but identity, view, command and sender. */
function contentOf(frame: Uint8Array): number {
  return digestOf(blanked(frame, 0));
}

/** What the identity of a prepare has to be. */
function identityOf(frame: Uint8Array): bigint {
  return xxh3(blanked(frame, Command.Prepare));
}

const header = new Uint8Array(256);

/** A header without identity and view, with another command; valid until the next one. */
function blanked(frame: Uint8Array, command: number): Uint8Array {
  header.set(frame.length === 256 ? frame : frame.subarray(0, 256));
  header.fill(0, at.checksum, at.checksum + 16);
  header.fill(0, at.view, at.view + 4);
  header[at.command] = command;
  return header;
}
