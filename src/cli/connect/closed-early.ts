import { isIggyctlError } from '../../base/index.js';
import type { IggyClient } from '../../client/index.js';
import { CliError } from '../cli-error.js';
import type { Settings } from '../config/settings.js';

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

/**
 * Nobody listens where a context says that a local cluster is: the cluster has ended since, and its context
 * is still the chosen one.
 */
export function ofStoppedCluster(error: unknown, settings: Settings): unknown {
  if (!isIggyctlError(error) || error.code !== 'CONNECTION_FAILED') return error;
  const { context, contextName } = settings;
  const cluster = context['local_cluster'];
  const isContexts = settings.text('server').origin.startsWith('context ');
  if (typeof cluster !== 'string' || !isContexts) return error;
  return new StoppedClusterError(error, cluster, contextName.value);
}

class StoppedClusterError extends CliError {
  override readonly exitClass = 'unreachable';

  constructor(cause: Error, cluster: string, context: string) {
    super('E_FAILED', cause.message, {
      label: 'E_CONNECTION_FAILED',
      hint: `iggyctl cluster up ${cluster}, as the context ${context} is of that local cluster; or iggyctl context use -`,
      cause,
    });
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
