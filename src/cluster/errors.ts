import { type ErrorDetails, IggyctlError } from '../base/index.js';

/** An option that a local cluster cannot be started with. */
export class ClusterOptionError extends IggyctlError<'CLUSTER_OPTION_INVALID'> {
  constructor(option: string, message: string) {
    super('CLUSTER_OPTION_INVALID', `${option}: ${message}`, { option });
  }
}

/** A file beside the cluster's own that cannot be written. */
export class ClusterFileError extends IggyctlError<'CLUSTER_FILE_FAILED'> {
  constructor(path: string, code: string) {
    super('CLUSTER_FILE_FAILED', `cannot write ${path}: ${code}`, { path, code });
  }
}

/** There was no primary in time. */
export class ClusterNotReadyError extends IggyctlError<'CLUSTER_NOT_READY'> {
  constructor(message: string, details: ErrorDetails) {
    super('CLUSTER_NOT_READY', message, details);
  }
}

/** An operator's request that does not fit the state of the cluster. */
export class ClusterStateError extends IggyctlError<'CLUSTER_STATE' | 'CLUSTER_NODE_UNKNOWN'> {
  constructor(
    code: 'CLUSTER_STATE' | 'CLUSTER_NODE_UNKNOWN',
    message: string,
    details: ErrorDetails = {},
  ) {
    super(code, message, details);
  }
}
