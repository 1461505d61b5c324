import { randomBytes } from 'node:crypto';
import { IggyctlError } from '../../base/index.js';
import {
  deliveries,
  type FaultKind,
  limitNames,
  limitsNamed,
  makePlan,
  type Plan,
  type PlanOptions,
  profiles,
  smallLimits,
  workloads,
} from '../../simulator/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import { diskKinds, faultListOf, millionths } from './fault-list.js';
import type { RunFlags } from './run-flags.js';
import { baseOf, overlaid } from './shape-file.js';

/** A seed as people write it. @throws CliError E_USAGE */
export function parseSeed(text: string): bigint {
  if (text === 'random') return randomBytes(8).readBigUInt64LE();
  if (/^\d+$/.test(text) || /^0x[0-9a-f]+$/i.test(text)) return BigInt.asUintN(64, BigInt(text));
  if (/^[0-9a-f]{16}$/i.test(text)) return BigInt(`0x${text}`);
  throw usageError(`--seed: "${text}" is not a number, a hexadecimal number or random`);
}

/** The plan of one seed under the given flags. @throws CliError E_USAGE, E_IO, E_DAMAGED */
export function planOf(seed: bigint, flags: RunFlags): Plan {
  const profile = baseOf('--profile', flags.profile, profiles, 'swarm');
  const workload = baseOf('--workload', flags.workload, workloads, 'mixed');
  const listed = faultListOf(flags.faults ?? profile.faults);
  const order = deliveries.find((known) => known === flags.delivery);
  const loss = flags['packet-loss'];
  const plan = makePlan({
    seed,
    profile: profile.base,
    ...profile.options,
    ...workload.options,
    ticks: flags.ticks,
    quiesce: !flags['no-quiesce'],
    ...(flags['liveness-ticks'] !== undefined && { livenessTicks: flags['liveness-ticks'] }),
    ...(flags.replicas !== undefined && { replicas: flags.replicas }),
    ...(flags.clients !== undefined && { clients: flags.clients }),
    ...(flags.requests !== undefined && { requests: flags.requests }),
    ...(flags.groups !== undefined && { groups: flags.groups }),
    workload: workload.base,
    ...(order !== undefined && { delivery: order }),
    ...(flags.delay !== undefined && { delay: flags.delay }),
    ...(flags.limits !== undefined && { limits: limitsOf(flags.limits) }),
    ...(listed.kinds !== undefined && { faults: listed.kinds }),
    ...(listed.clientCorruption !== undefined && { clientCorruption: listed.clientCorruption }),
    without: listed.without,
    rates: new Map([...listed.rates, ...ratesOf(flags)]),
  });
  const links = {
    ...listed.network,
    ...(loss !== undefined && { loss: millionths(loss, '--packet-loss') }),
  };
  const drawn = { ...plan, network: { ...plan.network, ...links } };
  const shaped = overlaid(overlaid(drawn, profile), workload);
  return withFidelity(shaped, flags.fidelity);
}

/** The short forms of single entries of `--faults`. */
function ratesOf(flags: RunFlags): ReadonlyMap<FaultKind, number> {
  const rates = new Map<FaultKind, number>();
  const add = (name: 'crash-prob' | 'partition-prob' | 'disk-fault-prob', kinds: FaultKind[]) => {
    const text = flags[name];
    if (text === undefined) return;
    // Given per 100 ticks: one per tick would leave no cluster to look at.
    const rate = millionths(text, `--${name}`) / 100 / kinds.length;
    for (const kind of kinds) rates.set(kind, rate);
  };
  add('crash-prob', ['power']);
  add('partition-prob', ['isolate']);
  add('disk-fault-prob', [...diskKinds]);
  return rates;
}

/** Bytes of clients and between replicas arrive in pieces of any size, or a whole frame at a time. */
function withFidelity(plan: Plan, fidelity: string | undefined): Plan {
  if (fidelity === undefined) return plan;
  const { chunk } = plan.workload;
  const { pipes, ...network } = plan.network;
  const isBytes = fidelity === 'bytes';
  return {
    ...plan,
    workload: { ...plan.workload, chunk: isBytes ? Math.max(chunk, 48) : 0 },
    network: isBytes ? { ...network, pipes: pipes ?? usualPipes } : network,
  };
}

/** Links between replicas that break now and then. */
const usualPipes = { chunk: 4096, reset: 1000, backoff: 100, silence: 200, overlap: 1000 };

/** Which findings count. @throws CliError E_USAGE */
export function judgedBy(list: string): (found: { class: string; invariant: string }) => boolean {
  if (list === 'all') return () => true;
  if (list === 'none') return () => false;
  const names = new Set(list.split(',').map((name) => name.trim()));
  for (const name of names) {
    if (!/^[A-Z]+\d*$/.test(name))
      throw usageError(`--check: "${name}" is no rule, such as S10 or C`);
  }
  return (found) => names.has(found.class) || names.has(found.invariant);
}

/** The command that repeats a run. */
export function repeatCommand(plan: Plan, flags: RunFlags, mutant: string | undefined): string {
  const program = mutant === undefined ? 'iggyctl' : 'node bin/mutants.js';
  const planted = mutant === undefined ? [] : ['--mutant', mutant];
  if (flags.plan !== undefined) {
    return [program, 'simulate', 'run', '--plan', flags.plan, ...planted].join(' ');
  }
  const words = ['simulate', 'run', '--seed', `0x${plan.seed}`, '--profile', flags.profile];
  words.push('--ticks', String(flags.ticks), '--workload', flags.workload);
  const names = [
    ...(['liveness-ticks', 'replicas', 'clients', 'requests', 'groups', 'faults'] as const),
    ...(['crash-prob', 'disk-fault-prob'] as const),
    ...(['partition-prob', 'packet-loss', 'delay', 'delivery', 'limits', 'fidelity'] as const),
  ];
  for (const name of names) {
    const value = flags[name];
    if (value === undefined) continue;
    const text = String(value);
    // What begins with a dash would be taken for a flag.
    if (text.startsWith('-')) words.push(`--${name}=${text}`);
    else words.push(`--${name}`, text);
  }
  if (flags['no-quiesce']) words.push('--no-quiesce');
  if (flags.check !== 'all') words.push('--check', flags.check);
  return [program, ...words, ...planted].join(' ');
}

function limitsOf(text: string): PlanOptions['limits'] & object {
  const given = new Map<string, number>();
  for (const pair of text.split(',')) {
    const [name = '', value = ''] = pair.split('=');
    if (!/^\d+$/.test(value)) throw usageError(`--limits: "${pair}" is not name=number`);
    if (!limitNames.includes(name)) {
      const near = nearest(name, limitNames);
      throw usageError(`--limits: there is no limit "${name}"`, near && `did you mean ${near}?`);
    }
    given.set(name, Number(value));
  }
  try {
    return limitsNamed(given, smallLimits);
  } catch (error) {
    if (!(error instanceof IggyctlError)) throw error;
    throw usageError(`--limits: ${error.message}`);
  }
}
