/** Input forms a person can name; `auto` is not one of them. */
export const formNames = [
  ...(['hex', 'xxd', 'hexdump', 'od', 'tcpdump', 'wireshark'] as const),
  ...(['c', 'json', 'base64', 'binary', 'pcap', 'pcapng'] as const),
] as const;

/** The name of an input form. */
export type FormName = (typeof formNames)[number];

/**
 * Which end of a conversation sent some bytes, where the form tells: 0 for the end that spoke
 * first, 1 for the other, undefined where the form does not tell.
 */
export type Side = 0 | 1 | undefined;

/** One packet of a capture, as recorded. */
export interface RawPacket {
  /** The link type of the capture file, or `guess` for text dumps, which do not name it. */
  readonly linkType: number | 'guess';
  /** Microseconds; since the Unix epoch unless `clockOnly`. */
  readonly timeMicros: number | undefined;
  /** True when the form gives only a time of day, so `timeMicros` counts from midnight. */
  readonly clockOnly: boolean;
  /** What was recorded; less than `originalLength` when the capture cut the packet. */
  readonly bytes: Uint8Array;
  readonly originalLength: number;
}

/** Where a form parser puts what it finds. Byte arrays are valid during the call only. */
export interface FormSink {
  bytes(bytes: Uint8Array, side: Side): void;
  packet(packet: RawPacket): void;
  /** The input ends inside a unit of its form (a capture record); `present` bytes are there. */
  cutShort(what: string, present: number, missing: number): void;
  warn(message: string): void;
}

/** Turns one input form into bytes, incrementally. */
export interface FormParser {
  /** @throws INPUT_FORM, INPUT_CAPTURE */
  push(chunk: Uint8Array): void;
  /** No more input will come. @throws INPUT_FORM */
  end(): void;
}
