/**
 * The ways to cut a byte stream into frames. Only `consensus` is spoken by today's servers; the
 * others are the correlated frames of our own extra listener and those of old releases.
 */
export type FrameFamily =
  /** 256-byte header, size at byte 48. */
  | 'consensus'
  /** 16-byte header with a request id. */
  | 'correlated-request'
  | 'correlated-response'
  /** 8-byte header. */
  | 'legacy-request'
  | 'legacy-response';

/** How to find the end of a frame of one family. */
export interface FamilyLayout {
  /** Where the u32 is that gives the length. */
  readonly lengthAt: number;
  /** What must be added to it for the length of the whole frame. */
  readonly uncounted: number;
  /** No whole frame is shorter. */
  readonly sizeMin: number;
}

export const familyLayouts: Readonly<Record<FrameFamily, FamilyLayout>> = {
  consensus: { lengthAt: 48, uncounted: 0, sizeMin: 256 },
  'correlated-request': { lengthAt: 0, uncounted: 4, sizeMin: 16 },
  'correlated-response': { lengthAt: 4, uncounted: 8, sizeMin: 16 },
  'legacy-request': { lengthAt: 0, uncounted: 4, sizeMin: 8 },
  'legacy-response': { lengthAt: 4, uncounted: 8, sizeMin: 8 },
};

/** The largest frame that any socket takes, header included, unless told otherwise: 64 MiB. */
export const frameSizeMax = 67_108_864;
