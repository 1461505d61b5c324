interface Strike {
  /** Sender it waits for, -1 = any. */
  readonly node: number;
  readonly command: number;
  readonly run: (sender: number) => void;
}

/** What waits for a node to say something; each happens once. */
export class Strikes {
  #armed: Strike[] = [];

  /** Runs `run` when `node` (-1 = any) sends a frame of `command`. Returns how to call it off. */
  arm(node: number, command: number, run: (sender: number) => void): () => void {
    const strike = { node, command, run };
    this.#armed.push(strike);
    return () => {
      this.#armed = this.#armed.filter((other) => other !== strike);
    };
  }

  sent(sender: number, command: number): void {
    if (this.#armed.length === 0) return;
    const due = this.#armed.filter(
      (strike) => strike.command === command && (strike.node < 0 || strike.node === sender),
    );
    if (due.length === 0) return;
    this.#armed = this.#armed.filter((strike) => !due.includes(strike));
    for (const { run } of due) run(sender);
  }
}
