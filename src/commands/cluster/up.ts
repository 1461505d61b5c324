import { Args, Flags } from '@oclif/core';
import { ClusterCommand } from '../../cli/cluster/cluster-command.js';
import { defaultClusterName } from '../../cli/cluster/local-clusters.js';
import { runUp, terminalOf } from '../../cli/cluster/run-up.js';
import { startInBackground } from '../../cli/cluster/start-detached.js';
import { clusterFlags, ephemeralFlag, portBaseFlag } from '../../cli/cluster/up-flags.js';
import {
  defaultRootWarning,
  printReady,
  type UpForm,
  type UpStreams,
} from '../../cli/cluster/up-output.js';
import { planUp, type UpPlan } from '../../cli/cluster/up-plan.js';
import { styleFor } from '../../render/index.js';

export default class ClusterUp extends ClusterCommand<typeof ClusterUp> {
  static override summary = 'Start a replicated cluster on this machine.';
  static override description =
    'All replicas run in one process, each with its own client port and its own files. On a ' +
    'terminal a live view shows them and obeys keys; elsewhere one line of JSON says that the ' +
    'cluster is ready, and events follow. With -v every step of consensus is kept for cluster logs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --detach --ephemeral --port-base 0 --json',
    '<%= config.bin %> <%= command.id %> test -n 5 --set cluster.heartbeat_timeout=2s',
    '<%= config.bin %> <%= command.id %> live -d --ephemeral --port-base 0 --no-context --record live.rec',
  ];
  static override args = {
    name: Args.string({ description: 'Name of the cluster.', default: defaultClusterName }),
  };
  static override flags = {
    ...clusterFlags,
    'port-base': portBaseFlag(8090),
    ephemeral: Flags.boolean(ephemeralFlag),
    detach: Flags.boolean({ char: 'd', summary: 'Return once it is ready; it runs on.' }),
    'no-view': Flags.boolean({ summary: 'No live view, also on a terminal.' }),
    'no-context': Flags.boolean({ summary: 'Do not make and activate a context for it.' }),
    daemon: Flags.boolean({ hidden: true }),
  };
  static override resultKind = 'cluster.ready|cluster.event';
  static override stopsItself = true;

  protected override async execute(): Promise<void> {
    const { flags } = this;
    const { places } = this.settings;
    const plan = planUp(this.args.name, flags, places);
    if (flags.detach) {
      await this.#detach(plan);
      return;
    }
    const streams = this.#streams();
    const form = this.#form();
    const hasView = !flags['no-view'] && form === 'text' && !flags.daemon;
    const code = await runUp({
      ...{ plan, places, form, streams },
      terminal: hasView ? terminalOf(streams) : undefined,
      isTalkative: !flags.quiet && !flags.json && !flags.daemon,
      isDaemon: flags.daemon,
      isTracing: this.verbosity > 0,
      exitOnStdinClose: flags['exit-on-stdin-close'],
      signal: this.signal,
    });
    this.exitWith(code);
  }

  async #detach(plan: UpPlan): Promise<void> {
    const { places } = this.settings;
    const args = ['cluster', 'up', ...this.argv.filter((word) => !isOwn(word))];
    const ready = await startInBackground(plan, places, [...args, '--daemon', '--json']);
    const streams = this.#streams();
    if (plan.hasDefaultRoot) streams.err(`warning: ${defaultRootWarning}\n`);
    printReady(this.#form(), ready, plan, streams);
  }

  /** JSON wherever nobody looks, or when it was asked for. */
  #form(): UpForm {
    if (this.flags.quiet) return 'ports';
    const isForPeople = process.stdout.isTTY && !this.out.isJson;
    return isForPeople ? 'text' : 'json';
  }

  #streams(): UpStreams {
    const { style } = this.out.options;
    return {
      out: (text) => this.out.raw(text),
      err: (text) => void process.stderr.write(text),
      style: process.stdout.isTTY ? style : styleFor(false),
    };
  }
}

/** Words that the background process must not see again. */
function isOwn(word: string): boolean {
  return ['-d', '--detach', '--json', '-q', '--quiet', '--exit-on-stdin-close'].includes(word);
}
