import { getU64 } from '../../base/index.js';
import { Command, prepareHeader, prepareView, xxh3 } from '../../wire/index.js';
import { digestOf } from '../trace/trace-hash.js';
import type { SimNode } from '../world/sim-node.js';
import type { Judge, JudgeContext } from './judge.js';

const at = prepareHeader.offsetOf;

/**
 * S15: a prepare that is sent again in a later view keeps its identity, which leaves out `view`. Two
 * headers that are equal but for `view` and the checksum must carry one checksum, the hash of the
 * header without them.
 */
export class IdentityJudge implements Judge {
  readonly #context: JudgeContext;
  readonly #known = new Map<string, { readonly checksum: bigint; readonly view: number }>();

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  sent(node: SimNode, frame: Uint8Array): void {
    const command = frame[at.command];
    if (command !== Command.Prepare && command !== Command.RepairPrepare) return;
    const checksum = getU64(frame, at.checksum);
    const view = prepareView.view(frame);
    if (checksum !== identityOf(frame)) {
      const detail = `r${node.index}: op ${prepareView.op(frame)} in view ${view} is not identified by its header without the view`;
      this.#context.report({ class: 'S', invariant: 'S15', detail, node: node.index });
      return;
    }
    const key = `${prepareView.op(frame)}/${contentOf(frame)}`;
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { checksum, view });
      return;
    }
    if (known.view !== view) this.#context.mark('prepare sent again in a later view');
    if (known.checksum === checksum) return;
    const detail = `r${node.index}: op ${prepareView.op(frame)} has another identity in view ${view} than in view ${known.view}`;
    this.#context.report({ class: 'S', invariant: 'S15', detail, node: node.index });
  }
}

/** Digest of everything in a prepare's header but identity, view, command and sender. */
function contentOf(frame: Uint8Array): number {
  const header = frame.slice(0, 256);
  header.fill(0, at.checksum, at.checksum + 16);
  header.fill(0, at.view, at.view + 4);
  header.fill(0, at.command, at.command + 1);
  return digestOf(header);
}

/** What the identity of a prepare has to be. */
function identityOf(frame: Uint8Array): bigint {
  const header = frame.slice(0, 256);
  header.fill(0, at.checksum, at.checksum + 16);
  header.fill(0, at.view, at.view + 4);
  header[at.command] = Command.Prepare;
  return xxh3(header);
}
