import { headerSize } from '../../wire/index.js';
import { Carry } from './carry.js';
import { plainSize } from './chain.js';
import { detectFamily } from './detect.js';
import { type Family, headerSizes, type LaneOptions, type LaneSink } from './family.js';
import {
  declaredSize,
  findHeader,
  hasHeaderShape,
  isConvincing,
  isFrameSize,
  mayBecomeHeader,
} from './plausible.js';
import { TimeMarks } from './time-marks.js';

/** `detect` the framing, cut frames while `framed`, look for a header (`search`), or give up. */
type Mode = 'detect' | 'framed' | 'search' | 'lost';

interface Failure {
  readonly offset: number;
  readonly reason: string;
  readonly header: Uint8Array | undefined;
}

/**
 * One stream of bytes in one direction, cut into frames as they arrive. Where a length makes no
 * sense, a captured stream and one with `resync` go on at the next header that can be found; any
 * other gives up, since nothing says where the next frame begins.
 */
export class Lane {
  readonly #sink: LaneSink;
  readonly #options: LaneOptions;
  readonly #carry = new Carry();
  readonly #marks = new TimeMarks();
  #mode: Mode = 'detect';
  #family: Family | undefined;
  #alternatives: readonly Family[] = [];
  /** Position in the stream of the first byte that was not used yet. */
  #base = 0;
  /** Bytes of a damaged frame that are passed over. */
  #skip = 0;
  /** Why and where a search began; undefined when a capture began in the middle of a stream. */
  #failure: Failure | undefined;
  #searchFrom = 0;

  constructor(sink: LaneSink, options: LaneOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** Bytes held back. */
  get held(): number {
    return this.#carry.length;
  }

  get family(): Family | undefined {
    return this.#family;
  }

  push(chunk: Uint8Array, timeMicros: number | undefined): void {
    let at = Math.min(this.#skip, chunk.length);
    this.#skip -= at;
    this.#base += at;
    this.#marks.add(this.#base + this.#carry.length + chunk.length - at, timeMicros);
    while (at < chunk.length) {
      if (this.#carry.length === 0) {
        const rest = at === 0 ? chunk : chunk.subarray(at);
        this.#carry.append(rest, this.#use(rest, false), rest.length);
        return;
      }
      const take = Math.min(this.#wanted(), chunk.length - at);
      this.#carry.append(chunk, at, at + take);
      at += take;
      this.#useCarry(false);
    }
  }

  /** Nothing came for a while: decides with what is there. */
  idle(): void {
    if (this.#mode !== 'detect' || this.#carry.length === 0) return;
    if (this.#decide(this.#carry.bytes, true)) this.#useCarry(false);
  }

  /** So many bytes of the stream are missing here. */
  gap(missing: number): void {
    if (this.#mode === 'detect' && this.#carry.length > 0) this.#useCarry(true);
    const held = this.#carry.length;
    const rest = this.#skip > 0 ? this.#skip : this.#damage(missing);
    this.#skip = Math.max(0, rest - missing);
    this.#carry.drop(held);
    this.#base += held + (Number.isFinite(missing) ? missing : 0);
    if (rest >= missing) return;
    this.#mode = this.#family === undefined || this.#family === 'vsr' ? 'search' : 'lost';
    this.#searchFrom = this.#base;
  }

  end(): void {
    if (this.#carry.length > 0) this.#useCarry(true);
    const held = this.#carry.length;
    if (this.#mode === 'search') this.#foundAt(this.#base + held);
    else if (this.#mode === 'lost' && this.#base > this.#searchFrom) {
      const count = this.#base - this.#searchFrom;
      this.#sink.warn(`${count} bytes after it cannot be divided into frames; try --resync`);
    } else if (held > 0) this.#partial(this.#carry.bytes);
    this.#carry.drop(held);
  }

  /** Bytes to append before another look is worth it. */
  #wanted(): number {
    const held = this.#carry.length;
    if (this.#mode !== 'framed') return Number.POSITIVE_INFINITY;
    const family = this.#family ?? 'vsr';
    if (held < headerSizes[family]) return headerSizes[family] - held;
    const size = frameSize(family, this.#carry.bytes, 0);
    if (size < 0) return 1;
    return Math.max(1, size + (this.#checksNext(family) ? headerSize : 0) - held);
  }

  #useCarry(final: boolean): void {
    this.#carry.drop(this.#use(this.#carry.bytes, final));
  }

  /** Uses as many of `bytes` as possible and says how many. */
  #use(bytes: Uint8Array, final: boolean): number {
    let at = 0;
    const from = this.#base;
    for (;;) {
      const mode = this.#mode;
      if (mode === 'detect' && !this.#decide(bytes, final)) break;
      if (mode === 'framed') at = this.#cut(bytes, at, final);
      if (mode === 'search') at = this.#seek(bytes, at);
      if (mode === 'lost') at = bytes.length;
      this.#base = from + at;
      if (this.#mode === mode) break;
    }
    return at;
  }

  #decide(bytes: Uint8Array, final: boolean): boolean {
    const decision = detectFamily(bytes, final, this.#options);
    if (decision.kind === 'wait') return false;
    if (decision.kind === 'family') {
      this.#mode = 'framed';
      this.#family = decision.family;
      this.#alternatives = decision.alternatives;
      return true;
    }
    // Too short to say anything: the end of the input will report what would be missing.
    if (bytes.length < headerSize && !this.#options.captured) return false;
    const { captured, resync } = this.#options;
    this.#searchFrom = this.#base;
    this.#mode = captured || resync ? 'search' : 'lost';
    if (!captured) this.#fail(this.#base, 'no known framing fits', undefined);
    return true;
  }

  #checksNext(family: Family): boolean {
    return this.#options.resync && family === 'vsr';
  }

  /** Cuts frames from `bytes[start..]`; returns where it stopped. */
  #cut(bytes: Uint8Array, start: number, final: boolean): number {
    const family = this.#family ?? 'vsr';
    if (this.#checksNext(family)) return this.#cutChecked(bytes, start, final);
    const from = this.#base - start;
    const needed = headerSizes[family];
    let at = start;
    while (bytes.length - at >= needed) {
      const size = frameSize(family, bytes, at);
      if (size < 0) {
        this.#fail(from + at, sizeProblem(family, bytes, at), bytes.slice(at, at + needed));
        this.#mode = family === 'vsr' && this.#options.captured ? 'search' : 'lost';
        this.#searchFrom = from + at + (this.#mode === 'search' ? 1 : needed);
        return this.#mode === 'search' ? at : at + needed;
      }
      if (size > bytes.length - at) break;
      this.#frame(bytes.subarray(at, at + size), from + at);
      at += size;
    }
    return at;
  }

  /** As {@link #cut}, but trusts a length only when a header, or the end, follows. */
  #cutChecked(bytes: Uint8Array, start: number, final: boolean): number {
    const from = this.#base - start;
    const { verify } = this.#options;
    let at = start;
    for (;;) {
      const left = bytes.length - at;
      if (left < headerSize) return at;
      const shaped = hasHeaderShape(bytes, at);
      const size = shaped ? declaredSize(bytes, at) : 0;
      if (shaped && !final && left < size + headerSize) return at;
      const next = Math.min(at + size, bytes.length);
      const follows = bytes.length - next;
      const isNextGood = left >= size && isBoundary(bytes, next, follows, verify);
      const found = shaped && !isNextGood ? findHeader(bytes, at + 1, bytes.length, verify) : -1;
      const inside = found < next ? found : -1;
      const crosses = inside >= 0 && (left < size || reachesBeyond(bytes, inside, next));
      if (!shaped || crosses) {
        const reason = shaped ? 'its length does not lead to a header' : 'this is no header';
        this.#fail(from + at, reason, bytes.slice(at, at + headerSize));
        this.#mode = 'search';
        this.#searchFrom = from + at + 1;
        return at;
      }
      if (left < size) return at;
      this.#frame(bytes.subarray(at, next), from + at);
      at = next;
    }
  }

  #seek(bytes: Uint8Array, start: number): number {
    const from = this.#base - start;
    const first = Math.max(start, this.#searchFrom - from);
    const found = findHeader(bytes, first, bytes.length, this.#options.verify);
    if (found < 0) {
      const next = Math.max(start, bytes.length - headerSize + 1);
      this.#searchFrom = Math.max(this.#searchFrom, from + next);
      // The bytes of the failed header itself stay until they are passed.
      return next;
    }
    this.#foundAt(from + found);
    this.#family = 'vsr';
    this.#mode = 'framed';
    return found;
  }

  /** A search ended at stream position `offset`: reports what it passed over. */
  #foundAt(offset: number): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) {
      const { header, reason } = failure;
      const length = offset - failure.offset;
      const timeMicros = this.#marks.latest(failure.offset, offset);
      const family = this.#family;
      this.#sink.bad({ offset: failure.offset, length, reason, header, family, timeMicros });
    } else if (offset > 0) {
      this.#sink.warn(`no frame begins in the bytes before ${offset} of this stream`);
    }
  }

  /** Reports what is wrong, at once or when a search shows how far it goes. */
  #fail(offset: number, reason: string, header: Uint8Array | undefined): void {
    this.#failure = { offset, reason, header };
    if (this.#options.resync || this.#options.captured) return;
    const timeMicros = this.#marks.latest(offset, offset + 1);
    const length = header?.length ?? 0;
    this.#sink.bad({ offset, length, reason, header, family: this.#family, timeMicros });
    this.#searchFrom = offset + length;
  }

  /** A frame is broken by missing bytes: reports it and says how much of it was still to come. */
  #damage(missing: number): number {
    const bytes = this.#carry.bytes;
    if (this.#mode !== 'framed' || bytes.length === 0) {
      if (this.#mode === 'framed') this.#sink.warn(`${missing} bytes are not in the capture`);
      return 0;
    }
    const family = this.#family ?? 'vsr';
    const isWhole = bytes.length >= headerSizes[family];
    const size = isWhole ? frameSize(family, bytes, 0) : -1;
    const rest = Math.max(0, size - bytes.length);
    const reason = `${Math.min(missing, rest || missing)} bytes of it are not in the capture`;
    const header = isWhole ? bytes.slice(0, headerSizes[family]) : undefined;
    const timeMicros = this.#marks.latest(this.#base, this.#base + bytes.length);
    const length = Math.max(size, bytes.length);
    this.#sink.bad({ offset: this.#base, length, reason, header, family, timeMicros });
    return rest;
  }

  #frame(bytes: Uint8Array, offset: number): void {
    this.#sink.frame({
      bytes,
      offset,
      family: this.#family ?? 'vsr',
      timeMicros: this.#marks.latest(offset, offset + bytes.length),
      alternatives: this.#alternatives,
    });
  }

  #partial(bytes: Uint8Array): void {
    const timeMicros = this.#marks.latest(this.#base, this.#base + bytes.length);
    const families: readonly Family[] =
      this.#family === undefined ? candidateFamilies(bytes) : [this.#family];
    const missing = families.map((family) => ({
      family,
      bytes: missingBytes(family, bytes),
    }));
    const family = this.#family ?? (missing.length === 1 ? missing[0]?.family : undefined);
    this.#sink.partial({ bytes, offset: this.#base, family, missing, timeMicros });
  }
}

function frameSize(family: Family, bytes: Uint8Array, at: number): number {
  if (family === 'vsr') {
    const size = declaredSize(bytes, at);
    return isFrameSize(size) ? size : -1;
  }
  const isRequest = family === 'request' || family === 'legacy_request';
  const size = plainSize(isRequest ? 'request' : 'response', bytes, at);
  return size < headerSizes[family] ? -1 : size;
}

function sizeProblem(family: Family, bytes: Uint8Array, at: number): string {
  if (family === 'vsr') return `a frame cannot have ${declaredSize(bytes, at)} bytes`;
  return 'its length field is too small or too large';
}

/** True where a frame can end: at the end of everything, or in front of a convincing header. */
function isBoundary(bytes: Uint8Array, at: number, follows: number, verify: boolean): boolean {
  if (follows < headerSize) return follows === 0;
  return hasHeaderShape(bytes, at) && isConvincing(bytes, at, verify);
}

/** Follows lengths from a header inside a frame: true when they lead past the frame's end. */
function reachesBeyond(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if (at + headerSize > bytes.length) return true;
    if (!hasHeaderShape(bytes, at)) return false;
    at += declaredSize(bytes, at);
  }
  return at > end;
}

/** What the start of a frame, too short to tell, may be the start of. */
function candidateFamilies(bytes: Uint8Array): readonly Family[] {
  const families: Family[] = mayBecomeHeader(bytes, 0, bytes.length) ? ['vsr'] : [];
  for (const family of ['request', 'response'] as const) {
    if (bytes.length < 8 || plainSize(family, bytes, 0) > bytes.length) families.push(family);
  }
  return families;
}

function missingBytes(family: Family, bytes: Uint8Array): number {
  const atLeast = headerSizes[family] - bytes.length;
  const known = family === 'vsr' ? 52 : 8;
  if (bytes.length < known) return Math.max(1, atLeast);
  const size = frameSize(family, bytes, 0);
  return Math.max(1, size < 0 ? atLeast : size - bytes.length);
}
