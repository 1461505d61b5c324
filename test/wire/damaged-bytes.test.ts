import { describeDamagedBytes } from './helpers/fuzz.js';
import { describeCodecFuzz } from './helpers/fuzz-codecs.js';

// New bytes in every run, so that a blind spot of one seed does not stay one.
const seed = BigInt(Date.now());
describeDamagedBytes(1500, seed);
describeCodecFuzz(300, seed);
