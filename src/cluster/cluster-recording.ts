import { PlacedFile } from '../platform/index.js';
import type { InputSink } from '../ports/index.js';
import { version } from '../version.js';
import { RecordingWriter } from '../wire/index.js';
import { errnoText } from './errno-text.js';
import { ClusterFileError } from './errors.js';

/** Where the inputs of consensus are recorded. */
export interface RecordOptions {
  readonly path: string;
  /** Bytes of the file at most; 64 MiB if absent. */
  readonly limitBytes?: number;
}

/** Bytes of a recording unless another limit is given. */
const standardBytes = 64 * 1024 * 1024;

/** How long a record waits for its block to fill up, milliseconds. */
const flushEvery = 100;

/** The file in which the nodes of a cluster take down what their replicas are told. */
export class ClusterRecording implements InputSink {
  readonly #path: string;
  readonly #file: PlacedFile;
  readonly #writer: RecordingWriter;
  readonly #timer: NodeJS.Timeout;
  readonly #failed: (error: ClusterFileError) => void;
  #chapters = 0;
  #isOver = false;

  /**
   * @param failed called once, when the file cannot be written any more
   * @throws CLUSTER_FILE_FAILED
   */
  constructor(options: RecordOptions, failed: (error: ClusterFileError) => void) {
    this.#path = options.path;
    this.#failed = failed;
    try {
      this.#file = new PlacedFile(options.path);
    } catch (error) {
      throw this.#error(error);
    }
    this.#writer = new RecordingWriter({
      limitBytes: options.limitBytes ?? standardBytes,
      program: `iggyctl/${version}`,
      put: (at, bytes) => this.#put(at, bytes),
    });
    this.#timer = setInterval(() => this.#writer.flush(), flushEvery);
    this.#timer.unref();
  }

  get capacity(): number {
    return this.#writer.capacity;
  }

  open(): number {
    this.#chapters += 1;
    return this.#chapters;
  }

  add(record: Uint8Array): void {
    if (!this.#isOver) this.#writer.add(record);
  }

  /** Writes the rest. */
  close(): void {
    clearInterval(this.#timer);
    this.#writer.flush();
    this.#isOver = true;
    this.#file.close();
  }

  /** The cluster goes on without its recording; what was written so far can be replayed. */
  #put(at: number, bytes: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#file.put(at, bytes);
    } catch (error) {
      this.#isOver = true;
      this.#failed(this.#error(error));
    }
  }

  #error(cause: unknown): ClusterFileError {
    return new ClusterFileError(this.#path, cause instanceof Error ? errnoText(cause) : 'unknown');
  }
}
