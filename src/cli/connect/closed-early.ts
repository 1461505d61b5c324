import { isIggyctlError } from '../../base/index.js';
import type { IggyClient } from '../../client/index.js';
import { CliError } from '../cli-error.js';

/** Notices that a server takes connections and ends them without ever answering. */
export class EarlyCloses {
  #node = '';
  #reason = '';
  #closes = 0;
  #answers = 0;

  /** Listens from now on; the returned function ends that. */
  watch(client: IggyClient): () => void {
    const ends = [
      client.on('disconnected', ({ node, reason }) => {
        this.#node = node;
        this.#reason = reason;
        this.#closes += 1;
      }),
      client.on('frame', ({ direction }) => {
        if (direction === 'in') this.#answers += 1;
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  /** The error to show instead of a time-out that such a server led to. */
  explain(error: unknown): unknown {
    const isTimeout = isIggyctlError(error) && error.code === 'TIMEOUT';
    if (!isTimeout || this.#closes === 0 || this.#answers > 0) return error;
    return new ClosedEarlyError(this.#node, this.#reason, error);
  }
}

class ClosedEarlyError extends CliError {
  override readonly exitClass = 'unreachable';

  constructor(node: string, reason: string, cause: unknown) {
    super('E_FAILED', `${node} takes connections and closes them without an answer: ${reason}`, {
      label: 'E_CLOSED',
      hint: 'is it a port for other frames? see --framing, --tls and --transport',
      cause,
    });
  }
}
