import type { Json, ReadyRecord } from '../../cluster/index.js';
import { type Style, toNdjsonLine } from '../../render/index.js';
import { counted } from '../counted.js';
import { eventRecord } from './event-record.js';
import { reachableHost } from './local-context.js';
import { logLine } from './logs.js';
import { contextOf, type UpPlan } from './up-plan.js';

/** How `cluster up` talks. */
export interface UpStreams {
  /** Result: ready record, events. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
  readonly style: Style;
}

/** `json`: ready record and events as JSON lines; `text`: the same for people; `ports`: ports only. */
export type UpForm = 'json' | 'text' | 'ports';

/** Prints that the cluster is ready: one line of JSON, a table, or its ports. */
export function printReady(form: UpForm, ready: ReadyRecord, plan: UpPlan, to: UpStreams): void {
  if (form === 'ports') {
    for (const { tcp } of ready.nodes) to.out(`${tcp}\n`);
    return;
  }
  if (form === 'json') to.out(toNdjsonLine(ready));
  else to.out(`${readyLines(ready, plan, to.style).join('\n')}\n`);
}

/** The one line that says that everybody knows the root password. */
export const defaultRootWarning =
  'root has the default password; set one with --root-password-file';

/** Where the nodes are and what to try next; for people, on stderr when stdout has JSON. */
export function readyLines(ready: ReadyRecord, plan: UpPlan, style: Style): readonly string[] {
  const nodes = ready.nodes.map(
    ({ id, tcp, correlated, role }) =>
      `  node ${id}  ${reachableHost(plan.host)}:${tcp}  ${style(role === 'primary' ? 'name' : 'plain', role)}` +
      (correlated === null ? '' : `  correlated :${correlated}`),
  );
  return [
    `cluster ${style('strong', ready.name)} is ready: ${counted(nodes.length, 'node')}, view ${ready.view}`,
    ...nodes,
    ...nextSteps(ready, plan, style).map((line) => `  ${line}`),
  ];
}

/** How to log in, and two commands to try. */
export function nextSteps(ready: ReadyRecord, plan: UpPlan, style: Style): readonly string[] {
  const { username, passwordFile } = plan.login;
  const password = passwordFile === undefined ? 'password iggy' : `password in ${passwordFile}`;
  const context = contextOf(plan);
  const server = ready.nodes.map(({ tcp }) => `${reachableHost(plan.host)}:${tcp}`).join(',');
  const target = context === undefined ? ` -s ${server}` : '';
  const place = ready.name === 'dev' ? '' : ` ${ready.name}`;
  return [
    `user ${username}, ${password}${context === undefined ? '' : `; context ${context} is active`}`,
    `try: ${style('name', `iggyctl stream create orders${target}`)}`,
    `     ${style('name', `iggyctl cluster status${place}`)}`,
  ];
}

/** Prints an event as it happens. */
export function printEvent(form: UpForm, event: Json, to: UpStreams): void {
  const record = eventRecord(event);
  if (form === 'json') to.out(toNdjsonLine(record));
  else if (form === 'text') to.out(`${logLine(record)}\n`);
}
