import { type FaultKind, faultKinds, type Plan } from '../../simulator/index.js';
import { usageError } from '../cli-error.js';

/** What `--faults` says. Chances are millionths. */
export interface FaultList {
  /** Families instead of the profile's. */
  readonly kinds?: readonly FaultKind[];
  /** Families left out of the profile's. */
  readonly without: readonly FaultKind[];
  /** By kind, per tick and node. */
  readonly rates: ReadonlyMap<FaultKind, number>;
  readonly network: Partial<Plan['network']>;
  /** Share of the frames between clients and nodes that are altered. */
  readonly clientCorruption?: number;
}

type LinkFault = keyof Plan['network'] | 'clientCorruption';

/** What links do all the time, by its name in a list, with the share of frames if none is given. */
const linkFaults: ReadonlyMap<string, readonly [LinkFault, number]> = new Map<
  string,
  readonly [LinkFault, number]
>([
  ['loss', ['loss', 50_000]],
  ['dup', ['duplication', 50_000]],
  ['corrupt', ['corruption', 10_000]],
  ['late', ['lateness', 1000]],
  ['forge-view', ['forgery', 10_000]],
  ['corrupt-clients', ['clientCorruption', 10_000]],
]);

/** Names for several families, and for those that are called otherwise in plans. */
const groupsOfKinds: ReadonlyMap<string, readonly FaultKind[]> = new Map<
  string,
  readonly FaultKind[]
>([
  ['partition', ['isolate', 'split', 'cut', 'deaf']],
  ['partition=ring', ['ring']],
  ['partition=bridge', ['bridge']],
  ['partition=minority', ['minority']],
  ['partition=isolate-primary', ['minority']],
  ['partition=isolate', ['isolate']],
  ['partition=split', ['split']],
  ['partition=one-way', ['cut', 'deaf']],
  ['torn', ['power']],
  ['skew', ['clock-step']],
  ['disk', ['sync-failure', 'disk-full', 'replace-failure', 'slow-disk']],
]);

/** Reads `crash,loss=5%,power=0.01,-pause`; nothing changes nothing. @throws CliError E_USAGE */
export function faultListOf(text: string | undefined): FaultList {
  const kinds: FaultKind[] = [];
  const without: FaultKind[] = [];
  const rates = new Map<FaultKind, number>();
  const network: Record<string, number> = {};
  if (text === undefined) return { without, rates, network };
  if (text === 'none') return { kinds, without, rates, network };
  for (const word of text.split(',').map((each) => each.trim())) {
    const [name = '', value] = word.split('=');
    const link = linkFaults.get(name);
    if (link !== undefined) {
      network[link[0]] = value === undefined ? link[1] : millionths(value, '--faults');
    } else if (word.startsWith('-')) {
      const link = linkFaults.get(word.slice(1));
      if (link === undefined) without.push(...kindsOf(word.slice(1)));
      else network[link[0]] = 0;
    } else if (groupsOfKinds.has(word) || value === undefined) {
      kinds.push(...kindsOf(word));
    } else {
      // Given per 100 ticks: one per tick would leave no cluster to look at.
      for (const kind of kindsOf(name)) rates.set(kind, millionths(value, '--faults') / 100);
    }
  }
  const { clientCorruption, ...links } = network;
  return {
    ...(kinds.length > 0 && { kinds }),
    ...{ without, rates, network: links },
    ...(clientCorruption !== undefined && { clientCorruption }),
  };
}

/** A chance such as `0.05` or `5%`, in millionths. @throws CliError E_USAGE */
export function millionths(text: string, name: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text === '' || !(value >= 0 && value <= 1)) {
    throw usageError(`${name}: "${text}" is not in 0 to 1`);
  }
  return Math.round(value * 1_000_000);
}

/** Families of damaged disks, which `--disk-fault-prob` spreads over. */
export const diskKinds: readonly FaultKind[] = groupsOfKinds.get('disk') ?? [];

function kindsOf(name: string): readonly FaultKind[] {
  const kind = faultKinds.find((known) => known === name);
  const kinds = kind === undefined ? groupsOfKinds.get(name) : [kind];
  if (kinds !== undefined) return kinds;
  const names = [...faultKinds, ...linkFaults.keys(), ...groupsOfKinds.keys()];
  throw usageError(`--faults: "${name}" is not one of ${names.join(', ')}`);
}
