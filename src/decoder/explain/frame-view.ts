import type { Codec, Span } from '../../wire/index.js';
import type { FormName } from '../forms/form.js';
import type { Direction, Family } from '../framing/family.js';

/** A number of the protocol together with its name. */
export interface NamedCode {
  readonly code: number;
  readonly name: string;
}

/** What a frame asks for, or answers. */
export interface OperationView extends NamedCode {
  readonly plane: 'metadata' | 'partition' | 'none';
  readonly replicated: boolean;
  /** The command, where the frame or its request tells. */
  readonly command: NamedCode | undefined;
}

/** Where a frame came from. */
export interface FrameSource {
  readonly form: FormName;
  /** As given on the command line; undefined for arguments and standard input. */
  readonly file: string | undefined;
  /** The connection, where the form tells connections apart. */
  readonly flow: string | undefined;
  /** True when times count from midnight of an unknown day. */
  readonly clockOnly: boolean;
}

/** The outcome of comparing a checksum, or of looking at bytes that should be zero. */
export type Verdict = 'ok' | 'unsealed' | 'mismatch' | 'skipped' | 'nonzero' | 'none';

/** One check of a frame; both values are there on a mismatch. */
export interface Check {
  readonly verdict: Verdict;
  readonly expected?: bigint | undefined;
  readonly found?: bigint | undefined;
}

/** All checks of a frame. */
export interface Checks {
  /** The seal, or the identity of a prepare. */
  readonly frame: Check;
  /** The body checksum; of a request, its stamp. */
  readonly body: Check;
  readonly reserved: Check;
  /** Batch and message checksums of a body that holds messages. */
  readonly batch: Check;
  /** What a heartbeat says about the prepare at its commit point, if the input has that prepare. */
  readonly commit: Check;
}

/** The header of a frame as a description and the bytes it describes. */
export interface HeaderView {
  /** Name of the layout. */
  readonly layout: string;
  readonly codec: Codec<unknown>;
  readonly size: number;
}

/** A part of a body and how it is encoded. */
export interface BodyPart {
  readonly codec: Codec<unknown>;
  /** From the start of the frame. */
  readonly start: number;
  readonly end: number;
}

/** One entry of a result section. */
export interface ResultEntry {
  readonly index: number;
  readonly result: number;
  readonly name: string;
}

/** What a body holds. */
export interface BodyView {
  /** Name of the structure; `bytes` when it is not known. */
  readonly layout: string;
  /** From the start of the frame. */
  readonly start: number;
  readonly end: number;
  /** The parts that describe the body; empty when it is not known. */
  readonly parts: readonly BodyPart[];
  /** The decoded payload; undefined when there is none or it cannot be decoded. */
  readonly value: unknown;
  /** Names of members whose values must be masked. */
  readonly secretKeys: ReadonlySet<string>;
  /** True when no byte may be shown, since secrets cannot be told from the rest. */
  readonly hidden: boolean;
  /** The result section, where the reply has one. */
  readonly results: readonly ResultEntry[] | undefined;
  /** Says why there is no value. */
  readonly note: string | undefined;
}

/** A reading of the same bytes under another framing. */
export interface Reading {
  readonly family: Family;
  readonly command: NamedCode;
  readonly requestId: bigint | undefined;
  readonly bodySize: number;
}

/** Ties a request to its reply. */
export interface PairView {
  /** Index of the request, for both. */
  readonly request: number;
  /** Microseconds from request to reply, on the reply and when both times are known. */
  readonly latencyMicros: number | undefined;
}

/** Everything that is known about one frame. Byte positions count from its start. */
export interface FrameView {
  readonly index: number;
  readonly source: FrameSource;
  /** Position in its stream. */
  readonly offset: number;
  /** Declared length, bytes. */
  readonly length: number;
  /** What is there of it; valid only while the frame is being handled. */
  readonly bytes: Uint8Array;
  readonly family: Family;
  readonly direction: Direction | undefined;
  readonly timeMicros: number | undefined;
  readonly command: NamedCode;
  readonly operation: OperationView | undefined;
  /** The status of a reply when it is not 0. */
  readonly status: NamedCode | undefined;
  /** The reason of an eviction. */
  readonly reason: NamedCode | undefined;
  readonly header: HeaderView;
  readonly body: BodyView;
  readonly checks: Checks;
  readonly warnings: readonly string[];
  /** What makes the frame malformed. */
  readonly problems: readonly string[];
  readonly readings: readonly Reading[];
  readonly pair: PairView | undefined;
}

/** A line of a field table: a span of the frame, what it holds and what that means. */
export interface FieldRow {
  /** Name from the root of its part, with `body.` in front for the body. */
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly span: Span;
  /** From the start of the frame. */
  readonly offset: number;
  readonly size: number;
  /** What a number measures, for a human form beside it. */
  readonly unit: Unit | undefined;
  /** Explains the value. */
  readonly meaning: string;
  /** A verdict worth a colour. */
  readonly state: 'ok' | 'warn' | 'bad' | 'extension' | undefined;
  readonly secret: boolean;
  /** Part of something that another row shows as a whole; only a hexdump needs it. */
  readonly isDetail: boolean;
  /** Shows a whole whose details follow. */
  readonly isWhole: boolean;
  /** What a number is made of, for views with room for it. */
  readonly parts: string | undefined;
}

/** What a number measures. */
export type Unit = 'time' | 'bytes' | 'duration' | 'group' | 'id' | 'checksum';
