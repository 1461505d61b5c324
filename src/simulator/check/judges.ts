import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry } from './canonical-log.js';
import { CommitDelayJudge } from './commit-delay.js';
import { FencingJudge } from './fencing.js';
import { ForeignReplyJudge } from './foreign-replies.js';
import type { ClientFrame, Judge, JudgeContext } from './judge.js';
import { LoginJudge } from './login-rules.js';
import { LogoutJudge } from './logout-rules.js';
import { OldFrameJudge } from './old-frames.js';
import { IdentityJudge } from './prepare-identity.js';
import { ProofJudge } from './proof.js';
import { SessionRaces } from './session-races.js';

/** What judges single rules; a new one is a file and a line here. */
const makers: readonly ((context: JudgeContext) => Judge)[] = [
  (context) => new IdentityJudge(context),
  (context) => new OldFrameJudge(context),
  (context) => new FencingJudge(context),
  (context) => new LoginJudge(context),
  (context) => new ProofJudge(context),
  (context) => new ForeignReplyJudge(context),
  (context) => new LogoutJudge(context),
  (context) => new SessionRaces(context),
];

/** Tells every judge what it asked to be told. */
export class Judges {
  readonly delays: CommitDelayJudge;
  readonly #all: readonly Judge[];
  readonly #sent: readonly Judge[];

  constructor(context: JudgeContext) {
    this.delays = new CommitDelayJudge(context);
    this.#all = [...makers.map((make) => make(context)), this.delays];
    this.#sent = this.#all.filter((judge) => judge.sent !== undefined);
  }

  arrived(seen: ClientFrame): void {
    for (const judge of this.#all) judge.arrived?.(seen);
  }

  answered(seen: ClientFrame): void {
    for (const judge of this.#all) judge.answered?.(seen);
  }

  sent(node: SimNode, frame: Uint8Array): void {
    for (const judge of this.#sent) judge.sent?.(node, frame);
  }

  committed(entry: CanonicalEntry, frame: Uint8Array, node: SimNode): void {
    for (const judge of this.#all) judge.committed?.(entry, frame, node);
  }

  /** Delivers a frame while the judges look. */
  delivered(node: SimNode, frame: Uint8Array, deliver: () => void): void {
    let run = deliver;
    for (const judge of this.#all) {
      if (judge.delivered === undefined) continue;
      const inner = run;
      run = () => judge.delivered?.(node, frame, inner);
    }
    run();
  }
}
