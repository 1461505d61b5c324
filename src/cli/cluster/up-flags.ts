import { Flags } from '@oclif/core';

const size = 'CLUSTER';
const storage = 'STORAGE';
const network = 'NETWORK';
const faults = 'FAULTS';

/** Flags that say which cluster is started; `up` and `run` have them. */
export const clusterFlags = {
  nodes: Flags.integer({
    char: 'n',
    summary: 'Number of replicas.',
    default: 3,
    min: 1,
    max: 7,
    helpValue: 'N',
    helpGroup: size,
  }),
  set: Flags.string({
    summary: 'Setting, such as cluster.heartbeat_timeout=2s; may be repeated.',
    multiple: true,
    multipleNonGreedy: true,
    default: [],
    helpValue: 'NAME=VALUE',
    helpGroup: size,
  }),
  settings: Flags.string({
    summary: 'TOML file with a [settings] table.',
    helpValue: 'FILE',
    helpGroup: size,
  }),
  tick: Flags.string({
    summary: 'Length of a tick.',
    default: '10ms',
    helpValue: 'DURATION',
    helpGroup: size,
  }),
  wait: Flags.string({
    summary: 'How long the start may take.',
    default: '30s',
    helpValue: 'DURATION',
    helpGroup: size,
  }),
  'root-username': Flags.string({
    summary: 'Root user of a new cluster; iggy.',
    helpValue: 'NAME',
    helpGroup: size,
  }),
  'root-password-file': Flags.string({
    summary: 'File with the password of the root user of a new cluster; the password is iggy.',
    helpValue: 'FILE',
    helpGroup: size,
  }),
  'data-dir': Flags.string({
    summary: 'Where the data is; below the state directory if absent.',
    helpValue: 'DIR',
    helpGroup: storage,
  }),
  'encryption-key-file': Flags.string({
    summary: 'File with a base64 key of 32 bytes that encrypts messages at rest.',
    helpValue: 'FILE',
    helpGroup: storage,
  }),
  fresh: Flags.boolean({
    summary: 'Remove the data of an earlier life first.',
    helpGroup: storage,
  }),
  host: Flags.string({
    summary: 'Address to listen on.',
    default: '127.0.0.1',
    helpValue: 'HOST',
    helpGroup: network,
  }),
  'correlated-port-base': Flags.integer({
    summary: 'First port for the 16-byte frames with request ids; 0 = free ports, absent = off.',
    min: 0,
    max: 65_535,
    helpValue: 'PORT',
    helpGroup: network,
  }),
  'tls-cert': Flags.string({
    summary: 'Certificate (PEM); the client ports speak TLS.',
    helpValue: 'FILE',
    helpGroup: network,
  }),
  'tls-key': Flags.string({
    summary: 'Key of the certificate (PEM).',
    helpValue: 'FILE',
    helpGroup: network,
  }),
  chaos: Flags.string({
    summary: 'Let things go wrong all the time.',
    options: ['none', 'light', 'heavy'],
    default: 'none',
    helpGroup: faults,
  }),
  seed: Flags.string({ summary: 'Seed of the faults.', helpValue: 'N', helpGroup: faults }),
  record: Flags.string({
    summary: 'Write what consensus is told to this file, for simulate replay.',
    helpValue: 'FILE',
    helpGroup: faults,
  }),
  'record-limit': Flags.string({
    summary: 'Size of that file; when it is full, the oldest goes.',
    default: '64MiB',
    helpValue: 'SIZE',
    helpGroup: faults,
  }),
  'ready-file': Flags.string({
    summary: 'Write the ready record to this file.',
    helpValue: 'FILE',
    helpGroup: size,
  }),
  'exit-on-stdin-close': Flags.boolean({
    summary: 'Stop when standard input ends.',
    helpGroup: size,
  }),
};

/** Flag for the client ports; commands differ in its default. */
export function portBaseFlag(standard: number) {
  return Flags.integer({
    summary: 'Client port of node 0, the others follow; 0 = free ports.',
    default: standard,
    min: 0,
    max: 65_535,
    helpValue: 'PORT',
    helpGroup: network,
  });
}

/** Flag for files in memory. */
export const ephemeralFlag = {
  summary: 'Keep all files in memory.',
  helpGroup: storage,
};
