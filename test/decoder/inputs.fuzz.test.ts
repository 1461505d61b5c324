import { describeInputFuzz } from './helpers/fuzz-inputs.js';

describeInputFuzz(100_000, BigInt(process.env['IGGYCTL_FUZZ_SEED'] ?? Date.now()));
