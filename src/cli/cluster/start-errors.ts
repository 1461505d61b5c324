import { isIggyctlError } from '../../base/index.js';
import { CliError, type CliErrorCode } from '../cli-error.js';

/** A failed start of a cluster, as an error that says what to do. */
export function startError(error: unknown, name: string): unknown {
  if (error instanceof CliError || !isIggyctlError(error)) return error;
  const { message: text } = error;
  const make = (code: CliErrorCode, message = text, hint?: string) =>
    new CliError(code, message, { cause: error, ...(hint !== undefined && { hint }) });
  switch (error.code) {
    case 'CLUSTER_RUNNING':
      return make(
        'E_CONFLICT',
        `the cluster ${name} is already running, as process ${String(error.details['pid'])}`,
        `iggyctl cluster status ${name}`,
      );
    case 'LISTEN_FAILED':
      return ['EADDRINUSE', 'EACCES'].includes(String(error.details['reason']))
        ? make('E_CONFLICT', text, 'add --port-base 0 for free ports, or another number')
        : make('E_USAGE', text, 'give --host an address of this machine, such as 127.0.0.1');
    case 'CLUSTER_NOT_READY':
      return make('E_UNHEALTHY', text, 'give it longer with --wait, or look at its data directory');
    case 'CLUSTER_LAYOUT_MISMATCH':
      return make('E_CONFIG', text, 'add --fresh to remove the old data, or use another name');
    case 'BOOT_REFUSED':
      return make(
        'E_DAMAGED',
        text,
        'iggyctl inspect integrity DIR, or add --fresh to start empty',
      );
    case 'CLUSTER_FILE_FAILED':
      return make('E_IO');
    case 'CLUSTER_OPTION_INVALID':
    case 'SETTING_UNKNOWN':
    case 'SETTING_INVALID':
    case 'CONSENSUS_CONFIG_INVALID':
      return make('E_USAGE');
    default:
      return error;
  }
}
