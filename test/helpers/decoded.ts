import {
  type BadRange,
  Decoder,
  type DecoderOptions,
  type FrameView,
  maskedRanges,
  type PartialView,
} from '../../src/decoder/index.js';
import { JsonBytes, writeFrameJson } from '../../src/render/index.js';

/** The JSON object of a frame; members are looked at by name. */
export interface FrameJson {
  readonly [member: string]: unknown;
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly framing: string;
  readonly direction: string | null;
  readonly time: string | null;
  readonly flow: string | null;
  readonly command: { readonly code: number; readonly name: string };
  readonly header: Readonly<Record<string, unknown>>;
  readonly operation: {
    readonly name: string;
    readonly command: { readonly code: number; readonly name: string } | null;
  } | null;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly body_hex: string;
  readonly checks: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
  readonly latency_us: number | null;
  readonly pair: number | null;
}

export interface Decoded {
  readonly frames: FrameJson[];
  readonly bad: BadRange[];
  readonly partials: PartialView[];
  readonly warnings: string[];
  readonly form: string | undefined;
  readonly counts: Decoder['counts'];
}

const plainOptions: DecoderOptions = {
  ...{ form: 'auto', framing: 'auto', layout: 'current', direction: undefined },
  ...{ ports: () => [8090], verify: true, resync: false, pair: false, filter: undefined },
  ...{ skip: 0, limit: Number.POSITIVE_INFINITY, countOnly: false },
};

export interface DecodeSettings extends Partial<DecoderOptions> {
  /** Sizes of the pieces the input is pushed in, used in turn; all at once if absent. */
  readonly pieces?: readonly number[];
  readonly showSecrets?: boolean;
  readonly onFrame?: (view: FrameView) => void;
}

/** Decodes a whole input and gives everything that came out of it. */
export function decodeAll(input: Uint8Array | string, settings: DecodeSettings = {}): Decoded {
  const { pieces, showSecrets = false, onFrame, ...options } = settings;
  const frames: FrameJson[] = [];
  const bad: BadRange[] = [];
  const partials: PartialView[] = [];
  const warnings: string[] = [];
  const decoder = new Decoder(
    { ...plainOptions, ...options },
    {
      frame: (view) => {
        onFrame?.(view);
        frames.push(jsonOf(view, showSecrets));
      },
      bad: (range) => bad.push(range),
      partial: (partial) => partials.push(partial),
      warn: (message) => warnings.push(message),
    },
  );
  const bytes = typeof input === 'string' ? Buffer.from(input) : input;
  const opened = decoder.open(undefined);
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = pieces === undefined ? bytes.length : (pieces[turn % pieces.length] ?? 1);
    // A copy each time, overwritten afterwards: nothing may be kept without being copied.
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    opened.push(piece);
    piece.fill(0xee);
    at += size;
  }
  opened.end();
  return { frames, bad, partials, warnings, form: opened.form, counts: decoder.counts };
}

/** The JSON of one frame as `decode` writes it. */
function jsonOf(view: FrameView, showSecrets = false): FrameJson {
  const chunks: Buffer[] = [];
  const out = new JsonBytes((chunk) => chunks.push(Buffer.from(chunk)));
  const masked = showSecrets ? [] : maskedRanges(view);
  writeFrameJson(out, view, { masked, showSecrets, only: undefined, fields: undefined });
  out.flush();
  return JSON.parse(Buffer.concat(chunks).toString()) as FrameJson;
}

/** A frame without what says where it came from. */
export function withoutInput(frame: FrameJson): Record<string, unknown> {
  const { input: _, ...rest } = frame;
  return rest;
}
