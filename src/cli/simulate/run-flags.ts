import { Flags } from '@oclif/core';
import { deliveries, profiles, workloads } from '../../simulator/index.js';
import { mutantFlags } from './mutant-flags.js';

/** Flags of `simulate run`. */
export const runFlags = {
  ...mutantFlags,
  seed: Flags.string({ summary: 'Number, hexadecimal number, or random.', helpValue: 'SEED' }),
  'seed-start': Flags.string({ summary: 'First of the --runs seeds.', helpValue: 'SEED' }),
  runs: Flags.integer({ summary: 'How many seeds to run.', default: 1, min: 1, helpValue: 'N' }),
  jobs: Flags.integer({ summary: 'Worker processes.', min: 1, helpValue: 'N' }),
  'until-failure': Flags.boolean({ summary: 'Run seeds until one fails.' }),
  ticks: Flags.integer({
    summary: 'Length of the fault phase in ticks of 10 ms.',
    default: 20_000,
    min: 1,
    helpValue: 'N',
  }),
  'liveness-ticks': Flags.integer({ summary: 'Ticks to converge in.', min: 1, helpValue: 'N' }),
  replicas: Flags.integer({
    summary: 'Replicas.',
    aliases: ['nodes'],
    min: 1,
    max: 32,
    helpValue: 'N',
  }),
  clients: Flags.integer({ summary: 'Clients.', min: 1, max: 64, helpValue: 'N' }),
  groups: Flags.integer({ summary: 'Partitions.', min: 0, max: 64, helpValue: 'N' }),
  workload: Flags.string({
    summary: 'What clients ask for; a file changes single figures.',
    default: 'mixed',
    helpValue: `${workloads.join('|')}|FILE`,
  }),
  requests: Flags.integer({ summary: 'Stop after N answers.', min: 1, helpValue: 'N' }),
  profile: Flags.string({
    summary: 'Mixture of faults; a file changes single figures.',
    default: 'swarm',
    helpValue: `${profiles.join('|')}|FILE`,
  }),
  faults: Flags.string({
    summary: 'Families of faults, such as crash,power=0.01,loss=5%,-pause, or none.',
    helpValue: 'LIST',
  }),
  'crash-prob': Flags.string({ summary: 'Power cuts per 100 ticks and node.', helpValue: 'P' }),
  'partition-prob': Flags.string({ summary: 'Isolations per 100 ticks and node.', helpValue: 'P' }),
  'disk-fault-prob': Flags.string({
    summary: 'Failing, full and slow disks per 100 ticks and node.',
    helpValue: 'P',
  }),
  'packet-loss': Flags.string({ summary: 'Share of lost frames, 0 to 1.', helpValue: 'P' }),
  delay: Flags.integer({ summary: 'Mean delay of frames in ticks.', min: 0, helpValue: 'TICKS' }),
  delivery: Flags.string({ summary: 'Order of frames within a tick.', options: [...deliveries] }),
  limits: Flags.string({ summary: 'Limits of consensus, name=value,…', helpValue: 'LIST' }),
  fidelity: Flags.string({
    summary: 'Links as whole frames, or as bytes in pieces.',
    options: ['frames', 'bytes'],
  }),
  check: Flags.string({
    summary: 'Rules that count: all, none, classes or numbers.',
    default: 'all',
    helpValue: 'LIST',
  }),
  'no-quiesce': Flags.boolean({ summary: 'Do not demand that the cluster heals.' }),
  twice: Flags.boolean({ summary: 'Run every seed again, here and in a fresh process.' }),
  plan: Flags.string({ summary: 'Run the plan in a file.', helpValue: 'FILE' }),
  until: Flags.integer({ summary: 'Stop before this tick.', min: 1, helpValue: 'TICK' }),
  step: Flags.boolean({
    summary: 'Go on from there event by event, as lines of standard input say.',
  }),
  trace: Flags.string({ summary: 'Write plan, events and verdict to a file.', helpValue: 'FILE' }),
  html: Flags.string({ summary: 'Write a page with the timeline.', helpValue: 'FILE' }),
  'trace-window': Flags.integer({ summary: 'Keep the last N events.', min: 1, helpValue: 'N' }),
  out: Flags.string({ summary: 'Write failing plans into a directory.', helpValue: 'DIR' }),
  budget: Flags.string({ summary: 'Time for all seeds.', helpValue: 'DURATION' }),
  'run-timeout': Flags.string({
    summary: 'Processor time for one seed.',
    default: '60s',
    helpValue: 'DURATION',
  }),
} as const;

/** What the parser makes of {@link runFlags}, as far as planning needs it. */
export interface RunFlags {
  readonly seed?: string | undefined;
  readonly 'seed-start'?: string | undefined;
  readonly runs: number;
  readonly jobs?: number | undefined;
  readonly 'until-failure': boolean;
  readonly ticks: number;
  readonly 'liveness-ticks'?: number | undefined;
  readonly replicas?: number | undefined;
  readonly clients?: number | undefined;
  readonly groups?: number | undefined;
  readonly workload: string;
  readonly requests?: number | undefined;
  readonly profile: string;
  readonly faults?: string | undefined;
  readonly 'crash-prob'?: string | undefined;
  readonly 'partition-prob'?: string | undefined;
  readonly 'disk-fault-prob'?: string | undefined;
  readonly 'packet-loss'?: string | undefined;
  readonly delay?: number | undefined;
  readonly delivery?: string | undefined;
  readonly limits?: string | undefined;
  readonly fidelity?: string | undefined;
  readonly check: string;
  readonly html?: string | undefined;
  readonly 'no-quiesce': boolean;
  readonly twice: boolean;
  readonly plan?: string | undefined;
  readonly until?: number | undefined;
  readonly step: boolean;
  readonly trace?: string | undefined;
  readonly 'trace-window'?: number | undefined;
  readonly out?: string | undefined;
  readonly budget?: string | undefined;
  readonly 'run-timeout': string;
}
