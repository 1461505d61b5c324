import { getU64 } from '../base/index.js';
import type { CallReply } from '../session/index.js';
import { formatEndpoint, namedView } from '../session/index.js';

/** A successful answer as it came, for tools. */
export interface RawReply {
  /** Body without the result section. */
  readonly payload: Uint8Array;
  /** The whole frame; absent on correlated connections. */
  readonly frame: Uint8Array | undefined;
  /** Number the request had. */
  readonly request: bigint | undefined;
  readonly session: bigint | undefined;
  /** Node that answered, `host:port`. */
  readonly node: string;
  /** Op of the committed request; reads give a position of their own. */
  readonly op: bigint | undefined;
  readonly commit: bigint | undefined;
  /** View in which it was committed; absent where replies do not tell, as those of reads. */
  readonly view: number | undefined;
  /** How often the request was sent again. */
  readonly retries: number;
  /** It had been applied before, and its reply (without payload) is gone. */
  readonly alreadyApplied: boolean;
}

const at = { op: 176, commit: 184 } as const;

export function rawReply({ payload, frame, report, alreadyApplied }: CallReply): RawReply {
  return {
    payload,
    frame,
    request: report.request,
    session: report.session,
    node: report.endpoint === undefined ? '' : formatEndpoint(report.endpoint),
    op: frame && getU64(frame, at.op),
    commit: frame && getU64(frame, at.commit),
    view: frame && namedView(frame),
    retries: report.retries,
    alreadyApplied,
  };
}
