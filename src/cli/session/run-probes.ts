import { randomBytes } from 'node:crypto';
import { CliError } from '../cli-error.js';
import type { FoundCredentials } from '../connect/credentials.js';
import { capacity, inFlight } from './cluster-probes.js';
import { isExpected, type ProbeStep, type ProbeTools } from './probe-types.js';
import type { ProbedCluster } from './probed-cluster.js';
import { RawSession, type RawTarget } from './raw-session.js';
import { aged, futureSession, gap, jump, retransmit, reuse } from './request-probes.js';
import {
  badRegister,
  duplicateRegister,
  logoutTwice,
  noSession,
  staleSession,
} from './session-probes.js';

/** Largest client table that `capacity` fills. */
const largestTable = 64;

export interface ProbeRun {
  readonly target: RawTarget;
  readonly cluster: ProbedCluster | undefined;
  readonly policy: string | null;
  readonly isOurs: boolean;
  /** Used for every probe instead of random ones. */
  readonly clientId: bigint | undefined;
  /** Beginning of the names of everything that is made. */
  readonly prefix: string;
  /** Leaves sessions as they are. */
  readonly keep: boolean;
}

/** A probe that ran: its steps, and whether all of them went as they should. */
export interface ProbeResult {
  readonly name: string;
  readonly steps: readonly ProbeStep[];
  readonly ok: boolean;
}

/** Why a probe cannot run here; nothing when it can. */
export function whyNot(name: string, cluster: ProbedCluster | undefined): string | undefined {
  if (name !== 'in-flight' && name !== 'capacity') return undefined;
  if (cluster === undefined) return `${name} needs a local cluster of this user`;
  if (name === 'in-flight') return cluster.hasBackups ? undefined : `${name} needs backups`;
  if (cluster.tableSize <= largestTable) return undefined;
  return `${name} needs a cluster with metadata.clients_table_max of at most ${largestTable}`;
}

type Probe = (run: ProbeRun, tools: ProbeTools) => Promise<readonly ProbeStep[]>;

const credentialsOf = ({ target }: ProbeRun): FoundCredentials => target.credentials;

const probes: Readonly<Record<string, Probe>> = {
  retransmit: (_run, tools) => retransmit(tools),
  jump: (_run, tools) => jump(tools),
  gap: (_run, tools) => gap(tools),
  aged: (_run, tools) => aged(tools),
  reuse: (_run, tools) => reuse(tools),
  'stale-session': (_run, tools) => staleSession(tools),
  'future-session': (_run, tools) => futureSession(tools),
  'no-session': (_run, tools) => noSession(tools),
  'duplicate-register': (run, tools) => duplicateRegister(tools, credentialsOf(run)),
  'bad-register': (run, tools) => badRegister(tools, credentialsOf(run)),
  'logout-twice': (_run, tools) => logoutTwice(tools),
  'in-flight': (run, tools) => inFlight(tools, clusterOf(run)),
  capacity: (run, tools) => capacity(tools, clusterOf(run).tableSize),
};

function clusterOf({ cluster }: ProbeRun): ProbedCluster {
  if (cluster === undefined) throw new CliError('E_UNSUPPORTED', 'there is no local cluster');
  return cluster;
}

/** Runs one probe with connections and identities of its own, and ends its sessions. */
export async function runProbe(name: string, run: ProbeRun): Promise<ProbeResult> {
  const opened: RawSession[] = [];
  let names = 0;
  const connect = async (clientId = newClientId(run, opened.length)) => {
    const session = await RawSession.connect(run.target, clientId);
    opened.push(session);
    return session;
  };
  const tools: ProbeTools = {
    connect,
    session: async () => {
      const session = await connect();
      await session.login();
      return session;
    },
    name: () => {
      names += 1;
      return `${run.prefix}-${name}-${names}`;
    },
    policy: run.policy,
    isOurs: run.isOurs,
  };
  try {
    const probe = probes[name];
    const steps = probe === undefined ? [] : await probe(run, tools);
    const ok = steps.every(({ answer, expected }) => isExpected(answer, expected));
    return { name, steps, ok };
  } finally {
    for (const session of opened) session.close();
    if (!run.keep) await endSessions(run.target, new Set(opened.map((each) => each.clientId)));
  }
}

/** A pinned id is used by all; where a probe needs several clients, the others are random. */
function newClientId({ clientId }: ProbeRun, already: number): bigint {
  if (clientId !== undefined && already === 0) return clientId;
  return BigInt(`0x${randomBytes(16).toString('hex')}`) | 1n;
}

/** Takes every identity over and logs it out, so that the client table is as it was. */
async function endSessions(target: RawTarget, clientIds: ReadonlySet<bigint>): Promise<void> {
  for (const clientId of clientIds) {
    const session = await RawSession.connect(target, clientId);
    await session.login();
    await session.patiently(session.logoutFrame(1n));
    session.close();
  }
}
