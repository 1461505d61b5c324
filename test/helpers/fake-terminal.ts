import { EventEmitter } from 'node:events';
import type { LiveTerminal } from '../../src/cli/cluster/live-session.js';

/** A terminal that remembers what is written and types what it is told. */
export class FakeTerminal {
  output = '';
  isRaw = false;
  readonly streams: Pick<LiveTerminal, 'input' | 'output'>;
  readonly #input = new EventEmitter();

  constructor(columns: number, rows: number) {
    const none = () => undefined;
    const input = Object.assign(this.#input, {
      setRawMode: (raw: boolean) => {
        this.isRaw = raw;
      },
      ...{ setEncoding: none, resume: none, pause: none },
    });
    const output = Object.assign(new EventEmitter(), {
      ...{ columns, rows },
      write: (text: string) => {
        this.output += text;
        return true;
      },
    });
    // Only what the view uses is there.
    this.streams = {
      input: input as unknown as LiveTerminal['input'],
      output: output as unknown as LiveTerminal['output'],
    };
  }

  press(...keys: string[]): void {
    for (const key of keys) this.#input.emit('data', key);
  }

  /** What the screen shows now. */
  get lastFrame(): string {
    return this.output.slice(this.output.lastIndexOf('\u001b[H'));
  }
}
