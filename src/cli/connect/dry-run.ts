import { toHex } from '../../base/index.js';
import { buildFrame, Command, requestHeaderRule, xxh3 } from '../../wire/index.js';
import { nodeIo } from '../decode/node-io.js';
import { decodeRequest } from '../decode/request.js';
import { runDecode } from '../decode/run-decode.js';

/** What a request frame is made of. */
export interface DryRequest {
  readonly code: number;
  readonly body: Uint8Array;
  readonly clientId?: bigint | undefined;
  readonly session?: bigint | undefined;
  readonly request?: bigint | undefined;
}

/** The frame that a request would be sent as, in a session that is not known yet. */
export function requestFrameOf(request: DryRequest): Uint8Array {
  const { code, body, clientId = 0n, session = 0n } = request;
  const rule = requestHeaderRule(code);
  const number = request.request ?? (rule.request === 'zero' ? 0n : 1n);
  return buildFrame(
    'Request',
    {
      command: Command.Request,
      client: clientId,
      session,
      request: number,
      operation: rule.operation,
      ...(rule.stamped ? { requestChecksum: xxh3(body) } : {}),
      ...(rule.carriesCode ? { commandCode: code } : {}),
    },
    body,
  );
}

/** Prints frames as `decode` does; secrets are masked. */
export async function showFrames(
  frames: readonly Uint8Array[],
  options: {
    readonly format: string;
    readonly color: string | undefined;
    /** `vsr` if absent. */
    readonly framing?: string;
  },
): Promise<void> {
  const io = nodeIo();
  const { format, color, framing = 'vsr' } = options;
  try {
    const output =
      format === 'json' || format === 'ndjson' || format === 'plain' ? format : 'table';
    const text = frames.map((frame) => toHex(frame)).join('');
    await runDecode(decodeRequest({ framing, output, color }, [text], io), io);
  } finally {
    io.dispose();
  }
}
