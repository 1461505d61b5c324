import { getU64 } from '../base/index.js';
import { BootRefusedError } from './boot-refused.js';
import type { HostPorts } from './host-ports.js';
import { NodeHost } from './node-host.js';
import type { NodeHostConfig } from './node-host-config.js';
import { metadataDirectory } from './places.js';
import { type OpenedStorage, openStorage } from './storage/open-storage.js';
import { nextStep } from './storage/refuse-to-open.js';

/**
 * Recovers a node from its files and starts it. `started` is called once, possibly from inside the
 * call, with the node or with why it refuses to start.
 */
export function startNode(
  config: NodeHostConfig,
  ports: HostPorts,
  started: (result: NodeHost | BootRefusedError) => void,
): void {
  const identity = {
    cluster: config.cluster,
    replica: config.node,
    replicaCount: config.nodeCount,
  };
  const { disk } = ports;
  try {
    openStorage({ disk, directory: metadataDirectory, identity, plane: 'metadata' }, (storage) => {
      if (storage instanceof BootRefusedError) started(storage);
      else started(build(config, ports, storage));
    });
  } catch (error) {
    if (!(error instanceof BootRefusedError)) throw error;
    started(error);
  }
}

function build(
  config: NodeHostConfig,
  ports: HostPorts,
  storage: OpenedStorage,
): NodeHost | BootRefusedError {
  if (storage.cutBytes > 0) {
    const fields = { bytes: storage.cutBytes };
    ports.log.write({ level: 'warn', event: 'JournalTailCut', fields });
  }
  try {
    return new NodeHost(config, ports, { storage, incarnation: incarnationOf(ports) });
  } catch (error) {
    const identity = { replicaCount: config.nodeCount };
    const place = { plane: 'metadata', identity } as const;
    return BootRefusedError.of(error, nextStep(place, `the files of ${metadataDirectory}`));
  }
}

/** A random number of 63 bits that is not zero. */
function incarnationOf({ entropy }: HostPorts): bigint {
  const bytes = entropy.bytes(8);
  return (getU64(bytes, 0) >> 1n) | 1n;
}
