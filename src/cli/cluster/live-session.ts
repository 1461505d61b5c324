import type { LocalCluster } from '../../cluster/index.js';
import { type LiveNotice, liveView, type Style } from '../../render/index.js';
import { type LiveState, pressKey } from './live-keys.js';
import { LiveSource } from './live-source.js';

const frameMillis = 200;
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The terminal a live view runs on. */
export interface LiveTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly style: Style;
}

/**
 * Shows a cluster on the terminal and obeys its keys until {@link close}, which puts the terminal
 * back as it was. Also called when the process ends in any other way.
 */
export class LiveSession {
  /** Resolves when the user wants to stop the cluster. */
  readonly stopAsked: Promise<void>;
  readonly #terminal: LiveTerminal;
  readonly #cluster: LocalCluster;
  readonly #source: LiveSource;
  readonly #notices: readonly LiveNotice[];
  readonly #state: LiveState = {
    selected: 0,
    showsLog: false,
    message: undefined,
    isAsking: false,
  };
  readonly #timer: NodeJS.Timeout;
  #resolveStop: () => void = () => undefined;
  #isClosed = false;

  constructor(cluster: LocalCluster, terminal: LiveTerminal, notices: readonly LiveNotice[]) {
    this.#cluster = cluster;
    this.#terminal = terminal;
    this.#notices = notices;
    this.#source = new LiveSource(cluster);
    this.stopAsked = new Promise((resolve) => {
      this.#resolveStop = resolve;
    });
    const { input, output } = terminal;
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', this.#onData);
    input.on('end', this.#resolveStop);
    input.resume();
    output.write(enter);
    output.on('resize', this.#draw);
    process.once('exit', this.close);
    this.#timer = setInterval(this.#draw, frameMillis);
    this.#draw();
  }

  /** Says something on the message line, for instance while stopping. */
  say(notice: LiveNotice): void {
    this.#state.message = notice;
    this.#draw();
  }

  /** Ends the view; the terminal is as before. */
  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#source.close();
    process.off('exit', this.close);
    const { input, output } = this.#terminal;
    output.off('resize', this.#draw);
    input.off('data', this.#onData);
    input.setRawMode(false);
    input.pause();
    output.write(leave);
  };

  readonly #onData = (data: string | Buffer): void => {
    void this.#press(String(data));
  };

  async #press(data: string): Promise<void> {
    for (const key of splitKeys(data)) {
      const outcome = await pressKey(key, this.#state, this.#cluster);
      if (outcome === 'stop') this.#resolveStop();
      // In raw mode the terminal sends a character; whoever counts signals has to hear of it.
      if (outcome === 'interrupt') process.kill(process.pid, 'SIGINT');
    }
    this.#draw();
  }

  readonly #draw = (): void => {
    if (this.#isClosed) return;
    const { output, style } = this.#terminal;
    const { selected, showsLog, message } = this.#state;
    const model = {
      ...this.#source.look(),
      notices: this.#notices,
      ...{ selected, showsLog, message },
    };
    const lines = liveView(
      model,
      { columns: output.columns || 80, rows: output.rows || 24 },
      style,
    );
    const text = lines.map((line) => `${line}${clearLine}`).join('\r\n');
    output.write(`${home}${text}${clearBelow}`);
  };
}

/** One key press each: an escape sequence is one, several typed letters are several. */
function splitKeys(data: string): readonly string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
  return data.match(/\u001b[[O][0-9;]*[A-Za-z~]|[\s\S]/g) ?? [];
}
