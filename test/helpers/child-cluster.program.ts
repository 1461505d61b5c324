// Runs a local cluster until it is killed; started by child-cluster.ts. Options come as JSON in the
// first argument; the ready record goes to stdout, one line.
import { LocalCluster, type LocalClusterOptions } from '../../src/cluster/index.js';

const options = JSON.parse(process.argv[2] ?? '{}') as LocalClusterOptions;
const cluster = await LocalCluster.start(options);
process.stdout.write(`${JSON.stringify(cluster.readyRecord())}\n`);
process.on('SIGTERM', () => {
  void cluster.stop().then(() => process.exit(0));
});
