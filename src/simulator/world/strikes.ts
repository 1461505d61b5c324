import { frameView } from '../../wire/index.js';

/** What is done when it happens; `frame` is what was said to `to`. */
export type OnStrike = (sender: number, to: number, frame: Uint8Array) => void;

interface Strike {
  /** Sender it waits for, -1 = any. */
  readonly node: number;
  readonly command: number;
  readonly run: OnStrike;
}

/** What waits for a node to say something; each happens once. */
export class Strikes {
  #armed: Strike[] = [];

  /** Runs `run` when `node` (-1 = any) sends a frame of `command`. Returns how to call it off. */
  arm(node: number, command: number, run: OnStrike): () => void {
    const strike = { node, command, run };
    this.#armed.push(strike);
    return () => {
      this.#armed = this.#armed.filter((other) => other !== strike);
    };
  }

  sent(sender: number, to: number, frame: Uint8Array): void {
    if (this.#armed.length === 0) return;
    const command = frameView.command(frame);
    const due = this.#armed.filter(
      (strike) => strike.command === command && (strike.node < 0 || strike.node === sender),
    );
    if (due.length === 0) return;
    this.#armed = this.#armed.filter((strike) => !due.includes(strike));
    for (const { run } of due) run(sender, to, frame);
  }
}
