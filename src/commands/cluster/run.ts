import { Flags } from '@oclif/core';
import { usageError } from '../../cli/cli-error.js';
import { ClusterCommand } from '../../cli/cluster/cluster-command.js';
import { runWithCluster } from '../../cli/cluster/run-child.js';
import { clusterFlags, ephemeralFlag, portBaseFlag } from '../../cli/cluster/up-flags.js';
import { planUp } from '../../cli/cluster/up-plan.js';

export default class ClusterRun extends ClusterCommand<typeof ClusterRun> {
  static override summary = 'Run a command with a cluster of its own.';
  static override description =
    'Starts a cluster, runs the command with IGGYCTL_SERVER, IGGY_TCP_ADDRESS, user name and ' +
    'password in its environment, stops the cluster, and ends with the status of the command. ' +
    'Commands such as cluster kill that it runs act on this cluster. Unlike with cluster up, ' +
    'files are in memory and ports are free ones unless flags say otherwise.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> -- env',
    '<%= config.bin %> <%= command.id %> -n 1 -- npm test',
  ];
  static override usage = '<%= command.id %> [NAME] [FLAGS] -- CMD…';
  static override strict = false;
  static override flags = {
    ...clusterFlags,
    'port-base': portBaseFlag(0),
    ephemeral: Flags.boolean(ephemeralFlag),
  };
  static override stopsItself = true;

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const dashes = this.argv.indexOf('--');
    const command = dashes === -1 ? [] : this.argv.slice(dashes + 1);
    const before = this.words.slice(0, this.words.length - command.length);
    if (command.length === 0)
      throw usageError('say what to run, after --', 'iggyctl cluster run -- CMD');
    if (before.length > 1) throw usageError(`one name goes before --, not ${before.length}`);
    const plan = planUp(
      before[0] ?? `run-${process.pid}`,
      {
        ...flags,
        ephemeral: flags.ephemeral || flags['data-dir'] === undefined,
        'no-context': true,
      },
      this.settings.places,
    );
    this.exitWith(
      await runWithCluster({
        plan,
        command,
        env: process.env,
        exitOnStdinClose: flags['exit-on-stdin-close'],
      }),
    );
  }
}
