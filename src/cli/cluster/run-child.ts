import { type ChildProcess, spawn } from 'node:child_process';
import { rmdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { Chaos, ClusterService } from '../../cluster/index.js';
import { CliError } from '../cli-error.js';
import { systemReason } from '../system-error.js';
import { clusterVariable } from './local-clusters.js';
import { defaultRootPassword, reachableHost } from './local-context.js';
import { startError } from './start-errors.js';
import { type ClusterTrace, openTrace } from './trace/cluster-trace.js';
import type { UpPlan } from './up-plan.js';

/** A command that needs a cluster for as long as it runs. */
export interface ChildOptions {
  readonly plan: UpPlan;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exitOnStdinClose: boolean;
}

/**
 * Starts a cluster, runs a command that finds it through its environment, stops the cluster; gives
 * the command's exit status. @throws CliError when the cluster or the command does not start
 */
export async function runWithCluster(options: ChildOptions): Promise<number> {
  const { plan, command } = options;
  const trace = openTrace(plan.trace);
  const service = await start(plan, trace);
  const chaos = new Chaos(service.cluster, plan.chaos, plan.cluster.seed ?? 1n);
  chaos.start();
  try {
    const ports = service.ready.nodes.map(({ tcp }) => tcp);
    const child = spawn(command[0] ?? '', command.slice(1), {
      // The command owns stdin unless its end is the sign to stop.
      stdio: [options.exitOnStdinClose ? 'pipe' : 'inherit', 'inherit', 'inherit'],
      env: { ...withoutCredentials(options.env), ...environmentOf(plan, ports) },
    });
    if (options.exitOnStdinClose) stopWithInput(child);
    const release = passSignals(child);
    try {
      return await exitOf(child, command[0] ?? '');
    } finally {
      release();
    }
  } finally {
    await chaos.stop();
    await service.stop();
    trace?.close();
    removeRunDirectory(plan.paths.directory);
  }
}

/** A cluster that nobody can have a question about any more leaves no log. */
function removeRunDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  try {
    rmdirSync(dirname(directory));
  } catch {
    // Other clusters are beside it.
  }
}

async function start(plan: UpPlan, trace: ClusterTrace | undefined): Promise<ClusterService> {
  try {
    return await ClusterService.start({
      cluster: { ...plan.cluster, ...trace?.tap },
      paths: plan.paths,
    });
  } catch (error) {
    throw startError(error, plan.name);
  }
}

/** The command gets no other cluster's credentials. */
function withoutCredentials(env: ChildOptions['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || isOfAnotherCluster(name) ? [] : [[name, value] as const],
    ),
  );
}

const credentials = /(CONTEXT|SERVER|USERNAME|PASSWORD|TOKEN|TCP_ADDRESS)$/;

function isOfAnotherCluster(name: string): boolean {
  return /^IGGY(CTL)?_/.test(name) && credentials.test(name);
}

/** How a child finds the cluster: our variables, and those of other Iggy programs. */
function environmentOf(plan: UpPlan, ports: readonly number[]): Record<string, string> {
  const servers = ports.map((port) => `${reachableHost(plan.host)}:${port}`);
  const { username } = plan.login;
  const password = plan.cluster.root?.password ?? defaultRootPassword;
  return {
    IGGYCTL_SERVER: servers.join(','),
    IGGYCTL_USERNAME: username,
    IGGYCTL_PASSWORD: password,
    [clusterVariable]: plan.name,
    IGGY_TCP_ADDRESS: servers[0] ?? '',
    IGGY_USERNAME: username,
    IGGY_PASSWORD: password,
  };
}

function stopWithInput(child: ChildProcess): void {
  const { stdin } = process;
  child.stdin?.on('error', () => undefined);
  stdin.on('data', (data) => child.stdin?.write(data));
  stdin.on('end', () => child.kill('SIGTERM'));
  stdin.resume();
}

const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Signals go to the command; its end is ours. On a terminal it has had Ctrl-C already. */
function passSignals(child: ChildProcess): () => void {
  const listeners = passed.map((signal) => {
    const listener = () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const release of listeners) release();
  };
}

function exitOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(notStarted(program, error));
    });
    child.on('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** What shells say, and end with, when there is no such program or it may not be run. */
function notStarted(program: string, cause: NodeJS.ErrnoException): CliError {
  if (cause.code === 'ENOENT') {
    const reason = `cannot run ${program}: there is no such program`;
    return new CliError('E_NOT_FOUND', reason, { cause, exitCode: 127 });
  }
  const reason = `cannot run ${program}: ${systemReason(cause)}`;
  return new CliError('E_USAGE', reason, { cause, exitCode: 126 });
}
