const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';

/** The terminal a screen runs on. */
export interface ScreenTerminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * A full screen of lines that is drawn again when asked or resized. `q` asks to end it; {@link close}
 * puts the terminal back as it was, also when the process ends in any other way.
 */
export class Screen {
  readonly #terminal: ScreenTerminal;
  readonly #lines: (size: { columns: number; rows: number }) => readonly string[];
  readonly #quit: () => void;
  #isClosed = false;

  constructor(
    terminal: ScreenTerminal,
    lines: (size: { columns: number; rows: number }) => readonly string[],
    quit: () => void,
  ) {
    this.#terminal = terminal;
    this.#lines = lines;
    this.#quit = quit;
    const { input, output } = terminal;
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', this.#press);
    input.on('end', quit);
    input.resume();
    output.write(enter);
    output.on('resize', this.draw);
    process.once('exit', this.close);
  }

  readonly draw = (): void => {
    if (this.#isClosed) return;
    const { output } = this.#terminal;
    const size = { columns: output.columns || 80, rows: output.rows || 24 };
    const lines = this.#lines(size).slice(0, size.rows);
    const text = lines.map((line) => `${line}${clearLine}`).join('\r\n');
    output.write(`${home}${text}${clearBelow}`);
  };

  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off('exit', this.close);
    const { input, output } = this.#terminal;
    output.off('resize', this.draw);
    input.off('data', this.#press);
    input.off('end', this.#quit);
    input.setRawMode(false);
    input.pause();
    output.write(leave);
  };

  readonly #press = (data: string | Buffer): void => {
    const keys = String(data);
    // In raw mode the terminal sends a character; whoever counts signals has to hear of it.
    if (keys.includes('\u0003')) process.kill(process.pid, 'SIGINT');
    if (keys.includes('q') || keys.includes('\u0004')) this.#quit();
  };
}
