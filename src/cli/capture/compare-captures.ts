import { toHex } from '../../base/index.js';
import { describeFrame, type FrameView } from '../../decoder/index.js';
import { type CaptureChoice, readCapture } from './read-capture.js';

/** A frame by the values of its fields. */
interface FlatFrame {
  readonly summary: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** A field in which two frames differ; `null` where a frame does not have it. */
interface FieldDifference {
  readonly [key: string]: string | null;
  readonly field: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** The first frame in which two captures differ. */
export interface FrameDifference {
  readonly index: number;
  readonly a: string | null;
  readonly b: string | null;
  readonly fields: readonly FieldDifference[];
}

/** Fields that differ between any two runs of the same thing. */
const volatile = /checksum|timestamp|(^|[._])time$|created_at|parent|expiry_at/;

/** Finds the first difference of two captures, frame by frame. @throws CliError */
export async function compareCaptures(
  paths: readonly [string, string],
  choice: CaptureChoice,
  isExact: boolean,
): Promise<FrameDifference | undefined> {
  const [first, second] = [await flatten(paths[0], choice), await flatten(paths[1], choice)];
  const count = Math.max(first.length, second.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [first[index], second[index]];
    const fields = differing(a, b, isExact);
    if (fields.length === 0) continue;
    return { index, a: a?.summary ?? null, b: b?.summary ?? null, fields };
  }
  return undefined;
}

async function flatten(path: string, choice: CaptureChoice): Promise<readonly FlatFrame[]> {
  const frames: FlatFrame[] = [];
  await readCapture(path, choice, {
    frame: (view) => void frames.push(flat(view)),
    note: () => undefined,
  });
  return frames;
}

function flat(view: FrameView): FlatFrame {
  const fields = new Map<string, string>();
  for (const { path, span, secret, isDetail } of describeFrame(view)) {
    if (span.composite || isDetail) continue;
    fields.set(path, secret ? '********' : textOf(span.value));
  }
  const operation = view.operation?.command?.name ?? view.operation?.name ?? '';
  return { summary: `${view.command.name} ${operation}`.trimEnd(), fields };
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function differing(
  a: FlatFrame | undefined,
  b: FlatFrame | undefined,
  isExact: boolean,
): readonly FieldDifference[] {
  const names = new Set([...(a?.fields.keys() ?? []), ...(b?.fields.keys() ?? [])]);
  return [...names].flatMap((field) => {
    if (!isExact && volatile.test(field)) return [];
    const [inA, inB] = [a?.fields.get(field) ?? null, b?.fields.get(field) ?? null];
    return inA === inB ? [] : [{ field, a: inA, b: inB }];
  });
}
