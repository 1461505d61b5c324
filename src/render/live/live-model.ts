import type { Tone } from '../style.js';

/** What the live view of a local cluster shows; made anew for every frame. */
export interface LiveModel {
  readonly name: string;
  readonly isHealthy: boolean;
  /** Why it is not healthy. */
  readonly reasons: readonly string[];
  readonly view: number | undefined;
  readonly primary: number | undefined;
  readonly commit: number;
  readonly opsPerSecond: number;
  readonly uptimeMicros: number;
  readonly nodes: readonly LiveNode[];
  /** Number of the node that keys act on. */
  readonly selected: number;
  /** Newest last. */
  readonly events: readonly LiveEvent[];
  /** Facts that stay on the screen: how to log in, what to be careful about. */
  readonly notices: readonly LiveNotice[];
  /** Outcome of the last key, or a question. */
  readonly message: LiveNotice | undefined;
  /** Whether events fill the screen. */
  readonly showsLog: boolean;
}

/** One row of the live view. */
export interface LiveNode {
  readonly id: number;
  readonly address: string;
  readonly role: string;
  readonly status: string;
  readonly view: number | undefined;
  readonly commit: number | undefined;
  readonly op: number | undefined;
  readonly pipeline: number | undefined;
  readonly connections: number | undefined;
  /** What is wrong with its links, or `ok`. */
  readonly links: string;
  readonly error: string | undefined;
}

/** One line of the event list. */
export interface LiveEvent {
  readonly timeMicros: number;
  readonly node: number | undefined;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly detail: string;
}

export interface LiveNotice {
  readonly tone: Tone;
  readonly text: string;
}

/** Size of the terminal. */
export interface LiveSize {
  readonly columns: number;
  readonly rows: number;
}
