import type { WireError } from '../errors.js';

/** One piece of a decoded byte string and what it means. */
export interface Span {
  /** Names and indexes from the root, such as `topics[2].name`. */
  readonly path: string;
  /** From the start of the annotated bytes. */
  readonly offset: number;
  readonly size: number;
  readonly type: string;
  /** Undefined when the span is composite, whose parts say it all, or not complete. */
  readonly value: unknown;
  readonly doc: string;
  /** True when the spans that follow describe the parts of this one. */
  readonly composite: boolean;
  /** True for values that a view must mask. */
  readonly secret: boolean;
  /** False when reading stopped inside. */
  readonly complete: boolean;
  /** A clearer form of the value, such as the name of an enum value or `unknown(37)`. */
  readonly display?: string;
}

/** Collects spans and recoverable problems while a Reader reads. */
export class Trace {
  readonly spans: Span[] = [];
  readonly issues: WireError[] = [];
  prefix = '';
  secret = false;

  join(name: string): string {
    if (this.prefix === '' || name === '') return `${this.prefix}${name}`;
    return name.startsWith('[') ? `${this.prefix}${name}` : `${this.prefix}.${name}`;
  }
}
