import { IggyctlError } from '../../base/index.js';
import type { DataPlan } from './data-plan.js';
import {
  type ClientLinkPlan,
  deliveries,
  type Fault,
  faultKinds,
  type PipePlan,
  type Plan,
  type TroublePlan,
} from './plan.js';

/** A file that is not a plan. */
export class PlanError extends IggyctlError<'PLAN_INVALID'> {
  constructor(reason: string) {
    super('PLAN_INVALID', `not a plan of a simulation: ${reason}`, {});
  }
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a plan from parsed JSON: a plan itself, or anything with one under `plan`.
 * @throws PLAN_INVALID
 */
export function parsePlan(value: unknown): Plan {
  const outer = fieldsOf(value, 'the document');
  const plan = outer['plan'] === undefined ? outer : fieldsOf(outer['plan'], 'plan');
  if (plan['format'] !== 'iggy-sim-plan' || plan['version'] !== 1) {
    throw new PlanError('"format" and "version" are not those of a plan');
  }
  const seed = textOf(plan, 'seed');
  if (!/^[0-9a-f]{16}$/.test(seed)) throw new PlanError('"seed" has 16 hexadecimal digits');
  const replicas = numberOf(plan, 'replicas');
  if (replicas < 1 || replicas > 32) throw new PlanError('"replicas" is 1 to 32');
  const delivery = deliveries.find((known) => known === plan['delivery']);
  if (delivery === undefined) throw new PlanError('"delivery" is unknown');
  return {
    format: 'iggy-sim-plan',
    version: 1,
    seed,
    profile: textOf(plan, 'profile'),
    replicas,
    ticks: numberOf(plan, 'ticks'),
    livenessTicks: numberOf(plan, 'livenessTicks'),
    quiesce: plan['quiesce'] === true,
    limits: numbersOf(plan, 'limits'),
    requestPolicy: plan['requestPolicy'] === 'strict' ? 'strict' : 'watermark',
    delivery,
    batched: plan['batched'] === true,
    leftOut: numberOf(plan, 'leftOut'),
    leftOutHow: plan['leftOutHow'] === 'deaf' ? 'deaf' : 'down',
    network: networkOf(fieldsOf(plan['network'], 'network')),
    ...(plan['clientLinks'] !== undefined && {
      clientLinks: clientLinksOf(fieldsOf(plan['clientLinks'], 'clientLinks')),
    }),
    disk: diskOf(fieldsOf(plan['disk'], 'disk')),
    clocks: listOf(plan, 'clocks').map((each) => {
      const clock = fieldsOf(each, 'clocks');
      return { offset: numberOf(clock, 'offset'), drift: numberOf(clock, 'drift') };
    }),
    workload: workloadOf(fieldsOf(plan['workload'], 'workload')),
    ...(plan['data'] !== undefined && { data: dataOf(fieldsOf(plan['data'], 'data')) }),
    faults: listOf(plan, 'faults').map(faultOf),
  };
}

function networkOf(fields: Fields): Plan['network'] {
  const read = (name: string) => numberOf(fields, name);
  return {
    minDelay: read('minDelay'),
    meanDelay: read('meanDelay'),
    loss: read('loss'),
    duplication: read('duplication'),
    copyDelay: read('copyDelay'),
    corruption: read('corruption'),
    lateness: read('lateness'),
    forgery: fields['forgery'] === undefined ? 0 : read('forgery'),
    ...(fields['trouble'] !== undefined && {
      trouble: troubleOf(fieldsOf(fields['trouble'], 'trouble')),
    }),
    ...(fields['pipes'] !== undefined && { pipes: pipesOf(fieldsOf(fields['pipes'], 'pipes')) }),
  };
}

function troubleOf(fields: Fields): TroublePlan {
  const read = (name: string) => numberOf(fields, name);
  return {
    burst: read('burst'),
    burstTicks: read('burstTicks'),
    burstLoss: read('burstLoss'),
    spike: read('spike'),
    slowest: read('slowest'),
    capacity: read('capacity'),
    misroute: read('misroute'),
    mangling: read('mangling'),
  };
}

function pipesOf(fields: Fields): PipePlan {
  const read = (name: string) => numberOf(fields, name);
  return {
    ...{ chunk: read('chunk'), reset: read('reset'), backoff: read('backoff') },
    ...(fields['silence'] !== undefined && { silence: read('silence') }),
    ...(fields['overlap'] !== undefined && { overlap: read('overlap') }),
  };
}

function clientLinksOf(fields: Fields): ClientLinkPlan {
  return { corruption: numberOf(fields, 'corruption') };
}

function diskOf(fields: Fields): Plan['disk'] {
  const read = (name: string) => numberOf(fields, name);
  return {
    ...{ minDelay: read('minDelay'), meanDelay: read('meanDelay'), stall: read('stall') },
    ...(fields['names'] !== undefined && { names: read('names') }),
  };
}

function workloadOf(fields: Fields): Plan['workload'] {
  const read = (name: string) => numberOf(fields, name);
  return {
    clients: read('clients'),
    rough: fields['rough'] === undefined ? 0 : read('rough'),
    twins: read('twins'),
    readers: fields['readers'] === undefined ? 0 : read('readers'),
    ...(fields['loyal'] !== undefined && { loyal: read('loyal') }),
    think: read('think'),
    requests: read('requests'),
    names: read('names'),
    weights: listOf(fields, 'weights').map((weight) => checkedNumber(weight, 'weights')),
    timeoutMillis: read('timeoutMillis'),
    linkDelay: read('linkDelay'),
    chunk: read('chunk'),
  };
}

function dataOf(fields: Fields): DataPlan {
  return {
    topics: listOf(fields, 'topics').map((each) => {
      const topic = fieldsOf(each, 'topics');
      return { partitions: numberOf(topic, 'partitions'), expiry: numberOf(topic, 'expiry') };
    }),
    ack: fields['ack'] === 'memory' ? 'memory' : 'fsync',
    share: numberOf(fields, 'share'),
    batch: numberOf(fields, 'batch'),
    payload: numberOf(fields, 'payload'),
    weights: listOf(fields, 'weights').map((weight) => checkedNumber(weight, 'weights')),
  };
}

function faultOf(value: unknown): Fault {
  const fields = fieldsOf(value, 'faults');
  const kind = faultKinds.find((known) => known === fields['kind']);
  if (kind === undefined) throw new PlanError(`no fault is "${String(fields['kind'])}"`);
  const read = (name: string) => numberOf(fields, name);
  return {
    id: read('id'),
    kind,
    at: read('at'),
    until: read('until'),
    target: read('target'),
    value: read('value'),
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown, name: string): Fields {
  if (!isFields(value)) throw new PlanError(`${name} is not an object`);
  return value;
}

function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new PlanError(`"${name}" is not a list`);
  return value;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new PlanError(`"${name}" is not a text`);
  return value;
}

function numberOf(fields: Fields, name: string): number {
  return checkedNumber(fields[name], name);
}

function checkedNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new PlanError(`"${name}" is not a whole number`);
  }
  return value;
}

function numbersOf(fields: Fields, name: string): Readonly<Record<string, number>> {
  const entries = Object.entries(fieldsOf(fields[name], name));
  return Object.fromEntries(entries.map(([key, value]) => [key, checkedNumber(value, key)]));
}
