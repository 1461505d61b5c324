// npm run test:official: the tests of the official Node.js client against a cluster of this project.
//
//   npm run test:official                            fetches a checkout of Apache Iggy into .cache/
//   npm run test:official -- --checkout DIR          uses one that is there
//   npm run test:official -- --only e2e,tls,bdd      some of the suites
//
// It needs git and the network (for the checkout and for the packages of the client), the free port
// 8090, which one of the tests compares, and for the BDD features a Node.js of version 22 or newer.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { root } from './lib/files.mjs';

const repository = 'https://github.com/apache/iggy.git';
/** The commit whose behaviour this project follows. */
const commit = 'cc269ef70';
const port = 8090;
const suites = ['e2e', 'tls', 'bdd'];

const { values: given } = parseArgs({
  options: {
    checkout: { type: 'string' },
    only: { type: 'string', default: suites.join(',') },
  },
});
const wanted = given.only.split(',');
const unknown = wanted.filter((name) => !suites.includes(name));
if (unknown.length > 0) stop(`no suite ${unknown.join(', ')}; there are ${suites.join(', ')}`);

function stop(message) {
  console.error(`test:official: ${message}`);
  process.exit(2);
}

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error?.code === 'ENOENT') stop(`${command} is needed and was not found`);
  return status ?? 1;
}

/** Folder of the official client, fetched if nobody gave one. */
function clientFolder() {
  const base =
    given.checkout === undefined ? join(root, '.cache/official') : resolve(given.checkout);
  const folder = join(base, 'foreign/node');
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (given.checkout !== undefined) stop(`${base} holds no foreign/node`);
  mkdirSync(base, { recursive: true });
  const steps = [
    ['clone', '--filter=blob:none', '--no-checkout', repository, '.'],
    ['sparse-checkout', 'set', 'foreign/node', 'bdd/scenarios', 'core/binary_protocol'],
    ['checkout', commit],
  ];
  for (const step of steps) {
    if (run('git', step, base) === 0) continue;
    rmSync(base, { recursive: true, force: true });
    stop(`cannot fetch ${repository}; give a checkout with --checkout DIR`);
  }
  return folder;
}

function installClient(folder) {
  if (existsSync(join(folder, 'node_modules'))) return;
  // Its own scripts would set up git hooks of the checkout.
  if (run('npm', ['ci', '--ignore-scripts'], folder) !== 0) stop(`npm ci failed in ${folder}`);
}

function isPortFree() {
  return new Promise((done) => {
    const probe = createServer();
    probe.on('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

/** Runs `use` while a lone node serves the port. */
async function withCluster(flags, use) {
  if (!(await isPortFree())) stop(`port ${port} is taken; the suites need it`);
  const args = ['bin/run.js', 'cluster', 'up', '-n', '1', '--ephemeral', '--json', ...flags];
  const cluster = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => cluster.on('exit', done));
  const ready = new Promise((done) =>
    createInterface({ input: cluster.stdout }).once('line', () => done('ready')),
  );
  if ((await Promise.race([ready, ended])) !== 'ready') stop('the cluster did not start');
  try {
    return use();
  } finally {
    cluster.kill('SIGTERM');
    await ended;
  }
}

/** Runs a program of the checkout; gives true when it succeeds. */
function runClient(folder, args, env = {}) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, IGGY_TCP_ADDRESS: `127.0.0.1:${port}`, ...env },
    stdio: 'inherit',
  });
  return status === 0;
}

function testFiles(folder, isTls) {
  return readdirSync(join(folder, 'src/e2e'))
    .filter((name) => name.endsWith('.e2e.ts') && name.startsWith('tls.') === isTls)
    .map((name) => join('src/e2e', name));
}

const loader = ['--import', '@swc-node/register/esm-register'];
const tester = [...loader, '--test', '--test-force-exit'];

const runs = {
  e2e: (folder) =>
    withCluster([], () => runClient(folder, [...tester, ...testFiles(folder, false)])),
  tls: (folder) => {
    const file = (name) => join(root, 'test/fixtures/tls', name);
    const flags = ['--tls-cert', file('server.pem'), '--tls-key', file('server.key')];
    const env = { IGGY_TCP_TLS_ENABLED: 'true', E2E_ROOT_CA_CERT: file('ca.pem') };
    return withCluster(flags, () =>
      runClient(folder, [...tester, ...testFiles(folder, true)], env),
    );
  },
  bdd: (folder) => {
    if (Number(process.versions.node.split('.')[0]) < 22) {
      console.log('bdd: left out, cucumber needs Node.js 22 or newer');
      return undefined;
    }
    // The features this client implements; its own profile would take all there are.
    const names = ['basic_messaging', 'raw_command'];
    const profile = {
      loader: ['@swc-node/register/esm-register'],
      import: ['src/bdd/**/*.ts'],
      paths: names.map((name) => `../../bdd/scenarios/${name}.feature`),
    };
    const config = join(folder, 'cucumber.iggyctl.json');
    writeFileSync(config, JSON.stringify({ default: profile }));
    const cucumber = 'node_modules/@cucumber/cucumber/bin/cucumber.js';
    const args = [cucumber, '--exit', '--config', 'cucumber.iggyctl.json'];
    return withCluster([], () => runClient(folder, args)).finally(() => rmSync(config));
  },
};

if (run(process.execPath, ['scripts/build.mjs', '--if-stale'], root) !== 0) stop('build failed');
const folder = clientFolder();
installClient(folder);
const results = [];
for (const name of suites.filter((each) => wanted.includes(each))) {
  console.log(`\n=== ${name} of ${folder}`);
  results.push([name, await runs[name](folder)]);
}
const said = { true: 'passed', false: 'FAILED', undefined: 'left out' };
console.log(`\n${results.map(([name, ok]) => `${name} ${said[String(ok)]}`).join(', ')}`);
process.exitCode = results.some(([, ok]) => ok === false) ? 1 : 0;
