/** Settings of a topic that say how its partitions store messages; fixed at creation. */
export interface StorageSettings {
  /** Bytes after which a segment is sealed. */
  readonly segmentSize: number;
  readonly enforceFsync: boolean;
  /** Committed messages that are written to the segment together. */
  readonly messagesRequiredToSave: number;
  /** Committed bytes that are written to the segment together. */
  readonly sizeOfMessagesRequiredToSave: number;
  readonly preallocateSegments: boolean;
}

/** Everything a partition needs to know of its topic's settings. */
export interface TopicSettings extends StorageSettings {
  /** Age in microseconds after which a sealed segment goes; 2^64-1 = never. */
  readonly messageExpiry: bigint;
  /** Bytes all partitions of the topic share; 2^64-1 = unlimited. */
  readonly maxTopicSize: bigint;
}

/** The value of an expiry or a size that means "server default". */
export const serverDefault = 0n;
/** The value of an expiry or a size that means "never" or "unlimited". */
export const noLimit = 0xffff_ffff_ffff_ffffn;
