import { Command, frameView, startViewView, unpackProbeNonce } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import { isMetadataFrame } from './frame-group.js';
import type { Judge, JudgeContext } from './judge.js';

/** Frames that mean something in their own view only. Repair carries older entries on purpose. */
const bound: ReadonlySet<number> = new Set([
  ...[Command.Prepare, Command.PrepareOk, Command.Commit, Command.StartView],
  ...[Command.StartViewChange, Command.DoViewChange],
]);

/** S13: a frame of an earlier view, or for an earlier life or probe, changes nothing but counters. */
export class OldFrameJudge implements Judge {
  readonly #context: JudgeContext;

  constructor(context: JudgeContext) {
    this.#context = context;
  }

  delivered(node: SimNode, frame: Uint8Array, deliver: () => void): void {
    const status = node.host?.status;
    const isOld =
      status !== undefined &&
      bound.has(frameView.command(frame)) &&
      isMetadataFrame(frame) &&
      (frameView.view(frame) < status.view || isForAnotherProbe(node, frame));
    if (!isOld) {
      deliver();
      return;
    }
    const before = factsOf(node);
    deliver();
    this.#context.mark('frame of an earlier view');
    const after = factsOf(node);
    if (before === after) return;
    const what = `frame ${frameView.command(frame)} of view ${frameView.view(frame)}`;
    const detail = `r${node.index}: a ${what} changed the state from ${before} to ${after}`;
    this.#context.report({ class: 'S', invariant: 'S13', detail, node: node.index });
  }
}

/** An answer to a probe that is over, which knows less than was acknowledged since. */
function isForAnotherProbe({ host }: SimNode, frame: Uint8Array): boolean {
  if (host === undefined || frameView.command(frame) !== Command.StartView) return false;
  const { state } = host.replica;
  const nonce = startViewView.incarnation(frame);
  if (state.status !== 'recovering' || nonce === 0n) return false;
  const { boot, counter } = unpackProbeNonce(nonce);
  const isOwn = boot === state.bootIncarnation && counter === state.probeCounter;
  return !isOwn && frameView.view(frame) <= state.view && startViewView.op(frame) < state.head;
}

/** Everything that an old frame could have reached. */
function factsOf(node: SimNode): string {
  const replica = node.host?.replica;
  if (replica === undefined) return 'down';
  const { status: s, state } = replica;
  const votes = state.votes.filter((vote) => vote !== undefined).length;
  const acks = [...state.pipeline].map((pending) => pending.acks).join(',');
  const log = `${state.log.size} held, run to ${state.runTop}, head ${s.head}/${state.headChecksum}`;
  const vote = `${state.svcSenders}, ${votes} votes, ${state.merged?.opHead ?? 0}`;
  return `${s.status} ${s.view}/${s.logView} commit ${s.commitMin}/${s.commitMax} ${log}; ${vote}; [${acks}]`;
}
