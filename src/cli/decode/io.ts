/** Everything `decode` needs from the process it runs in. */
export interface DecodeIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTty: boolean;
  /** Columns of the terminal that standard output is; 0 when it is none. */
  readonly columns: number;
  stdin(): AsyncIterable<Uint8Array>;
  /** The chunks of a file; with `follow`, also what is appended later. @throws CliError E_IO */
  file(path: string, follow: boolean): AsyncIterable<Uint8Array>;
  /** Writes to standard output, all of it before returning. @throws OutputClosed, CliError E_IO */
  write(bytes: Uint8Array): void;
  /** Writes to standard error. */
  note(text: string): void;
  /**
   * Settles when the person interrupts; gives the exit status. From the first call on, an interruption no
   * longer ends the process by itself.
   */
  interrupted(): Promise<number>;
}

/** Nobody reads standard output any more: the work is over, without a fault. */
export class OutputClosed extends Error {}
