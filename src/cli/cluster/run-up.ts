import type { ReadStream } from 'node:tty';
import { Chaos, ClusterService, plainJson, type ServiceEnd } from '../../cluster/index.js';
import type { Places } from '../config/places.js';
import { writePrivateFile } from '../config/private-file.js';
import { exitCodes } from '../exit-codes.js';
import { LiveSession, type LiveTerminal } from './live-session.js';
import { activateLocalContext } from './local-context.js';
import { startError } from './start-errors.js';
import { type ClusterTrace, openTrace } from './trace/cluster-trace.js';
import {
  defaultRootWarning,
  nextSteps,
  printEvent,
  printReady,
  readyLines,
  type UpForm,
  type UpStreams,
} from './up-output.js';
import { contextOf, type UpPlan } from './up-plan.js';

/** How a cluster is run in the foreground. */
export interface RunUpOptions {
  readonly plan: UpPlan;
  readonly places: Places;
  readonly form: UpForm;
  readonly streams: UpStreams;
  /** Absent when there is no live view. */
  readonly terminal?: LiveTerminal | undefined;
  /** Keep every step of consensus from the start on, for `cluster logs --level debug`. */
  readonly isTracing: boolean;
  /** Whether hints for people go to stderr. */
  readonly isTalkative: boolean;
  /** Nobody is there to read: no output, no context, hang-ups ignored. */
  readonly isDaemon: boolean;
  readonly exitOnStdinClose: boolean;
  /** Aborted when the process is asked to end. */
  readonly signal: AbortSignal;
}

/**
 * Runs a cluster until somebody stops it; resolves with the exit status.
 * @throws CliError when it does not start
 */
export async function runUp(options: RunUpOptions): Promise<number> {
  const { plan, places, isDaemon } = options;
  const trace = openTrace(plan.trace);
  const service = await startService(plan, trace);
  if (options.isTracing) service.cluster.setTracing(true);
  try {
    if (plan.context !== undefined && !isDaemon) {
      activateLocalContext(places, plan.context, service.ready.nodes);
    }
    if (plan.readyFile !== undefined) {
      writePrivateFile(plan.readyFile, `${JSON.stringify(service.ready)}\n`);
    }
    const end = await serve(service, options);
    reportEnd(end, service, options);
    return exitCodeOf(end);
  } finally {
    await service.stop();
    trace?.close();
  }
}

async function startService(
  plan: UpPlan,
  trace: ClusterTrace | undefined,
): Promise<ClusterService> {
  const context = contextOf(plan);
  try {
    return await ClusterService.start({
      cluster: { ...plan.cluster, ...trace?.tap },
      paths: plan.paths,
      ...(context !== undefined && { context }),
    });
  } catch (error) {
    throw startError(error, plan.name);
  }
}

/** Shows the cluster until it ends by itself or somebody wants it to. */
async function serve(service: ClusterService, options: RunUpOptions): Promise<ServiceEnd> {
  const { plan } = options;
  const chaos = new Chaos(service.cluster, plan.chaos, plan.cluster.seed ?? 1n);
  const show = options.isDaemon ? hidden : shown(service, options);
  const stopped = Promise.race([show.stopAsked, outsideWish(options)]);
  chaos.start();
  const end = await Promise.race([service.ended, stopped.then(() => undefined)]);
  show.stopping();
  await chaos.stop();
  const final = end ?? (await service.stop());
  show.close();
  return final;
}

interface Show {
  readonly stopAsked: Promise<void>;
  stopping(): void;
  close(): void;
}

const never = new Promise<void>(() => undefined);
const hidden: Show = {
  stopAsked: never,
  stopping: () => undefined,
  close: () => undefined,
};

function shown(service: ClusterService, options: RunUpOptions): Show {
  const { plan, form, streams, terminal } = options;
  const { ready, cluster } = service;
  if (plan.hasDefaultRoot) streams.err(`warning: ${defaultRootWarning}\n`);
  if (terminal !== undefined) {
    const notices = [
      ...nextSteps(ready, plan, (_tone, text) => text).map((text) => ({
        tone: 'plain' as const,
        text,
      })),
      ...(plan.hasDefaultRoot ? [{ tone: 'warn' as const, text: defaultRootWarning }] : []),
    ];
    const live = new LiveSession(cluster, terminal, notices);
    return {
      stopAsked: live.stopAsked,
      stopping: () => live.say({ tone: 'strong', text: 'stopping …' }),
      close: () => live.close(),
    };
  }
  printReady(form, ready, plan, streams);
  if (form === 'json' && options.isTalkative) {
    streams.err(`${readyLines(ready, plan, streams.style).join('\n')}\n`);
  }
  const end = cluster.events.listen((event) => {
    if (event.level !== 'debug') printEvent(form, plainJson(event), streams);
  });
  return { stopAsked: never, stopping: () => undefined, close: end };
}

function reportEnd(end: ServiceEnd, { cluster }: ClusterService, options: RunUpOptions): void {
  const { streams, isDaemon, isTalkative, terminal } = options;
  if (end.kind === 'halted') {
    const reasons = cluster.halts.map(({ node, halt }) => `node ${node}: ${halt.reason}`);
    streams.err(`error: the last node stopped itself (${reasons.join(', ')})\n`);
  } else if (!isDaemon && (isTalkative || terminal !== undefined)) {
    streams.err(`cluster ${cluster.name} stopped\n`);
  }
}

/** 0 after a clean stop; otherwise by why the last replica stopped itself. */
function exitCodeOf(end: ServiceEnd): number {
  if (end.kind === 'stopped') return exitCodes.ok;
  return end.reason === 'divergence' ? exitCodes.internal : exitCodes.io;
}

/**
 * Resolves when something outside wants the cluster to stop: a signal, a terminal that hung up, a
 * reader that went away, or, if asked for, the end of stdin.
 */
function outsideWish({ signal, isDaemon, exitOnStdinClose }: RunUpOptions): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    // A daemon has no terminal that it should follow.
    process.on('SIGHUP', isDaemon ? () => undefined : stop);
    process.stdout.removeAllListeners('error');
    process.stdout.on('error', stop);
    if (!exitOnStdinClose) return;
    const { stdin } = process;
    stdin.on('end', stop);
    stdin.on('close', stop);
    stdin.on('error', stop);
    stdin.resume();
  });
}

/** The terminal, if this process has one to show a live view on. */
export function terminalOf(streams: UpStreams): LiveTerminal | undefined {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY || process.env['TERM'] === 'dumb') return undefined;
  const input: ReadStream = stdin;
  return { input, output: stdout, style: streams.style };
}
