import { describeDamagedBytes } from './helpers/fuzz.js';
import { describeCodecFuzz } from './helpers/fuzz-codecs.js';

const seed = BigInt(process.env['IGGYCTL_FUZZ_SEED'] ?? Date.now());
describeDamagedBytes(100_000, seed);
describeCodecFuzz(100_000, seed);
