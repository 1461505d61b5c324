import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listLocalClusters } from '../cluster/local-clusters.js';
import { clearTextSecrets } from '../config/clear-text.js';
import { envValue, findPlaces } from '../config/places.js';
import { othersMay } from '../config/private-file.js';
import type { Settings } from '../config/settings.js';
import { type Check, type DoctorInput, fine, wrong } from './check.js';

/** Node.js that the package asks for. */
const needed = { major: 20, minor: 17 };
/** A clock before this release is wrong. */
const released = Date.UTC(2026, 0, 1);

/** Checks that need no network. */
export function localChecks({ env, flags }: DoctorInput, settings?: Settings): readonly Check[] {
  const places = findPlaces(env, flags.config);
  const credentials = join(places.state, 'credentials.json');
  return [
    node(),
    terminal(env),
    clock(),
    privateFolder('config folder', dirname(places.configFile)),
    privateFolder('state folder', places.state),
    privateFile('credentials file', credentials),
    ...(settings === undefined ? [] : [secretsInConfig(settings)]),
    staleClusters(places),
  ];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > needed.major || (major === needed.major && minor >= needed.minor);
  return isNew
    ? fine('node', process.version)
    : wrong(
        'node',
        `${process.version} is too old`,
        `install Node.js ${needed.major}.${needed.minor} or newer`,
      );
}

function terminal(env: NodeJS.ProcessEnv): Check {
  if (!process.stdout.isTTY) return fine('terminal', 'standard output is not a terminal');
  const { columns } = process.stdout;
  if (env['TERM'] === 'dumb') {
    return wrong('terminal', 'TERM is dumb: no live views', 'set TERM to the type of the terminal');
  }
  return columns < 80
    ? wrong('terminal', `${columns} columns: tables are cut`, 'make it 80 columns wide or more')
    : fine('terminal', `${envValue(env, 'TERM') ?? 'unknown'}, ${columns} columns`);
}

function clock(): Check {
  const now = new Date();
  return now.getTime() < released
    ? wrong('clock', `it says ${now.toISOString()}`, 'set the clock of this machine')
    : fine('clock', now.toISOString());
}

function privateFolder(name: string, path: string): Check {
  if (!existsSync(path)) return fine(name, `${path} (not there yet)`);
  if (!statSync(path).isDirectory()) return wrong(name, `${path} is no folder`, `remove ${path}`);
  return othersMay(path, 0o022)
    ? wrong(name, `others may write ${path}`, `chmod 700 ${path}`)
    : fine(name, path);
}

function privateFile(name: string, path: string): Check {
  if (!existsSync(path)) return fine(name, 'none');
  return othersMay(path, 0o077)
    ? wrong(name, `others may read or write ${path}`, `chmod 600 ${path}`)
    : fine(name, path);
}

function secretsInConfig({ config }: Settings): Check {
  const found = clearTextSecrets(config.contexts);
  if (found.length === 0) return fine('secrets in config', 'none in clear text');
  const [first = ''] = found;
  const fix = 'name it by env://NAME, file://PATH or keyring://NAME, or use iggyctl login';
  return wrong('secrets in config', `in clear text: ${found.join(', ')}`, `${first}: ${fix}`);
}

function staleClusters(places: Parameters<typeof listLocalClusters>[0]): Check {
  const dead = listLocalClusters(places).filter(({ state }) => state === 'dead');
  if (dead.length === 0) return fine('local clusters', 'none died');
  const names = dead.map(({ name }) => name).join(', ');
  return wrong(
    'local clusters',
    `died without cleaning up: ${names}`,
    'iggyctl cluster list --prune',
  );
}
