import { IggyctlError } from '../../base/index.js';

/** Ends a run at the tick that was asked for, from wherever it is; not a failure. */
export class StopRun extends IggyctlError<'RUN_STOPPED'> {
  constructor() {
    super('RUN_STOPPED', 'the tick to stop at was reached', {});
  }
}
