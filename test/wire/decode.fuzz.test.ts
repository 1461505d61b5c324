import { describeDamagedBytes } from './helpers/fuzz.js';

const seed = process.env['IGGYCTL_FUZZ_SEED'];
describeDamagedBytes(100_000, BigInt(seed ?? Date.now()));
