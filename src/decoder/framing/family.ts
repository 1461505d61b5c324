/**
 * How the bytes of a stream are divided into frames: `vsr` has the 256-byte consensus header;
 * `request` and `response` the 16-byte correlated one; the `legacy` pair the 8-byte one.
 */
export type Family = 'vsr' | 'request' | 'response' | 'legacy_request' | 'legacy_response';

/** What a person can ask for. */
export type FramingChoice = 'auto' | 'vsr' | 'request' | 'response';

/** Who sent a frame. */
export type Direction = 'client' | 'server' | 'replica';

/** Largest frame on any socket, header included. @source Iggy consensus protocol, limits */
export const largestFrame = 67_108_864;

/** Bytes of the header of each family. */
export const headerSizes: { readonly [F in Family]: number } = {
  ...{ vsr: 256, request: 16, response: 16, legacy_request: 8, legacy_response: 8 },
};

/** One complete frame as it was cut out of a stream. */
export interface CutFrame {
  /** Valid during the call only. */
  readonly bytes: Uint8Array;
  /** Position in the stream. */
  readonly offset: number;
  readonly family: Family;
  /** When its last byte was captured. */
  readonly timeMicros: number | undefined;
  /** Other families that explain the same bytes as well. */
  readonly alternatives: readonly Family[];
}

/** Bytes that are not a good frame. */
export interface BadBytes {
  readonly offset: number;
  readonly length: number;
  /** For people; a clause without a capital or full stop. */
  readonly reason: string;
  /** The header, when there is one worth showing. */
  readonly header: Uint8Array | undefined;
  readonly family: Family | undefined;
  readonly timeMicros: number | undefined;
}

/** The start of a frame whose end is not in the input. */
export interface PartialFrame {
  /** Valid during the call only. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly family: Family | undefined;
  /** Bytes missing at least, under each family that is possible. */
  readonly missing: readonly { readonly family: Family; readonly bytes: number }[];
  readonly timeMicros: number | undefined;
}

/** Where a lane puts what it finds. */
export interface LaneSink {
  frame(frame: CutFrame): void;
  bad(bad: BadBytes): void;
  partial(partial: PartialFrame): void;
  warn(message: string): void;
}

/** How lanes of one input divide their bytes. */
export interface LaneOptions {
  readonly framing: FramingChoice;
  /** What the lane carries, where that is known beforehand. */
  readonly direction: Direction | undefined;
  /** Layout of consensus headers; checks of today's layout are left out for the origin's. */
  readonly layout: 'current' | 'origin';
  readonly verify: boolean;
  /** Look for the next header after bytes that are no frame. */
  readonly resync: boolean;
  /** The lane is one direction of a captured connection, which may begin anywhere. */
  readonly captured: boolean;
}
