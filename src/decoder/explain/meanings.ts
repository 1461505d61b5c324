import { getU64 } from '../../base/index.js';
import { emptyXxh3, groupLabel, headerSize, type Span } from '../../wire/index.js';
import type { Check, FieldRow, FrameView } from './frame-view.js';

type Note = Partial<Pick<FieldRow, 'meaning' | 'state'>>;

/**
 * What a header field says in this very frame, where that is more than its description.
 * @source Iggy consensus protocol, what a decoder shows
 */
export function headerMeaning(view: FrameView, name: string, span: Span): Note | undefined {
  if (view.family !== 'vsr') return undefined;
  const zero = span.value === 0n || span.value === 0;
  switch (name) {
    case 'checksum':
      return checkNote(view.checks.frame, zero);
    case 'checksum_body':
      return bodyNote(view, zero);
    case 'request_checksum':
      return stampNote(view, zero);
    case 'command':
      return { meaning: view.command.name };
    case 'operation':
      return operationNote(view);
    case 'status':
      return statusNote(view);
    case 'reason':
      return view.reason === undefined ? undefined : { meaning: view.reason.name };
    case 'group':
    case 'namespace':
      return { meaning: typeof span.value === 'bigint' ? groupLabel(span.value) : span.doc };
    case 'reserved_frame':
    case 'reserved':
    case 'reserved_tail':
    case 'operation_padding':
      return span.value === null ? { meaning: 'zero' } : { meaning: 'not zero', state: 'warn' };
    default:
      return extensionNote(view, name, zero) ?? valueNote(view, name, zero);
  }
}

function checkNote(check: Check, zero: boolean): Note | undefined {
  switch (check.verdict) {
    case 'ok':
      return { meaning: 'ok', state: 'ok' };
    case 'unsealed':
      return zero ? { meaning: 'unsealed' } : { meaning: 'not used in this frame' };
    case 'mismatch':
      return { meaning: mismatchText(check), state: 'bad' };
    case 'skipped':
      return { meaning: 'not checked' };
    case 'none':
      return zero ? { meaning: 'not used' } : undefined;
    case 'nonzero':
      return undefined;
  }
}

function mismatchText({ expected }: Check): string {
  return expected === undefined ? 'MISMATCH' : `MISMATCH expected ${hex(expected)}`;
}

/** Checksum fields have 128 bits, of which a hash fills 64. */
function hex(value: bigint): string {
  return `0x${value.toString(16).padStart(value >> 64n === 0n ? 16 : 32, '0')}`;
}

function bodyNote(view: FrameView, zero: boolean): Note | undefined {
  if (view.command.name === 'Request') return { meaning: zero ? 'not used' : 'not zero' };
  const note = checkNote(view.checks.body, zero);
  const isEmpty = view.length === headerSize && getU64(view.bytes, 16) === emptyXxh3;
  return note?.state === 'ok' && isEmpty
    ? { ...note, meaning: 'ok (hash of an empty body)' }
    : note;
}

function stampNote(view: FrameView, zero: boolean): Note | undefined {
  if (view.command.name === 'Request') return checkNote(view.checks.body, zero);
  return { meaning: zero ? 'not given' : 'as the request gave it' };
}

function operationNote(view: FrameView): Note | undefined {
  const { operation } = view;
  if (operation === undefined) return undefined;
  const kind = operation.plane === 'none' ? 'not replicated' : `${operation.plane} plane`;
  return { meaning: `${operation.name}, ${operation.replicated ? kind : 'not replicated'}` };
}

function statusNote(view: FrameView): Note {
  const { status } = view;
  if (status === undefined) return { meaning: 'ok', state: 'ok' };
  const known = !status.name.startsWith('unknown');
  return { meaning: status.name, state: known ? 'bad' : 'warn' };
}

/** Fields that official nodes leave zero. */
const extensions: Readonly<Record<string, string>> = {
  group_incarnation: 'extension: creation revision of the partition',
  offset_floor: 'extension: offsets of a log in memory begin here',
  commit_checksum: 'extension: identity of the prepare at commit',
  origin: 'extension: op of the first login; official nodes refuse this frame',
  consistency: 'extension: linearizable read',
  context: 'extension: watermark + 1 and origin',
};

function extensionNote(view: FrameView, name: string, zero: boolean): Note | undefined {
  const meaning = extensions[name];
  if (meaning === undefined) return undefined;
  if (zero) return { meaning: name === 'commit_checksum' ? 'not given' : 'zero' };
  if (name !== 'commit_checksum') return { meaning, state: 'extension' };
  if (view.header.layout === 'HeartbeatAnswer') return undefined;
  const { verdict } = view.checks.commit;
  if (verdict === 'mismatch') return { meaning: `${meaning}, MISMATCH`, state: 'bad' };
  return { meaning: verdict === 'ok' ? `${meaning}, ok` : meaning, state: 'extension' };
}

function valueNote(view: FrameView, name: string, zero: boolean): Note | undefined {
  if (name === 'command_code' && view.operation?.command !== undefined) {
    return { meaning: view.operation.command.name };
  }
  if (name === 'incarnation' && zero) return { meaning: 'no claim' };
  if (name === 'parent' && zero && view.command.name !== 'PrepareOk') {
    return { meaning: 'start of the log' };
  }
  return undefined;
}

const low64 = 2n ** 64n - 1n;
const journalLost = 1n << 63n;

/**
 * What a 128-bit number is made of in frames of ours. Nothing in a frame tells it from the random
 * number of an official node, so this is only for views that show everything.
 * @source Iggy consensus protocol, nonce of a view probe; extensions between client and server
 */
export function numberParts(name: string, span: Span): string | undefined {
  const { value } = span;
  if (typeof value !== 'bigint' || value === 0n) return undefined;
  const low = value & low64;
  const high = value >> 64n;
  if (name === 'context') return `watermark ${low - 1n}, origin ${high}`;
  if (name !== 'incarnation') return undefined;
  const lost = (low & journalLost) === 0n ? '' : ', journal lost';
  return `probe ${low & (journalLost - 1n)}, boot 0x${high.toString(16)}${lost}`;
}
