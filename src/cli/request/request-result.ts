import { toHex } from '../../base/index.js';
import type { IggyClient, RawReply } from '../../client/index.js';
import { renderRecord, toJson } from '../../render/index.js';
import {
  type Codec,
  type CommandSpec,
  decode,
  Operation,
  operationName,
  serverErrorName,
} from '../../wire/index.js';
import { type RequestReport, reportOf } from '../output/report-error.js';
import type { Field, Fields } from '../output/result.js';

/** What came of one request. A refusal is a result too, other failures are thrown. */
export async function requestResult(
  client: IggyClient,
  spec: CommandSpec,
  body: Uint8Array,
  signal: AbortSignal,
) {
  const started = performance.now();
  const answer = await ask(client, spec.code, body, signal);
  const latency = Math.round((performance.now() - started) * 1000);
  const { raw, status, message, hint, asked } = answer;
  const { session } = client.session;
  return {
    command: spec.dispatchName,
    code: spec.code,
    operation: spec.operation === Operation.NonReplicated ? null : operationName(spec.operation),
    request: raw?.request ?? BigInt(asked?.request ?? 0),
    session: raw?.session ?? session ?? 0n,
    status,
    status_name: status === 0 ? 'ok' : serverErrorName(status),
    results: status === 0 ? [] : [{ index: 0, code: status, name: serverErrorName(status) }],
    reply: raw === undefined ? null : readable(spec.response, raw.payload),
    reply_hex: raw === undefined ? null : toHex(raw.payload),
    latency_us: latency,
    node: raw?.node ?? asked?.node ?? null,
    view: raw?.view ?? asked?.view ?? null,
    op: raw?.op ?? null,
    commit: raw?.commit ?? null,
    retried: raw?.retries ?? 0,
    message,
    hint,
  } satisfies Fields;
}

interface Asked {
  readonly raw: RawReply | undefined;
  readonly status: number;
  readonly message: string | null;
  readonly hint: string | null;
  readonly asked?: RequestReport | null;
}

async function ask(
  client: IggyClient,
  code: number,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<Asked> {
  try {
    const raw = await client.request(code, body, { signal });
    return { raw, status: 0, message: null, hint: null };
  } catch (error) {
    const { server, message, hint, request } = reportOf(error);
    if (server === null) throw error;
    return { raw: undefined, status: server.code, message, hint, asked: request };
  }
}

/** The reply as plain data; null when its bytes cannot be read. */
function readable(codec: Codec<unknown>, payload: Uint8Array): Field {
  try {
    return decode(codec, payload, { allowTrailing: true }) as Field;
  } catch {
    return null;
  }
}

/** The same with the place of the node in the list of servers, and its address beside it. */
export function withNodeNumber(
  result: Awaited<ReturnType<typeof requestResult>>,
  servers: readonly string[],
): Fields {
  const { node: server } = result;
  const index = server === null ? -1 : servers.indexOf(server);
  return { ...result, node: index < 0 ? null : index, server };
}

/** A result for people. */
export function resultText(result: Awaited<ReturnType<typeof requestResult>>): string {
  const { command, code, request, session, node, view, op, latency_us: latency } = result;
  const record = renderRecord([
    { label: 'Request', value: `${command} (${code})` },
    { label: 'Status', value: `${result.status} ${result.status_name}` },
    { label: 'Number', value: request },
    { label: 'Session', value: session },
    { label: 'Node', value: node },
    { label: 'View', value: view },
    { label: 'Op', value: op },
    { label: 'Took', value: `${latency} µs` },
  ]);
  const { reply } = result;
  if (reply === null) return record;
  return `${record}\n\n${toJson(reply, { indent: 2 })}`;
}
