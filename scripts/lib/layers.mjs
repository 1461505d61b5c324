// The layers: folders under src/. The dependency-cruiser and ESLint configurations are made from this table,
// so a change here is a change of the architecture.
//
// may      other layers that may be imported, through their index.ts; `base` always may
// types    those of which only types may be imported
// pure     no clock, timer, randomness, socket, file, environment, promise, node:* module
// packages npm packages that may be imported
export const layers = {
  base: { may: [], pure: true },
  wire: { may: [], pure: true },
  ports: { may: [], pure: true },
  consensus: { may: ['wire'], pure: true },
  machine: { may: ['wire'], pure: true },
  session: { may: ['wire'], pure: true },
  server: { may: ['wire', 'consensus', 'machine'], pure: true },
  decoder: { may: ['wire'], pure: true },
  render: {
    may: [],
    types: ['wire', 'consensus', 'decoder', 'simulator'],
    pure: true,
    packages: ['cli-table3'],
  },
  host: { may: ['wire', 'ports', 'consensus', 'machine', 'session', 'server'], pure: true },
  platform: { may: ['ports'], packages: ['hash-wasm', 'ws'] },
  client: { may: ['wire', 'ports', 'session', 'host', 'platform'] },
  cluster: {
    may: ['wire', 'ports', 'consensus', 'machine', 'server', 'host', 'platform', 'client'],
  },
  simulator: {
    may: ['wire', 'ports', 'consensus', 'machine', 'session', 'server', 'host'],
    pure: true,
  },
  cli: {
    // decoder: the service behind `decode` is shared by its command and by the entry without oclif.
    may: ['wire', 'render', 'client', 'cluster', 'decoder', 'simulator'],
    packages: [
      ...['@oclif/core', 'inquirer', 'ora', 'cli-table3', 'smol-toml', 'yaml'],
      '@napi-rs/keyring',
    ],
  },
  commands: {
    may: [
      ...['wire', 'ports', 'consensus', 'machine', 'session', 'server', 'decoder', 'render'],
      ...['host', 'platform', 'client', 'cluster', 'simulator', 'cli'],
    ],
    packages: ['@oclif/core', 'inquirer', 'ora', 'cli-table3'],
  },
};

/** The layers that must stay pure. */
export const pureLayers = Object.keys(layers).filter((name) => layers[name].pure);
