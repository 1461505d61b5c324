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
  #chapters = 0;
  #isOver = false;

  /**
   * @param failed called once, when the file cannot be written any more; the cluster goes on without
   * @throws CLUSTER_FILE_FAILED
   */
  constructor(options: RecordOptions, failed: (error: ClusterFileError) => void) {
    this.#path = options.path;
    try {
      this.#file = new PlacedFile(options.path, (error) => {
        this.#isOver = true;
        failed(this.#error(error));
      });
    } catch (error) {
      throw this.#error(error);
    }
    this.#writer = new RecordingWriter({
      limitBytes: options.limitBytes ?? standardBytes,
      program: `iggyctl/${version}`,
      put: (at, bytes) => this.#file.put(at, bytes),
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

  add(record: Uint8Array, tail?: Uint8Array): void {
    if (!this.#isOver) this.#writer.add(record, tail);
  }

  /** Writes the rest. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#writer.flush();
    this.#isOver = true;
    return this.#file.close();
  }

  #error(cause: unknown): ClusterFileError {
    return new ClusterFileError(this.#path, cause instanceof Error ? errnoText(cause) : 'unknown');
  }
}
