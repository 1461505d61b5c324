import { randomBytes } from 'node:crypto';
import { deliveries, faultKinds, makePlan, type Plan, workloads } from '../../simulator/index.js';
import { usageError } from '../cli-error.js';
import type { RunFlags } from './run-flags.js';

/** A seed as people write it. @throws CliError E_USAGE */
export function parseSeed(text: string): bigint {
  if (text === 'random') return randomBytes(8).readBigUInt64LE();
  if (/^\d+$/.test(text) || /^0x[0-9a-f]+$/i.test(text)) return BigInt.asUintN(64, BigInt(text));
  if (/^[0-9a-f]{16}$/i.test(text)) return BigInt(`0x${text}`);
  throw usageError(`--seed: "${text}" is not a number, a hexadecimal number or random`);
}

/** The plan of one seed under the given flags. @throws CliError E_USAGE */
export function planOf(seed: bigint, flags: RunFlags): Plan {
  const { delivery } = flags;
  const crashes = ppm(flags['crash-prob'], '--crash-prob');
  const partitions = ppm(flags['partition-prob'], '--partition-prob');
  const loss = ppm(flags['packet-loss'], '--packet-loss');
  const order = deliveries.find((known) => known === delivery);
  const plan = makePlan({
    seed,
    profile: flags.profile,
    ticks: flags.ticks,
    quiesce: !flags['no-quiesce'],
    ...(flags['liveness-ticks'] !== undefined && { livenessTicks: flags['liveness-ticks'] }),
    ...(flags.replicas !== undefined && { replicas: flags.replicas }),
    ...(flags.clients !== undefined && { clients: flags.clients }),
    ...(flags.requests !== undefined && { requests: flags.requests }),
    ...(flags.groups !== undefined && { groups: flags.groups }),
    workload: workloads.find((known) => known === flags.workload) ?? 'mixed',
    ...(order !== undefined && { delivery: order }),
    ...(flags.delay !== undefined && { delay: flags.delay }),
    ...(flags.limits !== undefined && { limits: limitsOf(flags.limits) }),
    ...(flags.faults !== undefined && { faults: faultsOf(flags.faults) }),
    ...(loss !== undefined && { loss }),
    // Given per 100 ticks: one per tick would leave no cluster to look at.
    ...(crashes !== undefined && { crashRate: crashes / 100 }),
    ...(partitions !== undefined && { partitionRate: partitions / 100 }),
  });
  return withFidelity(plan, flags.fidelity);
}

/** Bytes of clients arrive in pieces of any size, or a whole frame at a time. */
function withFidelity(plan: Plan, fidelity: string | undefined): Plan {
  if (fidelity === undefined) return plan;
  const { chunk } = plan.workload;
  const pieces = fidelity === 'frames' ? 0 : Math.max(chunk, 48);
  return { ...plan, workload: { ...plan.workload, chunk: pieces } };
}

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
  const words = ['simulate', 'run', '--seed', `0x${plan.seed}`, '--profile', plan.profile];
  words.push('--ticks', String(flags.ticks), '--workload', flags.workload);
  const names = [
    ...(['liveness-ticks', 'replicas', 'clients', 'requests', 'groups', 'faults'] as const),
    ...(['crash-prob'] as const),
    ...(['partition-prob', 'packet-loss', 'delay', 'delivery', 'limits', 'fidelity'] as const),
  ];
  for (const name of names) {
    const value = flags[name];
    if (value !== undefined) words.push(`--${name}`, String(value));
  }
  if (flags['no-quiesce']) words.push('--no-quiesce');
  if (flags.check !== 'all') words.push('--check', flags.check);
  return [program, ...words, ...planted].join(' ');
}

function ppm(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(value >= 0 && value <= 1)) throw usageError(`${name}: "${text}" is not in 0 to 1`);
  return Math.round(value * 1_000_000);
}

function faultsOf(text: string) {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const kind = faultKinds.find((known) => known === name.trim());
    if (kind !== undefined) return kind;
    throw usageError(`--faults: "${name}" is not one of ${faultKinds.join(', ')}`);
  });
}

function limitsOf(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      if (!/^\d+$/.test(value)) throw usageError(`--limits: "${pair}" is not name=number`);
      return [name, Number(value)];
    }),
  );
}
