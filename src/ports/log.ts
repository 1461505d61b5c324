/** Severity of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One structured line of a node's log. Never holds a secret. */
export interface LogEntry {
  readonly level: LogLevel;
  /** Stable event name, for instance `ViewChangeStarted`. */
  readonly event: string;
  /** Values that are printed beside the event. */
  readonly fields: Readonly<Record<string, string | number | boolean | bigint>>;
}

/** Receives log lines. */
export interface LogSink {
  write(entry: LogEntry): void;
}
